"""Made-up leads as the conditions of a policy ask for them, read from the conditions' text.

What a condition compares with a number, a text or a list, or asks as a truth, is tried; a pattern
of `matches` is not. So what these leads show is so, but they need not show everything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any

from streams.policy.compiled import Policy
from streams.policy.conditions import ROUTING
from streams.rules import desk as desk_rule
from streams.rules.team import team_for

Facts = Mapping[str, Any]
_PLACES = frozenset({"country", "state", "city", "postal_code"})
_MOST_SAMPLES = 16
_QUOTED = re.compile(r"""["']([^"'\\]*)["']""")
_EQUAL = re.compile(r"""\b([a-z_]+)\s*[=!]=\s*(["'][^"'\\]*["'])""")
_LISTED = re.compile(r"\b([a-z_]+)\s+in\s*\[([^\]]*)\]")
_COMPARED = re.compile(r"\b([a-z_]+)\s*(?:[<>]=?|[=!]=)\s*(-?\d+(?:\.\d+)?)")
_WORD = re.compile(r"\b[a-z_]+\b")


def samples(conditions: Iterable[str]) -> list[Facts]:
    """Facts about leads: first nothing at all, then what each condition asks for; each once.

    Without where they are from: that is for the caller to say.
    """
    found: dict[tuple[tuple[str, Any], ...], None] = {(): None}
    for condition in conditions:
        asked = _asked(condition).items()
        mixed = product(*([(name, value) for value in values] for name, values in asked))
        found |= dict.fromkeys(islice(mixed, _MOST_SAMPLES))
    return [dict(facts) for facts in found]


def team_of(policy: Policy, facts: Facts) -> str:
    """The team that the policy's rules give a lead without an owner."""
    document, known = policy.document, policy.routing_facts(facts)

    def holds(condition: str) -> bool:
        return policy.holds(condition, known)

    desks = [(name, desk.when) for name, desk in document.desks.items()]
    chosen = desk_rule.chosen(None, desks, holds, document.default_desk)
    return team_for(document.desks[chosen], (), holds)


def _asked(condition: str) -> dict[str, list[Any]]:
    """Values worth trying for each fact that a condition names."""
    asked: dict[str, dict[Any, None]] = {}
    for name, value in _compared(condition):
        if name in ROUTING and name not in _PLACES:
            asked.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in asked.items()}


def _compared(condition: str) -> Iterator[tuple[str, Any]]:
    for name, quoted in (*_EQUAL.findall(condition), *_LISTED.findall(condition)):
        yield from ((name, value) for value in _QUOTED.findall(quoted))
    for name, number in _COMPARED.findall(condition):
        value = float(number) if ROUTING.get(name) == "number" else int(float(number))
        yield from ((name, near) for near in (value, value + 1, value - 1))
    for name in dict.fromkeys(_WORD.findall(condition)):
        if ROUTING.get(name) == "truth":
            yield from ((name, truth) for truth in (True, False))
