"""A policy's territories: the index gives what a search through all of them gives."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.policy.compiled import Policy, compile_policy
from streams.rules import territory
from streams.rules.industry import Vocabulary
from streams.rules.place import Location
from tests.streams import policies
from tests.territory_search import territory_of

REGIONS = {"north": ["US", "CA"], "europe": ["DE", "FR"], "dach": ["DE", "AT"]}
AREAS = {
    "bay": {"countries": ["US"], "cities": ["Oakland", "San José"], "postal_prefixes": ["94"]},
    "valley": {"states": ["US-CA"], "postal_prefixes": ["950", "9411"]},
    "spa": {"cities": ["Baden"]},
}
COUNTRIES = st.sampled_from(["US", "CA", "DE", "AT", "FR", "JP"])
STATES = st.sampled_from(["US-CA", "US-NY", "DE-BW"])
CITIES = st.sampled_from(["Oakland", "San José", "SAN JOSE", "Baden", "Paris"])
CODES = st.text("0149-", max_size=6)
INDUSTRIES = st.sampled_from(["62", "6211", "health care", "care", "Software", "health"])
SIZES = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(
        lambda ends: {"least": min(ends), "most": max(*ends, 1)}
    ),
    st.builds(lambda least: {"least": least}, st.integers(0, 12)),
)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """None to two of them, mostly none."""
    return st.one_of(st.just([]), st.lists(values, max_size=2, unique=True))


CRITERIA = st.fixed_dictionaries(
    {
        "regions": some(st.sampled_from(sorted(REGIONS))),
        "countries": some(COUNTRIES),
        "states": some(STATES),
        "metropolitan_areas": some(st.sampled_from(sorted(AREAS))),
        "cities": some(CITIES),
        "postal_prefixes": some(st.sampled_from(["9", "94", "941", "9-5", "0", "1014"])),
        "industries": some(INDUSTRIES),
        "employees": SIZES,
    }
).filter(lambda criteria: any(criteria.values()))
LEADS = st.fixed_dictionaries(
    {
        "country": st.one_of(st.none(), COUNTRIES),
        "state": st.one_of(st.none(), STATES),
        "city": st.one_of(st.none(), CITIES),
        "postal_code": st.one_of(st.none(), CODES, st.sampled_from(["94110", "950", "9411-1"])),
        "industry": st.sampled_from(
            [None, "6211", "hospital & health care", "software", "62 health", "care"]
        ),
        "employees": st.one_of(st.none(), st.integers(0, 14)),
    }
)


def document(criteria: list[dict[str, Any]]) -> str:
    """The small policy with these territories."""
    listed = [
        each | {"territory": f"t{number}", "reps": ["ann"]} for number, each in enumerate(criteria)
    ]
    inside = {"territories": listed}
    return policies.text(regions=REGIONS, metropolitan_areas=AREAS, teams={"inside": inside})


def compiled(criteria: list[dict[str, Any]]) -> Policy:
    """The same, ready to decide."""
    return compile_policy(document(criteria), 1)


def found(policy: Policy, lead: dict[str, Any]) -> str | None:
    """The territory's name by the index."""
    location = Location(lead["country"], lead["state"], lead["city"], lead["postal_code"])
    match = policy.territories.find("inside", location, lead["industry"], lead["employees"])
    return match[0].territory if match else None


@settings(max_examples=150)
@given(st.lists(CRITERIA, max_size=8), st.lists(LEADS, min_size=1, max_size=20))
def test_the_index_finds_what_trying_every_territory_finds(
    criteria: list[dict[str, Any]], leads: list[dict[str, Any]]
) -> None:
    """TERR-01 to TERR-03: whatever the criteria and the lead, the verifier's search agrees."""
    policy, written = compiled(criteria), json.loads(document(criteria))
    for lead in leads:
        assert found(policy, lead) == territory_of(lead, written, "inside")


ORDER: list[dict[str, Any]] = [
    {"employees": {"least": 1}},
    {"industries": ["care"]},
    {"regions": ["north"]},
    {"countries": ["US"]},
    {"states": ["US-CA"]},
    {"metropolitan_areas": ["bay"]},
    {"countries": ["US"], "cities": ["San José"]},
    {"states": ["US-CA"], "cities": ["San José"]},
    {"countries": ["US"], "postal_prefixes": ["95"]},
    {"countries": ["US"], "postal_prefixes": ["950"]},
    {"countries": ["US"], "postal_prefixes": ["950"], "employees": {"least": 1}},
    {"countries": ["US"], "postal_prefixes": ["950"], "employees": {"least": 1, "most": 9}},
    {"countries": ["US"], "postal_prefixes": ["950"], "industries": ["care"]},
    {"countries": ["US"], "postal_prefixes": ["950"], "industries": ["health care"]},
]
"""Territories that all have LEAD, each more specific than the one before."""
LEAD = {
    "country": "US",
    "state": "US-CA",
    "city": "San Jose",
    "postal_code": "95020",
    "industry": "hospital & health care",
    "employees": 5,
}


@pytest.mark.parametrize("number", range(len(ORDER)))
def test_of_those_that_fit_the_most_specific_wins(number: int) -> None:
    """TERR-04: with the last one taken away the one before it has the lead."""
    listed = ORDER[: number + 1]
    for criteria in (listed, listed[::-1]):
        policy = compiled(criteria)
        assert found(policy, LEAD) == f"t{criteria.index(ORDER[number])}"
        assert territory_of(LEAD, json.loads(document(criteria)), "inside") == found(policy, LEAD)


def test_of_equals_the_first_in_the_policy_wins() -> None:
    """Clear whatever the policy is; `policy check` reports overlaps."""
    policy = compiled([{"countries": ["US"]}, {"countries": ["US", "CA"]}])
    assert found(policy, LEAD) == "t0"


def test_a_wrong_index_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: with industries or sizes left out, the search finds another territory."""
    written = json.loads(document(ORDER))
    monkeypatch.setattr(Vocabulary, "terms", lambda *_: ())
    assert found(compiled(ORDER), LEAD) != territory_of(LEAD, written, "inside")
    monkeypatch.undo()
    monkeypatch.setattr(territory, "_width", lambda _: 0)
    listed = ORDER[10:12]
    written = json.loads(document(listed))
    assert found(compiled(listed), LEAD) != territory_of(LEAD, written, "inside")


@pytest.mark.parametrize(
    ("country", "region"),
    [("US", "north"), ("DE", "europe"), ("AT", "dach"), ("JP", ""), (None, "")],
)
def test_conditions_know_the_first_region_of_the_policy(country: str | None, region: str) -> None:
    """Decision 06: a region is named once; what the lead's sender calls it is another fact."""
    when = f'sales_region == "{region}"'
    policy = policies.policy(
        regions=REGIONS, desks={"main": {"team_rules": [{"when": when, "team": "field"}]}}
    )
    facts = policy.routing_facts({"country": country, "region": "Bavaria"})
    assert policy.holds(when, facts)
    assert facts.values["region"] == "Bavaria"
