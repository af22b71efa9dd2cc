"""Which territory a lead is in, found by trying every one: shares no code with the router's index.

Reads the policy as JSON. A part of `tests.verifier`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

Facts = Mapping[str, Any]
"""country, state, city, postal_code, industry and employees of a lead; None or absent: unknown."""
Rank = tuple[Any, ...]
"""How specific a match is: the smaller, the more."""

POSTAL, CITY, AREA, STATE, COUNTRY, REGION, ANYWHERE = range(7)


def territory_of(facts: Facts, policy: Mapping[str, Any], team: str) -> str | None:
    """The name of the team's territory that fits best, None where none fits."""
    ranked: list[tuple[Rank, int, str]] = []
    for index, territory in enumerate(policy["teams"][team].get("territories", [])):
        place = min(_places(facts, policy, territory), default=None)
        industry = _industry(facts, territory)
        size = _size(facts, territory)
        if place is not None and industry is not None and size is not None:
            ranked.append(((place, industry, size), index, territory["territory"]))
    return min(ranked)[2] if ranked else None


def _places(
    facts: Facts, policy: Mapping[str, Any], territory: Mapping[str, Any]
) -> Iterator[Rank]:
    regions = policy.get("regions", {})
    named = territory.get("regions", [])
    for index, (name, area) in enumerate(policy.get("metropolitan_areas", {}).items()):
        if name in territory.get("metropolitan_areas", []):
            around = area.get("states") or area.get("countries", [])
            yield from ((AREA, rank, index) for rank in _small(facts, area, around))
    if territory.get("cities") or territory.get("postal_prefixes"):
        inside = [country for name in named for country in regions[name]]
        around = territory.get("states") or [*territory.get("countries", []), *inside]
        yield from _small(facts, territory, around)
    else:
        yield from _large(facts, regions, territory)


def _large(
    facts: Facts, regions: Mapping[str, Sequence[str]], territory: Mapping[str, Any]
) -> Iterator[Rank]:
    """Matches of whole states, countries and regions, or of a territory that is everywhere."""
    if facts.get("state") in territory.get("states", []):
        yield (STATE,)
    if facts.get("country") in territory.get("countries", []):
        yield (COUNTRY,)
    for index, (name, countries) in enumerate(regions.items()):
        if name in territory.get("regions", []) and facts.get("country") in countries:
            yield REGION, index
    listing = ("regions", "countries", "states", "metropolitan_areas")
    if not any(territory.get(key) for key in listing):
        yield (ANYWHERE,)


def _small(facts: Facts, listing: Mapping[str, Any], around: Sequence[str]) -> Iterator[Rank]:
    """Matches of cities and postal prefixes; `around`: states or countries that they are in."""
    if not around:
        closeness = 2
    elif facts.get("state") in around:
        closeness = 0
    elif facts.get("country") in around:
        closeness = 1
    else:
        return
    code = re.sub("[ -]", "", facts.get("postal_code") or "").upper()[:10]
    for prefix in listing.get("postal_prefixes", []):
        wanted = re.sub("[ -]", "", prefix).upper()
        if code.startswith(wanted):
            yield POSTAL, -len(wanted), closeness
    for city in listing.get("cities", []):
        if facts.get("city") and _plain(facts["city"]) == _plain(city):
            yield CITY, 0, closeness


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _industry(facts: Facts, territory: Mapping[str, Any]) -> Rank | None:
    wanted = territory.get("industries") or []
    if not wanted:
        return (1,)
    words = re.findall(r"\w+", (facts.get("industry") or "").casefold())
    found = []
    for entry in wanted:
        row = re.findall(r"\w+", entry.casefold())
        text = " ".join(row)
        in_a_row = any(words[at : at + len(row)] == row for at in range(len(words)))
        coded = text.isdecimal() and any(w.isdecimal() and w.startswith(text) for w in words)
        if in_a_row or coded:
            found.append((0, -len(text), text))
    return min(found, default=None)


def _size(facts: Facts, territory: Mapping[str, Any]) -> Rank | None:
    wanted = territory.get("employees")
    if wanted is None:
        return (1,)
    least, most = wanted.get("least", 0), wanted.get("most")
    highest = inf if most is None else most
    employees = facts.get("employees")
    if employees is None or not least <= employees <= highest:
        return None
    return 0, highest - least
