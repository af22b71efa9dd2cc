"""Overlaps of territories, named with a lead for which only the policy's order decides."""

import time
from itertools import permutations
from typing import Any

from hypothesis import given, settings

from streams.policy.document import Employees, Territory
from streams.policy.ground import Ground
from streams.policy.overlaps import Overlap, overlaps
from tests.pace import in_time
from tests.streams.policy.territories import BASE, MANY, document, every_lead, territory


def found(*territories: Territory) -> list[tuple[str, str]]:
    """Names of the territories of each overlap."""
    return [(each.first, each.second) for each in overlaps(document(*territories))]


def tied(territories: tuple[Territory, ...]) -> set[tuple[str, str]]:
    """The same, by looking at every lead there is."""
    finder = Ground(document(*territories)).finder
    pairs = {pair: finder(pair) for pair in permutations(territories, 2)}
    whole = finder(territories)
    won = [(first, lead) for lead in every_lead() if (first := whole(lead)) is not None]
    return {
        (first.territory, second.territory)
        for first, lead in won
        for second in territories
        if first is not second
        if pairs[second, first](lead) is second and pairs[first, second](lead) is first
    }


def test_an_overlap_names_both_and_a_lead() -> None:
    """TERR-02: the same state in two territories; the first in the policy gets it."""
    east = territory("east", states=["US-NY", "US-CA"])
    west = territory("west", states=["US-CA"])
    lead = {"state": "US-CA", "country": "US"}
    assert overlaps(document(east, west)) == (Overlap("inside", "east", "west", lead),)
    assert overlaps(document(west, east)) == (Overlap("inside", "west", "east", lead),)


def test_a_more_specific_territory_is_no_overlap() -> None:
    """TERR-02: a state inside a country, a city inside a state: the rule says who wins."""
    parts = {"countries": ["US"]}, {"states": ["US-CA"]}, {"states": ["US-CA"], "cities": ["x"]}
    assert found(*(territory(f"t{number}", **each) for number, each in enumerate(parts))) == []


def test_the_same_name_of_a_city_in_two_countries_is_no_overlap() -> None:
    """London in England, in Ontario and wherever; the last is less specific than the others."""
    england = territory("england", countries=["GB"], cities=["London"])
    ontario = territory("ontario", countries=["CA"], cities=["london"])
    assert found(england, ontario) == []
    anywhere = territory("anywhere", cities=["London"])
    assert found(england, ontario, anywhere) == []
    assert found(anywhere, ontario, territory("again", cities=["london"])) == [
        ("anywhere", "again")
    ]


def test_industry_and_size_are_looked_at_behind_the_place() -> None:
    """TERR-01, TERR-03: ranges of one width overlap; a narrower one or another industry wins."""
    one = territory("one", regions=["north"], industries=["Bank"], employees=Employees(most=9))
    other = {"regions": ["north"], "industries": ["bank"]}
    wide = territory("wide", **other, employees=Employees(least=5, most=14))
    (each,) = overlaps(document(one, wide))
    assert each.lead == {"country": "US", "industry": "bank", "employees": 9}
    narrow = territory("narrow", **other, employees=Employees(least=5, most=6))
    steel = territory("steel", regions=["north"], industries=["steel"])
    assert found(one, narrow, steel, territory("any", regions=["north"])) == []


def test_teams_do_not_overlap_with_each_other() -> None:
    """A lead has its team before territories are looked at."""
    one = territory("one", countries=["US"])
    teams: dict[str, Any] = {
        name: team.model_copy(update={"territories": (one,)}) for name, team in BASE.teams.items()
    }
    assert overlaps(BASE.model_copy(update={"teams": teams})) == ()


@settings(max_examples=60)
@given(MANY)
def test_exactly_the_overlaps_are_found(territories: tuple[Territory, ...]) -> None:
    """Held against every lead that the territories can tell apart."""
    assert set(found(*territories)) == tied(territories)


def test_an_overlap_that_is_not_looked_for_would_be_noticed(monkeypatch: Any) -> None:
    """Twin: without the leads that both want nothing is found, and the reference says so."""
    same = (territory("one", countries=["US"]), territory("two", countries=["US"]))
    monkeypatch.setattr(Ground, "wanted", lambda *_: iter(()))
    assert set(found(*same)) != tied(same)


def test_a_thousand_territories_are_looked_at_at_once() -> None:
    """Pairs are found by what they list: the work grows with the territories, not their square."""
    many = [territory(f"t{n}", countries=["US"], postal_prefixes=[f"{n:04}"]) for n in range(1000)]
    began = time.perf_counter()
    assert found(*many, territory("last", countries=["US"], postal_prefixes=["0500"])) == [
        ("t500", "last")
    ]
    assert in_time(time.perf_counter() - began, 2)
