"""Gaps between territories, each with a lead that falls through to the next tier."""

from typing import Any

import pytest

from streams.policy.gaps import Gap, gaps
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench

BEHIND = ("specialty", "rotation")
EUROPE = ["DE", "FR", "GB"]


def policy(territories: list[dict[str, Any]], when: str, **team: Any) -> Any:
    """A policy that sends to a team what a condition names, and the rest to a team without any."""
    listed = [{"reps": ["eve"]} | each for each in territories]
    rules = [{"when": when, "team": "field"}]
    return policies.policy(
        desks={"main": {"team_rules": rules}},
        teams={"field": {"territories": listed} | team},
    )


def left_out(team: str, places: tuple[str, ...], lead: dict[str, Any], country: str = "") -> Gap:
    """A gap that nobody covers in part."""
    return Gap(team, country, places, partly=False, lead=lead, falls_to=BEHIND)


def test_a_country_that_no_territory_covers_is_a_gap() -> None:
    """FALL-02: only what the team's rules send it counts, and only what no territory has."""
    found = gaps(policy([{"territory": "dach", "countries": ["DE"]}], f"country in {EUROPE}"))
    assert found == (left_out("field", ("FR", "GB"), {"country": "FR"}),)


def test_states_that_are_left_out_are_a_gap() -> None:
    """A country that is covered in part is looked at state by state."""
    states = ["AU-ACT", "AU-NSW", "AU-NT", "AU-QLD", "AU-SA", "AU-TAS"]
    (gap,) = gaps(policy([{"territory": "east", "states": states}], 'country == "AU"'))
    lead = {"country": "AU", "state": "AU-VIC"}
    assert gap == left_out("field", ("AU-VIC", "AU-WA"), lead, "AU")


def test_a_country_covered_state_by_state_leaves_leads_without_a_state() -> None:
    """All states are there, but of some leads only the country is known."""
    states = ["AU-ACT", "AU-NSW", "AU-NT", "AU-QLD", "AU-SA", "AU-TAS", "AU-VIC", "AU-WA"]
    (gap,) = gaps(policy([{"territory": "all", "states": states}], 'country == "AU"'))
    assert (gap.country, gap.places, gap.lead) == ("AU", (), {"country": "AU"})


def test_the_default_team_has_leads_of_whom_nothing_is_known() -> None:
    """The rules of the desk send it everything else."""
    rules = [{"when": "employees >= 500", "team": "field"}]
    inside = {"territories": [{"territory": "us", "countries": ["US"], "reps": ["ann"]}]}
    found = gaps(policies.policy(desks={"main": {"team_rules": rules}}, teams={"inside": inside}))
    assert found[0] == left_out("inside", (), {})
    assert "US" not in found[1].places
    assert len(found[1].places) > 240


@pytest.mark.parametrize(
    "when",
    [
        'employees >= 500 && country == "FR"',
        'language == "fr" && country == "FR"',
        'industry in ["bank", "steel"] && country == "FR"',
        'customer && country == "FR"',
        'deal_size > 100.5 && country == "FR"',
    ],
)
def test_what_else_a_rule_asks_for_is_tried(when: str) -> None:
    """A gap is found although the country alone does not bring a lead to the team."""
    (gap,) = gaps(policy([{"territory": "dach", "countries": ["DE"]}], when))
    assert gap.places == ("FR",)
    assert len(gap.lead) == 2


def test_a_place_that_is_covered_for_some_leads_only_is_a_gap_in_part() -> None:
    """TERR-01, TERR-03: the example names the industry or the size that nobody has."""
    large = {"territory": "large", "countries": ["DE"], "employees": {"least": 100}}
    (gap,) = gaps(policy([large], 'country == "DE"'))
    lead = {"country": "DE", "employees": 99}
    assert gap == left_out("field", ("DE",), lead)._replace(partly=True)
    small = {"territory": "small", "countries": ["DE"], "employees": {"most": 99}}
    (unknown,) = gaps(policy([large, small], 'country == "DE"'))
    assert (unknown.partly, unknown.lead) == (True, {"country": "DE"})
    rest = {"territory": "rest", "countries": ["DE"]}
    assert gaps(policy([large, rest], 'country == "DE"')) == ()


def test_a_size_that_the_rules_send_elsewhere_is_no_gap() -> None:
    """Twin: what another team gets is not missing here."""
    large = {"territory": "large", "countries": ["DE"], "employees": {"least": 100}}
    assert gaps(policy([large], 'country == "DE" && employees >= 100')) == ()


def test_the_expanded_territory_comes_before_the_rotation() -> None:
    """FALL-05, decision 24: who takes what no territory has."""
    listed = [{"territory": "dach", "countries": ["DE"]}]
    (gap,) = gaps(policy(listed, f"country in {EUROPE}", expanded_territory=["eve"]))
    assert gap.falls_to == ("specialty", "expanded_territory", "rotation")


def test_a_team_without_gaps_has_none() -> None:
    """Twin: covered ground, a team without territories, one that does not ask for them."""
    covered = [{"territory": "eu", "countries": EUROPE}]
    assert gaps(policy(covered, f"country in {EUROPE}")) == ()
    assert gaps(policy([], f"country in {EUROPE}")) == ()
    unasked = policy(covered, 'country == "JP"', tiers=["round_robin"])
    assert gaps(unasked) == ()


def test_the_example_falls_through_in_the_router_itself() -> None:
    """Not only in the analysis: the tiers answer that no territory matches."""
    found = policy([{"territory": "dach", "countries": ["DE"]}], f"country in {EUROPE}")
    (gap,) = gaps(found)
    desk = DeskBench(found)
    (assigned, *_) = desk.lead(**gap.lead)
    assert (assigned.team, assigned.reason) == ("field", "no_territory")
    tried = {each.tier: each.matched for each in assigned.explanation.path}
    assert tried["territory"] is False
    (covered, *_) = desk.lead(country="DE")
    assert covered.method == "territory"
