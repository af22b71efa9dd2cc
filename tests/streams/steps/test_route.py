"""Who gets a lead: tiers, availability, push or pool (issue 3, part 4)."""

from typing import Any

import pytest

from schemas.inner import OutcomeReported
from schemas.outputs import (
    Alert,
    LifecycleChanged,
    RepAssigned,
)
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, DeskBench, recount

OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "begin": "09:00", "end": "18:00"}
"""Working hours of the tests that are about them; the base policy's are round the clock."""


def bench(now: int = NOON, *, inside: dict[str, Any] | None = None, **overrides: Any) -> DeskBench:
    """A desk under the small policy; `inside` replaces parts of that team."""
    teams = overrides.pop("teams", {})
    return DeskBench(policies.policy(teams={"inside": inside or {}} | teams, **overrides), now)


def assigned(events: list[Any]) -> RepAssigned:
    """The one assignment among the events."""
    (found,) = [event for event in events if isinstance(event, RepAssigned)]
    return found


def test_a_pushed_lead_is_given_away_and_everybody_hears_of_it() -> None:
    """ROUT-01: one rep, at once, by rule; it says who, where, and what qualify has to know."""
    desk = bench()
    events = desk.lead("lead-1")
    assert [type(event) for event in events] == [RepAssigned, LifecycleChanged, OutcomeReported]
    given = assigned(events)
    assert (given.rep_id, given.method, given.attempt, given.team) == (
        "ann",
        "round_robin",
        1,
        "inside",
    )
    assert given.contact_due_at == NOON + 2 * HOUR
    assert given.explanation.policy_version == given.policy_version == 1
    assert (events[1].from_place, events[1].to_place) == (None, "assigned")
    assert desk.sent[-1].topic == "accounts.inbox"
    assert desk.sent[-1].key == "domain:company-1.example"
    recount(desk)


def test_leads_go_round_in_the_general_rotation() -> None:
    """RR-01, RR-02, complaint 25."""
    desk = bench()
    for _ in range(6):
        desk.lead()
    assert [rep for _, rep in desk.assigned()] == ["ann", "bob", "cay"] * 2


def test_the_account_owner_comes_before_everything_else() -> None:
    """ROUT-04, ACCT-01: whatever the source and the grade; capacity never takes it from him."""
    desk = bench(reps={"bob": {"open_limit": 1}})
    for _ in range(3):
        given = assigned(desk.lead(source="purchased_list", grade="F", owner_rep_id="bob"))
        assert (given.rep_id, given.method) == ("bob", "account")
    assert desk.tables.turns.get("inside/round_robin/bob") is None


def test_a_named_accounts_owner_comes_second() -> None:
    """ROUT-05, NAMD-01."""
    given = assigned(bench().lead(source="other", named=True, named_owner_rep_id="eve"))
    assert (given.rep_id, given.method, given.team) == ("eve", "named_account", "field")


@pytest.mark.parametrize("kind", ["pto", "sick", "all_day_meeting"])
def test_an_owner_who_is_away_all_day_is_worked_for_by_his_backup(kind: str) -> None:
    """Decision 34, complaint 16: ownership stays."""
    desk = bench(reps={"bob": {"backup": "cay"}})
    desk.rep("bob", away=[(kind, 0, HOUR)])
    given = assigned(desk.lead(owner_rep_id="bob"))
    assert (given.rep_id, given.method, given.reason) == ("cay", "backup", f"owner_{kind}")
    assert assigned(desk.after(HOUR).lead(owner_rep_id="bob")).rep_id == "bob"


def test_an_owner_in_a_meeting_keeps_his_lead() -> None:
    """Decision 34: meetings never take an account from its owner."""
    desk = bench()
    desk.rep("bob", away=[("meeting", 0, HOUR)])
    assert assigned(desk.lead(owner_rep_id="bob")).rep_id == "bob"


def test_the_lead_of_an_owner_who_left_goes_to_the_manager() -> None:
    """ACCT-03, FALL-03."""
    desk = bench()
    desk.rep("bob", status="left")
    given = assigned(desk.lead(owner_rep_id="bob"))
    assert (given.rep_id, given.method, given.contact_due_at) == ("ann", "manager", None)


TERRITORIES = {
    "territories": [
        {"territory": "west", "states": ["US-CA"], "reps": ["bob"]},
        {"territory": "bay", "countries": ["US"], "postal_prefixes": ["94"], "reps": ["cay"]},
        {"territory": "america", "countries": ["US"], "reps": ["ann", "bob"]},
    ],
    "specialties": [
        {"specialty": "health", "when": 'industry == "healthcare"', "reps": ["cay"]},
    ],
}


@pytest.mark.parametrize(
    ("where", "rep", "rotation"),
    [
        ({"state": "US-CA", "country": "US"}, "bob", "inside/territory:west"),
        (
            {"state": "US-CA", "country": "US", "postal_code": "94110"},
            "cay",
            "inside/territory:bay",
        ),
        ({"country": "US"}, "ann", "inside/territory:america"),
        ({"country": "FR", "postal_code": "94110"}, "ann", "inside/round_robin"),
        ({"country": "FR", "industry": "healthcare"}, "cay", "inside/specialty:health"),
    ],
)
def test_the_most_specific_territory_wins_then_the_specialty(
    where: dict[str, str], rep: str, rotation: str
) -> None:
    """ROUT-06, ROUT-07, TERR-04, SPEC-01."""
    given = assigned(bench(inside=TERRITORIES).lead(**where))
    assert (given.rep_id, given.explanation.rotation) == (rep, rotation)


def test_a_lead_outside_every_territory_counts_as_a_fallback() -> None:
    """Decision 24."""
    given = assigned(bench(inside=TERRITORIES).lead(country="FR"))
    assert given.reason == "no_territory"


def test_a_tier_with_nobody_free_hands_on_to_the_next() -> None:
    """ROUT-02, ROUT-10: tiers in the policy's order, each with what it found."""
    desk = bench(inside=TERRITORIES)
    desk.rep("bob", available=False)
    given = assigned(desk.lead(state="US-CA", country="US", industry="healthcare"))
    assert given.rep_id == "cay"
    assert [(tried.tier, tried.matched) for tried in given.explanation.path] == [
        ("push", True),
        ("account", False),
        ("named_account", False),
        ("territory", True),
        ("specialty", True),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "left"}, "left"),
        ({"available": False}, "unavailable"),
        ({"away": [("pto", 0, HOUR)]}, "pto"),
        ({"away": [("meeting", 0, HOUR)]}, "meeting"),
        ({"logged_in_at": NOON - DAY}, "not_logged_in"),
    ],
)
def test_who_cannot_take_a_lead_is_passed_over_with_the_reason(
    change: dict[str, Any], reason: str
) -> None:
    """AVL-01 to AVL-05, complaint 3, promise 3."""
    desk = bench()
    desk.rep("ann", **change)
    given = assigned(desk.lead())
    assert given.rep_id == "bob"
    assert given.explanation.candidates[0].why_not == reason


def test_log_in_is_not_looked_at_without_a_feed() -> None:
    """Decisions, Not logged in: where no feed exists nobody is skipped for it."""
    assert assigned(bench().lead()).rep_id == "ann"


def test_a_rep_at_the_limit_is_passed_over() -> None:
    """AVL-04, CPTY-01, ROUT-03: the current workload counts."""
    desk = bench(reps={"ann": {"open_limit": 1}})
    for _ in range(4):
        desk.lead()
    assert [rep for _, rep in desk.assigned()].count("ann") == 1
    recount(desk)


def test_outside_hours_a_lead_is_assigned_and_the_clock_starts_with_the_shift() -> None:
    """Decision 33, `assign`."""
    desk = bench(NOON - 6 * HOUR, inside={"hours": OFFICE})
    assert assigned(desk.lead()).contact_due_at == NOON - HOUR


def test_on_call_reps_come_first_outside_hours_and_their_clock_runs_at_once() -> None:
    """Decisions 31 and 33."""
    desk = bench(NOON - 6 * HOUR, inside={"hours": OFFICE, "on_call": ["cay"]})
    given = assigned(desk.lead())
    assert (given.rep_id, given.contact_due_at) == ("cay", NOON - 4 * HOUR)
    assert given.explanation.rotation == "inside/on_call"


def test_a_full_rep_on_shift_is_not_outside_hours() -> None:
    """The lead waits for him: somebody is at work, although not free."""
    reps = {rep: {"hours": {**OFFICE, "begin": "12:00"}} for rep in ("ann", "bob")}
    desk = bench(NOON - HOUR, inside={"hours": OFFICE}, reps=reps | {"cay": {"open_limit": 1}})
    desk.lead("lead-1")
    desk.lead("lead-2")
    assert desk.assigned() == [("lead-1", "cay")]
    desk.after(HOUR)
    assert desk.assigned()[1] == ("lead-2", "ann")


def test_a_lead_whose_rotation_is_on_hold_waits_for_the_shift() -> None:
    """Decision 33, `hold`: woken the minute the shift starts."""
    desk = bench(NOON - 6 * HOUR, inside={"hours": OFFICE, "outside_hours": "hold"})
    desk.lead("lead-1")
    assert desk.assigned() == []
    desk.until(NOON - 3 * HOUR - 1)
    assert desk.assigned() == []
    desk.until(NOON - 3 * HOUR)
    assert desk.assigned() == [("lead-1", "ann")]
    assert desk.events(Alert) == []
