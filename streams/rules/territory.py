"""Which territory a lead is in: the most specific match wins (TERR-01, TERR-02, TERR-04).

Postal prefix before city before state before country; a longer prefix before a shorter one; of
equals the first in the policy. Where a territory lists cities or postal prefixes, its countries
and states say where those are; otherwise each of its countries and states belongs to it whole.
"""

from collections.abc import Iterable
from typing import NamedTuple

from streams.policy.document import Territory


class Location(NamedTuple):
    """Where a lead is, as intake normalised it."""

    country: str | None
    state: str | None
    city: str | None
    postal_code: str | None


class Map:
    """A team's territories by what they list: a look-up, not a search."""

    def __init__(self, territories: Iterable[Territory]) -> None:
        """Reads them once; made once per policy version and team."""
        self._prefixes: dict[str, list[Territory]] = {}
        self._cities: dict[str, list[Territory]] = {}
        self._states: dict[str, list[Territory]] = {}
        self._countries: dict[str, list[Territory]] = {}
        for territory in territories:
            self._add(territory)
        self._longest = max(map(len, self._prefixes), default=0)

    def find(self, location: Location) -> tuple[Territory, str] | None:
        """The territory and what matched, such as `state US-CA`; None if the lead is in none."""
        code = postal(location.postal_code or "")
        for length in range(min(len(code), self._longest), 0, -1):
            found = _first(self._prefixes.get(code[:length]), location)
            if found:
                return found, f"postal prefix {code[:length]}"
        city = (location.city or "").casefold()
        tries: tuple[tuple[dict[str, list[Territory]], str, str], ...] = (
            (self._cities, city, f"city {location.city}"),
            (self._states, location.state or "", f"state {location.state}"),
            (self._countries, location.country or "", f"country {location.country}"),
        )
        for listed, value, why in tries:
            found = _first(listed.get(value), location)
            if found:
                return found, why
        return None

    def _add(self, territory: Territory) -> None:
        _list(self._prefixes, map(postal, territory.postal_prefixes), territory)
        _list(self._cities, map(str.casefold, territory.cities), territory)
        if not territory.cities and not territory.postal_prefixes:
            _list(self._states, territory.states, territory)
            _list(self._countries, territory.countries, territory)


def postal(code: str) -> str:
    """A postal code without spaces and hyphens, in capitals."""
    return code.replace(" ", "").replace("-", "").upper()


def _list(listed: dict[str, list[Territory]], values: Iterable[str], territory: Territory) -> None:
    for value in values:
        listed.setdefault(value, []).append(territory)


def _first(found: list[Territory] | None, location: Location) -> Territory | None:
    """The first of the territories that the lead's country and state do not contradict."""
    return next((each for each in found or () if _within(each, location)), None)


def _within(territory: Territory, location: Location) -> bool:
    """Whether country and state fit a territory that lists smaller places; else they are it."""
    if not territory.cities and not territory.postal_prefixes:
        return True
    if territory.states:
        return location.state in territory.states
    return not territory.countries or location.country in territory.countries
