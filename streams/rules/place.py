"""Where a lead is, as places that are looked up, the most specific first (TERR-02).

Postal prefix (a longer one before a shorter), city, metropolitan area (by what it lists), state,
country, region (in the order of the policy), anywhere. A postal prefix or city is another one in
another state or country: one that the policy says is in the lead's state comes before one in its
country, and that before one wherever it is.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from streams.policy.territory import MetropolitanArea, Territory

LONGEST_CODE = 10
"""No postal code of the world has more letters and digits; longer texts are cut."""


Place = tuple[str, str, str]
"""Kind and name, and of a city or postal prefix the state or country; empty: wherever it is."""
ANYWHERE: Place = ("anywhere", "", "")


class Location(NamedTuple):
    """Where a lead is, as intake normalised it."""

    country: str | None
    state: str | None
    city: str | None
    postal_code: str | None


class Gazetteer:
    """A policy's regions and metropolitan areas, by the places that they list."""

    def __init__(
        self,
        regions: Mapping[str, tuple[str, ...]],
        areas: Mapping[str, MetropolitanArea],
        longest: int = LONGEST_CODE,
    ) -> None:
        """Reads them once; made once per policy version.

        `longest`: characters of the longest postal prefix of the policy.
        """
        self._countries, self._longest = regions, longest
        self._regions: dict[str, list[str]] = {}
        self._areas: dict[Place, list[str]] = {}
        for name, countries in regions.items():
            for country in countries:
                self._regions.setdefault(country, []).append(name)
        for name, area in areas.items():
            for place, _ in _small(area, area.states or area.countries):
                self._areas.setdefault(place, []).append(name)

    def region(self, country: str | None) -> str | None:
        """The first region of the policy that lists the country."""
        return next(iter(self._regions.get(country or "", ())), None)

    def places(self, location: Location) -> list[Place]:
        """Every place that a lead is in, the most specific first."""
        found = _located(location, self._longest)
        if self._areas:
            names = [name for place in found for name in self._areas.get(place, ())]
            found += [("metropolitan area", name, "") for name in names]
        if location.state:
            found.append(("state", location.state, ""))
        if location.country:
            found.append(("country", location.country, ""))
            found += [("region", name, "") for name in self._regions.get(location.country, ())]
        found.append(ANYWHERE)
        return found

    def listed(self, territory: Territory) -> Iterator[tuple[Place, str]]:
        """Every place that a territory lists, with the words for it; without any: anywhere.

        Beside cities and postal prefixes its states, countries and regions say where those are,
        the closest that is given; otherwise each of them belongs to it whole.
        """
        large = (*_named("state", territory.states), *_named("country", territory.countries))
        large = (*large, *_named("region", territory.regions))
        yield from _named("metropolitan area", territory.metropolitan_areas)
        if territory.cities or territory.postal_prefixes:
            yield from _small(territory, territory.states or tuple(self._countries_of(territory)))
        elif large:
            yield from large
        elif not territory.metropolitan_areas:
            yield ANYWHERE, ""

    def _countries_of(self, territory: Territory) -> Iterator[str]:
        yield from territory.countries
        for name in territory.regions:
            yield from self._countries[name]


def code(text: str) -> str:
    """A postal code or its beginning without spaces and hyphens, in capitals."""
    return text.replace(" ", "").replace("-", "").upper()


def _located(location: Location, longest: int) -> list[Place]:
    """Postal prefixes and city of a lead, each in its state, in its country, and wherever."""
    around = [each for each in (location.state, location.country, "") if each is not None]
    full = code(location.postal_code)[:longest] if location.postal_code else ""
    found = [
        ("postal prefix", full[:length], within)
        for length in range(len(full), 0, -1)
        for within in around
    ]
    if location.city:
        city = _comparable(location.city)
        found += [("city", city, within) for within in around]
    return found


def _small(
    listing: MetropolitanArea | Territory, around: Iterable[str]
) -> Iterator[tuple[Place, str]]:
    """The cities and postal prefixes that a part of the policy lists, where it says they are."""
    for within in tuple(around) or ("",):
        for prefix in listing.postal_prefixes:
            yield ("postal prefix", code(prefix), within), f"postal prefix {code(prefix)}"
        for city in listing.cities:
            yield ("city", _comparable(city), within), f"city {city}"


def _named(kind: str, names: Iterable[str]) -> Iterator[tuple[Place, str]]:
    return (((kind, name, ""), f"{kind} {name}") for name in names)


def _comparable(city: str) -> str:
    """Lower case without accents: `Zürich` and `Zurich` are one city."""
    if city.isascii():
        return city.casefold()
    letters = unicodedata.normalize("NFKD", city).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
