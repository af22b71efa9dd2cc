"""Made-up leads as the conditions of a policy ask for them, read from the conditions' text.

What a condition compares with a number, a text or a list, or asks as a truth, is tried; a pattern
of `matches` is not. So what these leads show is so, but they need not show everything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from streams.policy.compiled import Policy
from streams.policy.conditions import ROUTING
from streams.rules import desk as desk_rule
from streams.rules.team import team_for

Facts = Mapping[str, Any]
_PLACES = frozenset({"country", "state", "city", "postal_code", "sales_region"})
_MOST_SAMPLES = 128
_QUOTED = re.compile(r"""["']([^"'\\]*)["']""")
_EQUAL = re.compile(r"""\b([a-z_]+)\s*[=!]=\s*(["'][^"'\\]*["'])""")
_LISTED = re.compile(r"\b([a-z_]+)\s+in\s*\[([^\]]*)\]")
_COMPARED = re.compile(r"\b([a-z_]+)\s*([<>]=?|[=!]=)\s*(-?\d+(?:\.\d+)?)")
_WORD = re.compile(r"\b[a-z_]+\b")


def samples(conditions: Iterable[str], countries: Sequence[str]) -> Iterator[Facts]:
    """Leads of whom only the country is known, or not even that; then what each condition asks for.

    The more conditions there are, the fewer leads are made up for each, and from the countries
    alone that it names, so that a long policy is looked at in seconds.
    """
    texts = list(conditions)
    most = max(1, _MOST_SAMPLES // max(1, len(texts)))
    yield from _from({}, countries)
    for condition in texts:
        asked = _asked(condition).items()
        mixed = product(*([(name, value) for value in values] for name, values in asked))
        for facts in islice(mixed, most):
            yield from _from(dict(facts), _named(condition, countries))


def _from(facts: Facts, countries: Iterable[str]) -> Iterator[Facts]:
    yield facts
    yield from ({**facts, "country": country} for country in countries)


def _named(condition: str, countries: Sequence[str]) -> Sequence[str]:
    """The countries that a condition names; all where it names none, or says which it does not."""
    words = set(_QUOTED.findall(condition))
    named = [country for country in countries if country in words]
    return countries if not named or "!" in condition else named


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
    for name, operator, number in _COMPARED.findall(condition):
        value = float(number) if ROUTING.get(name) == "number" else int(float(number))
        steps = {">": (1, 0, -1), "<": (-1, 0, 1)}.get(operator, (0, 1, -1))
        yield from ((name, value + step) for step in steps)
    for name in dict.fromkeys(_WORD.findall(condition)):
        if ROUTING.get(name) == "truth":
            yield from ((name, truth) for truth in (True, False))
