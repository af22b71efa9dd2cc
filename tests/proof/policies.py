"""The default policy as the proofs need it: everybody at work, and room for every lead."""

import io
from copy import deepcopy
from typing import Any

from ruamel.yaml import YAML

from agents.demo.policy import around_the_clock, default_policy, with_room

OPEN_LIMIT = 10_000


def roomy() -> str:
    """Everybody at work at all hours, and nobody full before 10 000 open leads."""
    return with_room(around_the_clock(default_policy()), OPEN_LIMIT)


def impatient() -> str:
    """Like `roomy`, with two seconds of calendar time to answer a lead."""
    contact = {"target": "2s", "target_high": "2s", "clock": "calendar"}
    return _with_teams({"contact": contact})


def without_territories() -> str:
    """Like `roomy`, and what nobody owns goes round."""
    return _with_teams({"tiers": ["account", "named_account", "round_robin"]})


def _with_teams(settings: dict[str, Any]) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    document: dict[str, Any] = yaml.load(roomy())
    for team in document["teams"].values():
        team.update(deepcopy(settings))  # written out: the policy takes no aliases
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()
