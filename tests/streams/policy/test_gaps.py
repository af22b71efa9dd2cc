"""Gaps between territories, each with a lead that falls through to the next tier."""

from typing import Any

import pytest

from streams.policy.gaps import Gap, gaps
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench

BEHIND = ("specialty", "round_robin")
EUROPE = ["DE", "FR", "GB"]


def policy(territories: list[dict[str, Any]], when: str, **team: Any) -> Any:
    """A policy that sends to a team what a condition names, and the rest to a team without any."""
    listed = [{"reps": ["eve"]} | each for each in territories]
    rules = [{"when": when, "team": "field"}]
    return policies.policy(
        desks={"main": {"team_rules": rules}},
        teams={"field": {"territories": listed} | team},
    )


def test_a_country_that_no_territory_covers_is_a_gap() -> None:
    """FALL-02: only what the team's rules send it counts, and only what no territory has."""
    found = gaps(policy([{"territory": "dach", "countries": ["DE"]}], f"country in {EUROPE}"))
    assert found == (Gap("field", "", ("FR", "GB"), {"country": "FR"}, BEHIND),)


def test_states_that_are_left_out_are_a_gap() -> None:
    """A country that is covered in part is looked at state by state."""
    states = ["AU-ACT", "AU-NSW", "AU-NT", "AU-QLD", "AU-SA", "AU-TAS"]
    (gap,) = gaps(policy([{"territory": "east", "states": states}], 'country == "AU"'))
    lead = {"country": "AU", "state": "AU-VIC"}
    assert gap == Gap("field", "AU", ("AU-VIC", "AU-WA"), lead, BEHIND)


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
    assert found[0] == Gap("inside", "", (), {}, BEHIND)
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
