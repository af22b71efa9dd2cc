"""The hot lane's clock: 30 minutes, then the manager is told (LANE-03, LANE-04, ESC-03, SLA-05)."""

import pytest
from msgspec.structs import replace

from schemas.outputs import Alert, AssignmentEnded, RepAssigned, SlaBreached
from tests.streams.steps.desk_bench import HOUR, MINUTE, NOON, DeskBench, recount
from tests.streams.steps.test_hot_lane import HOT
from tests.streams.steps.test_route import OFFICE, assigned, bench


def breaches(desk: DeskBench) -> list[tuple[str, str, str, str]]:
    """Clock, rep, kind and action of each breach."""
    found = desk.events(SlaBreached)
    return [(each.sla, each.rep_id, each.kind, each.action) for each in found]


def told(desk: DeskBench) -> list[Alert]:
    """The alerts about the lane's clock."""
    return [alert for alert in desk.events(Alert) if alert.kind == "hot_lane_overdue"]


def test_after_30_minutes_without_contact_the_manager_is_told() -> None:
    """LANE-03, LANE-04, ESC-03: the rep keeps the lead; once."""
    desk = bench(inside={"manager": "eve"})
    given = assigned(desk.lead("lead-1", **HOT))
    assert given.contact_due_at == NOON + 30 * MINUTE
    desk.after(30 * MINUTE - 1)
    assert breaches(desk) == []
    desk.after(1)
    assert breaches(desk) == [("hot_lane", "ann", "breach", "alert_manager")]
    (alert,) = told(desk)
    assert (alert.subject, alert.severity, alert.value, alert.limit) == (
        "eve",
        "critical",
        "ann",
        "30min",
    )
    desk.after(HOUR)
    assert len(told(desk)) == 1
    assert desk.owners() == {"lead-1": "ann"}
    recount(desk)


def test_the_standard_clock_runs_beside_it_and_the_backup_gets_a_lane_clock_too() -> None:
    """Decision 21: every matching class runs its own clock; two hours stay two hours (ESC-01)."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.after(2 * HOUR)
    second = desk.events(RepAssigned)[1]
    assert (second.rep_id, second.method) == ("bob", "backup")
    assert second.contact_due_at == desk.now + 30 * MINUTE
    desk.after(30 * MINUTE)
    assert [each[:2] for each in breaches(desk)] == [
        ("hot_lane", "ann"),
        ("push_contact", "ann"),
        ("hot_lane", "bob"),
    ]


def test_when_both_clocks_run_out_at_once_the_manager_still_hears_of_it() -> None:
    """The lane's comes first: the other one takes the lead away."""
    desk = bench(inside={"hot_lane": {"target": "2h"}})
    desk.lead(**HOT)
    desk.after(2 * HOUR)
    assert [each[0] for each in breaches(desk)] == ["hot_lane", "push_contact"]


@pytest.mark.parametrize("deed", ["attempted", "contacted", "lost", "returned"])
def test_whatever_ends_the_wait_ends_the_clock(deed: str) -> None:
    """Decisions, Contacted: as of the standard clock; the next rep starts anew."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.activity("lead-1", "ann", deed)
    desk.after(29 * MINUTE)
    desk.after(10 * MINUTE)
    late = [rep for sla, rep, *_ in breaches(desk) if sla == "hot_lane"]
    assert late == (["bob"] if deed == "returned" else [])


def test_a_person_who_asks_again_starts_both_clocks_anew() -> None:
    """Decisions, A lead: a fresh clock."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.activity("lead-1", "ann", "contacted")
    desk.after(HOUR)
    desk.lead("lead-1", kind="touch", **HOT)
    desk.after(30 * MINUTE)
    assert breaches(desk) == [("hot_lane", "ann", "breach", "alert_manager")]


def test_a_contact_logged_late_excuses_the_breach_once() -> None:
    """Decisions, Late truth: the breach stands; who still has the lead is excused as well."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.after(HOUR)
    for _ in range(2):
        desk.activity("lead-1", "ann", "contacted", occurred_at=NOON + 20 * MINUTE)
    assert [each[2:] for each in breaches(desk)] == [
        ("breach", "alert_manager"),
        ("excused", "alert_manager"),
    ]
    desk.after(5 * HOUR)
    assert len(breaches(desk)) == 2


def test_both_breaches_are_excused_by_one_contact_in_time() -> None:
    """Decisions, Late truth: after the lead went to the backup."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.after(2 * HOUR)
    desk.activity("lead-1", "ann", "contacted", occurred_at=NOON + 20 * MINUTE)
    excused = [each.sla for each in desk.events(SlaBreached) if each.kind == "excused"]
    assert excused == ["hot_lane", "push_contact"]


@pytest.mark.parametrize(
    ("clock", "due"), [("business", 15 * HOUR + 30 * MINUTE), ("calendar", 30 * MINUTE)]
)
def test_the_policy_names_the_clock(clock: str, due: int) -> None:
    """Decision 31: ten minutes before the end of work."""
    start = NOON + 6 * HOUR - 10 * MINUTE
    desk = bench(start, inside={"hours": OFFICE, "hot_lane": {"clock": clock}})
    given = assigned(desk.lead(**HOT))
    assert given.contact_due_at == start + due


def test_the_managers_own_lead_and_one_given_by_hand_have_no_clock() -> None:
    """Decision 35, Charge: nothing takes those away, and nobody is told."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.owner("lead-1", "cay")
    desk.after(5 * HOUR)
    assert breaches(desk) == []


def test_a_lead_that_leaves_its_rep_leaves_the_clock_behind() -> None:
    """A manager's skip: the clock of the rep who had it stops with the assignment."""
    desk = bench()
    desk.lead("lead-1", **HOT)
    desk.after(20 * MINUTE)
    desk.skip("lead-1")
    assert len(desk.events(AssignmentEnded)) == 1
    desk.after(29 * MINUTE)
    assert breaches(desk) == []
    desk.after(1 * MINUTE)
    assert breaches(desk) == [("hot_lane", "bob", "breach", "alert_manager")]


def test_the_manager_of_the_reps_team_hears_where_the_leads_team_is_gone() -> None:
    """A policy without the team: the alert goes to whoever leads the rep now."""
    desk = bench(inside={"manager": "ann"})
    desk.lead("lead-1", **HOT)
    place = desk.tables.places.get("lead-1")
    assert place is not None
    desk.tables.places.put("lead-1", replace(place, team="gone"))
    desk.after(30 * MINUTE)
    assert told(desk)[0].subject == "ann"
