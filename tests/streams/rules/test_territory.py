"""The most specific territory wins (TERR-01, TERR-02, TERR-04)."""

import pytest

from streams.policy.document import Territory
from streams.rules.territory import Location, Map

TERRITORIES = Map(
    (
        Territory(territory="west", states=("US-CA", "US-OR"), countries=("MX",), reps=("a",)),
        Territory(territory="city", countries=("US",), cities=("San Jose",), reps=("b",)),
        Territory(territory="near", states=("US-CA",), postal_prefixes=("94",), reps=("c",)),
        Territory(territory="nearest", countries=("US",), postal_prefixes=("941",), reps=("d",)),
        Territory(territory="london", countries=("GB",), postal_prefixes=("SW1",), reps=("e",)),
        Territory(territory="home", countries=("US",), reps=("f",)),
        Territory(territory="second", countries=("US",), reps=("g",)),
    )
)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (Location("US", "US-CA", "San Jose", "94110"), ("nearest", "postal prefix 941")),
        (Location("US", "US-CA", "San Jose", "94200"), ("near", "postal prefix 94")),
        (Location("US", "US-CA", "SAN JOSE", "95110"), ("city", "city SAN JOSE")),
        (Location("CR", None, "San Jose", None), None),
        (Location("US", "US-OR", None, None), ("west", "state US-OR")),
        (Location("MX", None, None, "94110"), ("west", "country MX")),
        (Location("US", None, None, None), ("home", "country US")),
        (Location("GB", None, None, "sw1a 1aa"), ("london", "postal prefix SW1")),
        (Location(None, None, None, None), None),
    ],
)
def test_a_lead_is_in_the_most_specific_territory(
    location: Location, expected: tuple[str, str] | None
) -> None:
    """Prefix, city, state, country; the first of equals; a prefix only in its own country."""
    found = TERRITORIES.find(location)
    assert (found and (found[0].territory, found[1])) == expected
