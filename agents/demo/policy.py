"""The default policy with everybody at work: a demo must not depend on the hour it is run."""

import io
from importlib import resources
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ALWAYS = {
    "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "begin": "00:00",
    "end": "24:00",
}


def default_policy() -> str:
    """The text of the default policy: the checkout's, else the one inside the wheel."""
    checkout = Path(__file__).resolve().parents[2] / "deploy" / "policies" / "default.yaml"
    if checkout.is_file():
        return checkout.read_text()
    return resources.files("agents").joinpath("policies", "default.yaml").read_text()


def around_the_clock(text: str) -> str:
    """The policy with every team and rep on duty at all hours, holidays included."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    for team in document["teams"].values():
        team["hours"] = {**ALWAYS, "days": list(ALWAYS["days"])}
        team.pop("holidays", None)
    for rep in document["reps"].values():
        for key in ("hours", "holidays", "days_off"):
            rep.pop(key, None)
    return _text(document)


def with_room(text: str, leads: int) -> str:
    """The policy under which no rep is full, or has had enough for a day, before so many leads."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    for section in ("teams", "reps"):
        for entry in document[section].values():
            entry["open_limit"] = entry["daily_limit"] = leads
            entry.pop("caps", None)
    return _text(document)


def _text(document: dict[str, Any]) -> str:
    yaml, out = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style = False
    yaml.dump(document, out)
    return out.getvalue()
