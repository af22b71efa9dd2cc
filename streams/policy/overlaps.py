"""Territories of one team that want the same lead equally: only the policy's order decides."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streams.policy.document import Document, Territory
from streams.policy.ground import Finder, Lead, Listing, deciding, finder, wanted


class Overlap(NamedTuple):
    """Two territories, and a lead that the first gets only because it stands first."""

    team: str
    first: str
    second: str
    lead: Lead


def overlaps(document: Document) -> tuple[Overlap, ...]:
    """Every overlap, team by team in the order of the document.

    Where three territories want one lead, the first stands beside each of the others.
    """
    return tuple(
        Overlap(name, first.territory, second.territory, lead)
        for name, team in document.teams.items()
        for first, second, lead in _of_team(team.territories)
    )


def _of_team(territories: Sequence[Territory]) -> Iterator[tuple[Territory, Territory, Lead]]:
    whole = finder(territories)
    for first, second in _pairs(territories):
        lead = _contested(whole, first, second)
        if lead is not None:
            yield first, second, lead


def _pairs(territories: Sequence[Territory]) -> list[tuple[Territory, Territory]]:
    """The pairs that may tie, in the policy's order: found by what they list, not all with all."""
    listing: dict[Listing, list[int]] = {}
    pairs: set[tuple[int, int]] = set()
    for index, territory in enumerate(territories):
        for each in deciding(territory):
            earlier = listing.setdefault(each, [])
            pairs.update((before, index) for before in earlier)
            earlier.append(index)
    return [(territories[first], territories[second]) for first, second in sorted(pairs)]


def _contested(whole: Finder, first: Territory, second: Territory) -> Lead | None:
    """A lead that goes to whichever of the two stands first, and in the team to the first."""
    either, other = finder((first, second)), finder((second, first))
    for lead in wanted(first, second):
        if either(lead) is first and other(lead) is second and whole(lead) is first:
            return lead
    return None
