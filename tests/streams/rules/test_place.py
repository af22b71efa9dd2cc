"""Where a lead is, and what a territory lists, as places that are looked up."""

import pytest

from streams.policy.territory import MetropolitanArea, Territory
from streams.rules.place import ANYWHERE, Gazetteer, Location, Place, code

GAZETTEER = Gazetteer(
    {"north": ("US", "CA"), "pacific": ("US", "JP")},
    {
        "bay": MetropolitanArea(countries=("US",), cities=("San José",), postal_prefixes=("94",)),
        "anywhere": MetropolitanArea(cities=("San Jose",)),
    },
)


def test_places_come_with_the_most_specific_first() -> None:
    """TERR-02: postal prefixes, city, metropolitan areas, state, country, regions, anywhere."""
    location = Location("US", "US-CA", "SAN JOSE", "94")
    assert list(GAZETTEER.places(location)) == [
        ("postal prefix", "94", "US-CA"),
        ("postal prefix", "94", "US"),
        ("postal prefix", "94", ""),
        ("postal prefix", "9", "US-CA"),
        ("postal prefix", "9", "US"),
        ("postal prefix", "9", ""),
        ("city", "san jose", "US-CA"),
        ("city", "san jose", "US"),
        ("city", "san jose", ""),
        ("metropolitan area", "bay", ""),
        ("metropolitan area", "bay", ""),
        ("metropolitan area", "anywhere", ""),
        ("state", "US-CA", ""),
        ("country", "US", ""),
        ("region", "north", ""),
        ("region", "pacific", ""),
        ANYWHERE,
    ]


def test_a_lead_from_nowhere_is_only_anywhere() -> None:
    """What is not known is no place."""
    assert list(GAZETTEER.places(Location(None, None, None, None))) == [ANYWHERE]
    assert list(GAZETTEER.places(Location(None, None, "", " - "))) == [ANYWHERE]


def test_a_metropolitan_area_is_where_its_policy_says() -> None:
    """A San José in Costa Rica is not in the area of California's."""
    names = [name for kind, name, _ in GAZETTEER.places(Location("CR", None, "San José", None))
             if kind == "metropolitan area"]  # fmt: skip
    assert names == ["anywhere"]


@pytest.mark.parametrize(
    ("criteria", "places"),
    [
        ({"regions": ("north",)}, [("region", "north", "")]),
        (
            {"regions": ("north",), "countries": ("MX",), "states": ("DE-BW",)},
            [("state", "DE-BW", ""), ("country", "MX", ""), ("region", "north", "")],
        ),
        ({"metropolitan_areas": ("bay",)}, [("metropolitan area", "bay", "")]),
        (
            {"metropolitan_areas": ("bay",), "countries": ("MX",)},
            [("metropolitan area", "bay", ""), ("country", "MX", "")],
        ),
        ({"cities": ("Zürich",)}, [("city", "zurich", "")]),
        ({"cities": ("Rome",), "countries": ("IT",)}, [("city", "rome", "IT")]),
        (
            {"cities": ("London",), "countries": ("GB",), "regions": ("north",)},
            [("city", "london", "GB"), ("city", "london", "US"), ("city", "london", "CA")],
        ),
        (
            {"postal_prefixes": ("sw1",), "countries": ("GB",), "states": ("GB-ENG",)},
            [("postal prefix", "SW1", "GB-ENG")],
        ),
        (
            {"metropolitan_areas": ("bay",), "cities": ("Reno",), "states": ("US-NV",)},
            [("metropolitan area", "bay", ""), ("city", "reno", "US-NV")],
        ),
        ({"industries": ("banking",)}, [ANYWHERE]),
    ],
)
def test_beside_smaller_places_the_larger_ones_say_where_those_are(
    criteria: dict[str, tuple[str, ...]], places: list[Place]
) -> None:
    """TERR-02: the closest fence counts; without smaller places each larger one counts whole."""
    values = {"territory": "t", "reps": ("a",)} | criteria
    territory = Territory.model_validate(values)
    assert [place for place, _ in GAZETTEER.listed(territory)] == places


def test_words_are_those_of_the_policy() -> None:
    """An explanation names the place as the policy writes it, never the lead's own text."""
    territory = Territory(territory="t", cities=("Zürich",), postal_prefixes=("sw-1",), reps=("a",))
    assert [words for _, words in GAZETTEER.listed(territory)] == [
        "postal prefix SW1",
        "city Zürich",
    ]


@pytest.mark.parametrize(
    ("country", "region"), [("US", "north"), ("JP", "pacific"), ("DE", None), (None, None)]
)
def test_a_country_is_in_the_first_region_that_lists_it(
    country: str | None, region: str | None
) -> None:
    """Decision 06."""
    assert GAZETTEER.region(country) == region


@pytest.mark.parametrize(("text", "expected"), [("sw1a 1aa", "SW1A1AA"), ("9-4", "94"), ("", "")])
def test_a_postal_code_has_one_spelling(text: str, expected: str) -> None:
    """Spaces, hyphens and small letters do not matter."""
    assert code(text) == expected


def test_a_text_that_is_no_postal_code_costs_no_more_than_one() -> None:
    """Garbage of any length is cut at the longest code there is."""
    places = list(GAZETTEER.places(Location(None, None, None, "7" * 4000)))
    assert [len(name) for kind, name, _ in places if kind == "postal prefix"] == [*range(10, 0, -1)]
