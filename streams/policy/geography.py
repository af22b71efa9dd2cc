"""Checks of the policy's places: every code known, every territory somewhere or about something."""

from collections.abc import Iterator, Mapping
from functools import cache

import pycountry

from streams.policy.document import Document, MetropolitanArea, Team, Territory
from streams.policy.findings import Finding, repeats, unknown
from streams.policy.problems import Path
from streams.rules.industry import spelling
from streams.rules.place import LONGEST_CODE, code

_CRITERIA = tuple(key for key in Territory.model_fields if key not in {"territory", "reps"})
_NOWHERE = (
    "say where it is: regions, countries, states, metropolitan_areas, cities or postal_prefixes; "
    "or whom it is for: industries or employees"
)


def check_places(document: Document) -> Iterator[Finding]:
    """Regions list countries, metropolitan areas list cities or postal codes."""
    for name, countries in document.regions.items():
        at: Path = ("regions", name)
        yield from _codes(at, countries, _countries(), "an ISO 3166 country code")
        yield from repeats(at, countries)
    for name, area in document.metropolitan_areas.items():
        at = ("metropolitan_areas", name)
        if not area.cities and not area.postal_prefixes:
            yield at, "say which places belong to it: cities or postal_prefixes"
        yield from _listed(at, area)


def check_territories(document: Document, at: Path, team: Team) -> Iterator[Finding]:
    """What a team's territories list is there; leads without one can only come up where some are.

    `at` is the team's path.
    """
    for index, territory in enumerate(team.territories):
        yield from _territory(document, (*at, "territories", index), territory)
    if team.expanded_territory and not (team.territories and "territory" in team.tiers):
        reason = "nothing is expanded: the team has no `territories`, or no tier `territory`"
        yield (*at, "expanded_territory"), reason


def _territory(document: Document, at: Path, territory: Territory) -> Iterator[Finding]:
    if not any(getattr(territory, key) for key in _CRITERIA):
        yield at, _NOWHERE
    yield from _listed(at, territory)
    yield from _known(at, "regions", territory, document.regions)
    yield from _known(at, "metropolitan_areas", territory, document.metropolitan_areas)
    for index, entry in enumerate(territory.industries):
        if not spelling(entry):
            yield (*at, "industries", index), f"{entry!r} has no letter or digit to look for"
    size = territory.employees
    if size is not None and size.most is not None and size.most < size.least:
        yield (*at, "employees", "most"), f"must not be below `least`, which is {size.least}"


def _known(
    at: Path, key: str, territory: Territory, named: Mapping[str, object]
) -> Iterator[Finding]:
    kind = key.removesuffix("s").replace("_", " ")
    for index, name in enumerate(getattr(territory, key)):
        if name not in named:
            yield unknown((*at, key, index), kind, name, named)


def _listed(at: Path, places: MetropolitanArea | Territory) -> Iterator[Finding]:
    """Codes of countries and states are known, names and postal codes can be found."""
    what = "an ISO 3166 country code"
    yield from _codes((*at, "countries"), places.countries, _countries(), what)
    what = "an ISO 3166-2 code; write it such as US-CA"
    yield from _codes((*at, "states"), places.states, _states(), what)
    for index, city in enumerate(places.cities):
        if not city.strip():
            yield (*at, "cities", index), "write the name of a city"
    for index, prefix in enumerate(places.postal_prefixes):
        if not 0 < len(code(prefix)) <= LONGEST_CODE:
            reason = f"write 1 to {LONGEST_CODE} letters or digits, not {prefix!r}"
            yield (*at, "postal_prefixes", index), reason


def _codes(at: Path, given: tuple[str, ...], known: frozenset[str], what: str) -> Iterator[Finding]:
    for index, each in enumerate(given):
        if each not in known:
            yield (*at, index), f"{each!r} is not {what}"


@cache
def _countries() -> frozenset[str]:
    return frozenset(str(country.alpha_2) for country in pycountry.countries)


@cache
def _states() -> frozenset[str]:
    return frozenset(str(state.code) for state in pycountry.subdivisions)
