"""A policy's territories, ready to be looked up by a lead's place, industry and company size."""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.policy.document import Document
from streams.policy.territory import Territory
from streams.rules.industry import Vocabulary, spelling
from streams.rules.place import Gazetteer, Location, code
from streams.rules.territory import Listing, Map


@dataclass(frozen=True, slots=True)
class Territories:
    """What every team's territories list, and the regions and areas that they name."""

    gazetteer: Gazetteer
    maps: Mapping[str, Map]
    """By team."""
    vocabulary: Vocabulary

    def find(
        self, team: str, location: Location, industry: str | None, employees: int | None
    ) -> tuple[Territory, str] | None:
        """The team's territory for a lead and what matched, such as `state US-CA`, or None.

        Raises `KeyError` for a team that the policy does not know.
        """
        places, terms = self.gazetteer.places(location), self.vocabulary.terms(industry)
        return self.maps[team].find(places, terms, employees)


def territories_of(document: Document) -> Territories:
    """Reads a valid document; the work is bounded by what it lists."""
    listed = [each for team in document.teams.values() for each in team.territories]
    areas = document.metropolitan_areas
    prefixes = [each.postal_prefixes for each in listed]
    prefixes += [area.postal_prefixes for area in areas.values()]
    longest = max((len(code(prefix)) for several in prefixes for prefix in several), default=0)
    gazetteer = Gazetteer(document.regions, areas, longest)
    maps = {
        name: Map(listing(gazetteer, each) for each in team.territories)
        for name, team in document.teams.items()
    }
    vocabulary = Vocabulary(entry for each in listed for entry in each.industries)
    return Territories(gazetteer, maps, vocabulary)


def listing(gazetteer: Gazetteer, territory: Territory) -> Listing:
    """A territory as the rule looks it up."""
    industries = [(spelling(each), each) for each in territory.industries]
    return Listing(territory, tuple(gazetteer.listed(territory)), industries)
