"""A small policy for tests: two teams, four reps, one desk; single sections can be replaced."""

import json
from typing import Any

from streams.policy.compiled import Policy, compile_policy

_ROUND_THE_CLOCK = {
    "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "begin": "00:00",
    "end": "24:00",
}
BASE: dict[str, Any] = {
    "name": "small",
    "default_desk": "main",
    "desks": {
        "main": {
            "teams": ["inside", "field"],
            "default_team": "inside",
            "team_rules": [{"when": "employees >= 500", "team": "field"}],
            "pools": [
                {"pool": "hot", "when": "score >= 80"},
                {"pool": "warm", "when": "score >= 50"},
                {"pool": "cold", "when": "score < 50"},
            ],
            "fallback_pool": "warm",
        }
    },
    "teams": {
        "inside": {"manager": "ann", "zone": "UTC", "hours": _ROUND_THE_CLOCK},
        "field": {"manager": "eve", "zone": "UTC", "hours": _ROUND_THE_CLOCK},
    },
    "reps": {
        "ann": {"team": "inside"},
        "bob": {"team": "inside"},
        "cay": {"team": "inside"},
        "eve": {"team": "field"},
    },
    "scoring": {
        "attributes": [
            {"rule": "big_company", "when": "employees >= 100", "points": 20},
            {"rule": "decides", "when": 'title.matches("(?i)chief|head")', "points": 15},
            {"rule": "free_mail", "when": "free_mail", "points": -5},
        ],
        "behaviour": {
            "pricing_view": {"points": 10, "most": 30},
            "email_open": {"points": 1, "most": 5},
            "unsubscribed": {"points": -20, "most": 20},
        },
        "source_points": {"demo_request": 50, "pricing_inquiry": 40, "web_form": 10},
    },
}


def text(**overrides: Any) -> str:
    """The document as YAML (JSON is YAML); mappings given are merged into the base, deep."""
    return json.dumps(_merged(BASE, overrides))


def policy(version: int = 1, **overrides: Any) -> Policy:
    """The compiled policy; `policy(scoring={"most": 50})` replaces one number of one section.

    A value of None removes its key. Raises what `compile_policy` raises.
    """
    return compile_policy(text(**overrides), version)


def _merged(base: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in overrides.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged
