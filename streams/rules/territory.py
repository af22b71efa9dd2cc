"""Which territory a lead is in: the most specific match wins (TERR-01 to TERR-04).

The place decides first, then the industry, then the company size: a smaller place before a larger
one, of one place a longer industry code or keyword before a shorter one before none, of one
industry a narrower range of employees before a wider one before none; of equals the first in the
policy. What is not known about a lead fits only a territory that does not ask for it.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from math import inf
from typing import NamedTuple

from streams.policy.territory import Employees, Territory

NO_TERM = ""
"""Stands for territories that take any industry."""


class Listing(NamedTuple):
    """A territory with what it lists, as it is looked up, and the words for each."""

    territory: Territory
    places: Sequence[tuple[Hashable, str]]
    industries: Sequence[tuple[str, str]]


class _Entry(NamedTuple):
    """A territory under one place and one industry."""

    territory: Territory
    why: str


class Map:
    """A team's territories by place, industry and size: a look-up, not a search."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        """Reads them once; made once per policy version and team."""
        found: dict[Hashable, dict[str, list[_Entry]]] = {}
        for territory, places, industries in listings:
            for place, where in places:
                for term, what in industries or ((NO_TERM, ""),):
                    entry = _Entry(territory, _words(where, what, territory.employees))
                    found.setdefault(place, {}).setdefault(term, []).append(entry)
        self._found = {
            place: {term: _Sizes(entries) for term, entries in listed.items()}
            for place, listed in found.items()
        }

    def find(
        self, places: Iterable[Hashable], terms: Sequence[str], employees: int | None
    ) -> tuple[Territory, str] | None:
        """The territory and what matched, such as `state US-CA`; None if the lead is in none.

        `places` and `terms` (of the industry) with the most specific first.
        """
        for place in places:
            listed = self._found.get(place)
            if listed is None:
                continue
            for term in (*terms, NO_TERM):
                sizes = listed.get(term)
                entry = sizes.find(employees) if sizes else None
                if entry:
                    return entry
        return None


class _Sizes:
    """Territories that differ by company size alone: which has a company, by bisection."""

    def __init__(self, entries: Sequence[_Entry]) -> None:
        """Sorts them by how narrow they are, and works out who has each stretch of sizes."""
        ranked = sorted(entries, key=lambda entry: _width(entry.territory.employees))
        ranges = [size for entry in entries if (size := entry.territory.employees) is not None]
        ends = (size.most + 1 for size in ranges if size.most is not None)
        self._cuts = sorted({*(size.least for size in ranges), *ends})
        self._having = [_first(ranked, employees) for employees in (-1, *self._cuts)]
        self._unknown = _first(ranked, None)

    def find(self, employees: int | None) -> _Entry | None:
        """The first that has a company of so many employees; None: nobody knows how many."""
        if employees is None:
            return self._unknown
        return self._having[bisect_right(self._cuts, employees)]


def _first(ranked: Iterable[_Entry], employees: int | None) -> _Entry | None:
    return next((each for each in ranked if _has(each.territory.employees, employees)), None)


def _has(size: Employees | None, employees: int | None) -> bool:
    if size is None:
        return True
    return employees is not None and size.least <= employees <= _most(size)


def _most(size: Employees) -> float:
    return inf if size.most is None else size.most


def _width(size: Employees | None) -> tuple[bool, float]:
    """Narrow ranges first, any size last."""
    if size is None:
        return True, inf
    return False, _most(size) - size.least


def _words(where: str, what: str, size: Employees | None) -> str:
    """What a match is called: the parts that the territory asks for."""
    parts = (where, f"industry {what}" if what else "", _size_words(size) if size else "")
    return ", ".join(part for part in parts if part)


def _size_words(size: Employees) -> str:
    if size.most is None:
        return f"{size.least} employees or more"
    return f"{size.least} to {size.most} employees"
