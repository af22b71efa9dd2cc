"""Territories of one team that want the same lead equally: only the policy's order decides."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streams.policy.document import Document, Territory
from streams.policy.ground import Finder, Ground, Lead
from streams.rules.place import Place


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
    ground = Ground(document)
    return tuple(
        Overlap(name, first.territory, second.territory, lead)
        for name, team in document.teams.items()
        for first, second, lead in _of_team(ground, team.territories)
    )


def _of_team(
    ground: Ground, territories: Sequence[Territory]
) -> Iterator[tuple[Territory, Territory, Lead]]:
    whole = ground.finder(territories)
    for first, second in _pairs(ground, territories):
        lead = _contested(ground, whole, first, second)
        if lead is not None:
            yield first, second, lead


def _pairs(ground: Ground, territories: Sequence[Territory]) -> list[tuple[Territory, Territory]]:
    """The pairs that may tie, in the policy's order: found by their places, not all with all."""
    listing = dict[Place, list[int]]()
    pairs: set[tuple[int, int]] = set()
    for index, territory in enumerate(territories):
        for place in ground.places(territory):
            earlier = listing.setdefault(place, [])
            pairs.update((before, index) for before in earlier)
            earlier.append(index)
    return [(territories[first], territories[second]) for first, second in sorted(pairs)]


def _contested(ground: Ground, whole: Finder, first: Territory, second: Territory) -> Lead | None:
    """A lead that goes to whichever of the two stands first, and in the team to the first."""
    either, other = ground.finder((first, second)), ground.finder((second, first))
    for lead in ground.wanted(first, second):
        if either(lead) is first and other(lead) is second and whole(lead) is first:
            return lead
    return None
