"""The default policy as the proofs need it: everybody at work, and room for every lead."""

import io
from typing import Any

from ruamel.yaml import YAML

from agents.demo.policy import around_the_clock, default_policy

OPEN_LIMIT = 10_000


def roomy() -> str:
    """Everybody at work at all hours, and nobody full before 10 000 open leads."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    document: dict[str, Any] = yaml.load(around_the_clock(default_policy()))
    for section in ("teams", "reps"):
        for entry in document[section].values():
            entry["open_limit"] = entry["daily_limit"] = OPEN_LIMIT
            entry.pop("caps", None)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def impatient() -> str:
    """Like `roomy`, with two seconds of calendar time to answer a lead."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    document: dict[str, Any] = yaml.load(roomy())
    for team in document["teams"].values():
        team["contact"] = {"target": "2s", "target_high": "2s", "clock": "calendar"}
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()
