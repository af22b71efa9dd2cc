"""The default policy as the proofs need it: everybody at work, and room for every lead."""

import io
from typing import Any

from ruamel.yaml import YAML

from agents.demo.policy import around_the_clock, default_policy, with_room

OPEN_LIMIT = 10_000


def roomy() -> str:
    """Everybody at work at all hours, and nobody full before 10 000 open leads."""
    return with_room(around_the_clock(default_policy()), OPEN_LIMIT)


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
