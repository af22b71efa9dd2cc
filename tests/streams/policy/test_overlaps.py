"""Overlaps of territories, named with a lead for which only the policy's order decides."""

import time
from typing import Any

from hypothesis import given, settings

from streams.policy import overlaps as module
from streams.policy.document import Document, Territory
from streams.policy.ground import finder
from streams.policy.loading import load
from streams.policy.overlaps import Overlap, overlaps
from tests.streams import policies
from tests.streams.policy.territories import MANY, every_lead, territory

BASE = load(policies.text())


def document(*territories: Territory) -> Document:
    """A policy whose first team has these territories."""
    team = BASE.teams["inside"].model_copy(update={"territories": territories})
    return BASE.model_copy(update={"teams": BASE.teams | {"inside": team}})


def found(*territories: Territory) -> list[tuple[str, str]]:
    """Names of the territories of each overlap."""
    return [(each.first, each.second) for each in overlaps(document(*territories))]


def tied(territories: tuple[Territory, ...]) -> set[tuple[str, str]]:
    """The same, by looking at every lead there is."""
    whole = finder(territories)
    won = [(first, lead) for lead in every_lead() if (first := whole(lead)) is not None]
    return {
        (first.territory, second.territory)
        for first, lead in won
        for second in territories
        if first is not second
        if finder((second, first))(lead) is second and finder((first, second))(lead) is first
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
    """London in England and in Ontario; but where one of them does not say which, it is."""
    england = territory("england", countries=["GB"], cities=["London"])
    ontario = territory("ontario", countries=["CA"], cities=["london"])
    assert found(england, ontario) == []
    anywhere = territory("anywhere", cities=["London"])
    assert found(england, ontario, anywhere) == [("england", "anywhere"), ("ontario", "anywhere")]


def test_teams_do_not_overlap_with_each_other() -> None:
    """A lead has its team before territories are looked at."""
    one = territory("one", countries=["US"])
    teams: dict[str, Any] = {
        name: team.model_copy(update={"territories": (one,)}) for name, team in BASE.teams.items()
    }
    assert overlaps(BASE.model_copy(update={"teams": teams})) == ()


@settings(max_examples=200, deadline=None)
@given(MANY)
def test_exactly_the_overlaps_are_found(territories: tuple[Territory, ...]) -> None:
    """Held against every lead that the territories can tell apart."""
    assert set(found(*territories)) == tied(territories)


def test_an_overlap_that_is_not_looked_for_would_be_noticed(monkeypatch: Any) -> None:
    """Twin: without the leads that both want nothing is found, and the reference says so."""
    same = (territory("one", countries=["US"]), territory("two", countries=["US"]))
    monkeypatch.setattr(module, "wanted", lambda *_: iter(()))
    assert set(found(*same)) != tied(same)


def test_a_thousand_territories_are_looked_at_at_once() -> None:
    """Pairs are found by what they list: the work grows with the territories, not their square."""
    many = [territory(f"t{n}", countries=["US"], postal_prefixes=[f"{n:04}"]) for n in range(1000)]
    began = time.perf_counter()
    assert found(*many, territory("last", postal_prefixes=["0500"])) == [("t500", "last")]
    assert time.perf_counter() - began < 2
