"""The ground that territories cover, as the analyses of a policy see it.

All that these know about territories is here: which made-up leads are at a place, what else a
territory asks of a lead (`_ASKED`, one line for each), and who gets a lead. The last is the rule's
own answer, so nothing that is found rests on a second opinion about who matches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from streams.policy.document import Document, MetropolitanArea, Territory
from streams.policy.territories import listing, territories_of
from streams.rules.industry import spelling
from streams.rules.place import Location, Place
from streams.rules.territory import Map

Lead = Mapping[str, Any]
"""What is known about a made-up lead, by the names that conditions use."""
Finder = Callable[[Lead], Territory | None]


class Ground:
    """The places and industries that a document names."""

    def __init__(self, document: Document) -> None:
        """Reads them once; the document must be a valid one."""
        found = territories_of(document)
        self._gazetteer, self._vocabulary = found.gazetteer, found.vocabulary
        self._regions, self._areas = document.regions, document.metropolitan_areas

    def finder(self, territories: Iterable[Territory]) -> Finder:
        """Who gets a lead among these territories, in this order; None: none of them."""
        found = Map(listing(self._gazetteer, each) for each in territories)

        def find(lead: Lead) -> Territory | None:
            places = self._gazetteer.places(Location(*map(lead.get, Location._fields)))
            terms = self._vocabulary.terms(lead.get("industry"))
            match = found.find(places, terms, lead.get("employees"))
            return match[0] if match else None

        return find

    def places(self, territory: Territory) -> dict[Place, str]:
        """What makes a lead the territory's, with words: two that share none of it never tie."""
        return dict(self._gazetteer.listed(territory))

    def leads(self, territory: Territory) -> Iterator[Lead]:
        """Leads from each of its places, of each industry and size that it asks for."""
        yield from self.wanted(territory, territory)

    def wanted(self, first: Territory, second: Territory) -> Iterator[Lead]:
        """Leads that both territories might want: from places that both list."""
        shared = self.places(second)
        asked = list(_asked(first, second))
        for place, words in self.places(first).items():
            if place in shared:
                mixed = product(self._at(place, words), asked)
                yield from ({**lead, **facts} for lead, facts in mixed)

    def _at(self, place: Place, words: str) -> Iterator[Lead]:
        kind, name, around = place
        if kind in _FACTS:
            yield _around(around) | {_FACTS[kind]: words.removeprefix(f"{kind} ")}
        elif kind == "metropolitan area":
            yield from _in_area(self._areas[name])
        elif kind == "region":
            yield from ({"country": country} for country in self._regions[name])
        else:
            yield _around(name)


def sizes(territory: Territory) -> tuple[int, ...]:
    """The ends of its range of company sizes; none where it asks for none."""
    size = territory.employees
    if size is None:
        return ()
    return (size.least,) if size.most is None else (size.least, size.most)


_FACTS = {"postal prefix": "postal_code", "city": "city"}
"""The fact about a lead that a small place is compared with."""
_ASKED: Mapping[str, Callable[[Territory], Iterable[Any]]] = {
    "industry": lambda each: map(spelling, each.industries),
    "employees": sizes,
}
"""Beside places, each fact that territories ask for, with the values worth trying."""


def asked(territories: Iterable[Territory]) -> dict[str, list[Any]]:
    """What any of them asks beside places: each value once, in their order."""
    listed = list(territories)
    return {
        fact: list(dict.fromkeys(value for each in listed for value in values(each)))
        for fact, values in _ASKED.items()
    }


def _asked(first: Territory, second: Territory) -> Iterator[Lead]:
    """Every mix of what the two ask for beside places."""
    found = {fact: values for fact, values in asked((first, second)).items() if values}
    mixes = product(*([(fact, value) for value in values] for fact, values in found.items()))
    return map(dict, mixes)


def _around(name: str) -> dict[str, Any]:
    """A state with its country, a country, or nothing."""
    if not name:
        return {}
    country = {"country": name.partition("-")[0]}
    return country | {"state": name} if "-" in name else country


def _in_area(area: MetropolitanArea) -> Iterator[Lead]:
    for name in area.states or area.countries or ("",):
        yield from (_around(name) | {"city": city} for city in area.cities)
        yield from (_around(name) | {"postal_code": prefix} for prefix in area.postal_prefixes)
