"""The contact clock, and what reps do about their leads (ESC-01, decisions 31, 32, 35)."""

from typing import Any

import pytest

from schemas.inner import OutcomeReported
from schemas.outputs import Alert, AssignmentEnded, LeadRejected, LifecycleChanged, SlaBreached
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, DeskBench, recount
from tests.streams.steps.test_route import OFFICE, bench


def place_of(desk: DeskBench, lead_id: str) -> str:
    """Where a lead is."""
    row = desk.tables.places.get(lead_id)
    assert row is not None
    return row.place


def lag(desk: DeskBench, rep: str) -> int:
    """Virtual time that a rep's turn is behind, in the general rotation."""
    rotation = desk.tables.rotations.get("inside/round_robin")
    assert rotation is not None
    moved = {entry.rep_id: entry.start for entry in rotation.moved}
    turn = desk.tables.turns.get(f"inside/round_robin/{rep}")
    return rotation.virtual_time - moved.get(rep, turn.start if turn else 0)


def test_an_unanswered_lead_goes_to_the_next_in_the_rotation() -> None:
    """ESC-01, decision 32: and says which assignment it supersedes."""
    desk = bench()
    first = desk.lead("lead-1")[0]
    desk.after(2 * HOUR)
    (breach,) = desk.events(SlaBreached)
    assert (breach.rep_id, breach.kind, breach.action, breach.count) == (
        "ann",
        "breach",
        "backup",
        1,
    )
    assert desk.events(AssignmentEnded)[0].reason == "reassigned"
    second = desk.events(type(first))[1]
    assert (second.rep_id, second.method, second.attempt) == ("bob", "backup", 2)
    assert (second.supersedes, second.previous_rep_id) == (first.assignment_id, "ann")
    recount(desk)


def test_the_named_backup_comes_before_the_rotation_and_is_charged() -> None:
    """Decision 32; decisions, Charge: the taker pays, the first rep gets the turn back."""
    desk = bench(reps={"ann": {"backup": "cay"}})
    desk.lead("lead-1")
    assert (lag(desk, "ann") < 0, lag(desk, "cay") > 0) == (True, True)
    desk.after(2 * HOUR)
    assert desk.assigned() == [("lead-1", "ann"), ("lead-1", "cay")]
    assert (lag(desk, "ann") > 0, lag(desk, "cay") < 0) == (True, True)


def test_a_backup_outside_the_rotation_costs_it_nothing() -> None:
    """The lead leaves the rotation as if it had never been in it."""
    desk = bench(reps={"ann": {"backup": "eve"}})
    desk.lead("lead-1")
    desk.after(2 * HOUR)
    assert desk.owners() == {"lead-1": "eve"}
    assert [lag(desk, rep) for rep in ("ann", "bob", "cay")] == [0, 0, 0]


def test_after_three_reps_the_manager_keeps_the_lead() -> None:
    """Decision 35: three attempts in all, then no further clock."""
    desk = bench(inside={"manager": "eve"})
    desk.lead("lead-1")
    desk.after(5 * DAY)
    assert [rep for _, rep in desk.assigned()] == ["ann", "bob", "cay", "eve"]
    assert [breach.action for breach in desk.events(SlaBreached)] == [
        "backup",
        "backup",
        "alert_manager",
    ]
    (alert,) = [event for event in desk.events(Alert) if event.kind != "no_login_feed"]
    assert (alert.kind, alert.subject, alert.severity) == ("contact_overdue", "eve", "critical")
    recount(desk)


def test_a_breach_with_nobody_eligible_goes_to_the_manager() -> None:
    """Decision 35: never back to who let it lie, and never silently."""
    desk = bench()
    desk.lead("lead-1")
    for rep in ("bob", "cay"):
        desk.rep(rep, available=False)
    desk.after(2 * HOUR)
    assert desk.assigned()[1] == ("lead-1", "ann")
    assert desk.events(SlaBreached)[0].action == "alert_manager"


def test_the_business_clock_stands_still_outside_hours() -> None:
    """Decision 31: seventeen o'clock plus two business hours is ten the next morning."""
    desk = bench(NOON + 5 * HOUR, inside={"hours": OFFICE})
    assert desk.lead()[0].contact_due_at == NOON + 22 * HOUR


def test_the_calendar_clock_does_not() -> None:
    """Decision 31."""
    contact = {"clock": "calendar"}
    desk = bench(NOON + 5 * HOUR, inside={"hours": OFFICE, "contact": contact})
    assert desk.lead()[0].contact_due_at == NOON + 7 * HOUR


@pytest.mark.parametrize(
    ("satisfied_by", "what", "stops"),
    [
        ("attempted", "attempted", True),
        ("attempted", "accepted", False),
        ("contacted", "attempted", False),
        ("contacted", "meeting_booked", True),
    ],
)
def test_what_stops_the_clock_is_the_policys_choice(
    satisfied_by: str, what: str, *, stops: bool
) -> None:
    """Decisions, Contacted."""
    desk = bench(inside={"contact": {"satisfied_by": satisfied_by}})
    desk.lead("lead-1")
    events = desk.activity("lead-1", "ann", what)
    outcomes = [event.outcome for event in events if isinstance(event, OutcomeReported)]
    assert ("contacted" in outcomes) is stops
    desk.after(2 * HOUR)
    assert (desk.events(SlaBreached) == []) is stops


@pytest.mark.parametrize(
    ("what", "place"),
    [
        ("won", "converted"),
        ("lost", "lost"),
        ("unqualified", "disqualified"),
        ("junk", "disqualified"),
        ("duplicate", "disqualified"),
        ("rejected", "disqualified"),
    ],
)
def test_closing_takes_the_load_off_the_rep(what: str, place: str) -> None:
    """CPTY-07; the lead's place says how it ended."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", what)
    assert place_of(desk, "lead-1") == place
    assert desk.events(AssignmentEnded)[0].reason == "closed"
    assert desk.events(OutcomeReported)[-1].outcome == "closed"
    assert desk.tables.loads.get("ann") is None
    recount(desk)


def test_an_opportunity_converts_the_lead_and_the_rep_goes_on_with_it() -> None:
    """Decisions, Contacted and Converted: it is open until it is won or lost."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "opportunity_created")
    assert place_of(desk, "lead-1") == "converted"
    assert desk.tables.loads.get("ann") is not None
    recount(desk)
    desk.activity("lead-1", "ann", "lost")
    assert [event.to_place for event in desk.events(LifecycleChanged)] == [
        "assigned",
        "converted",
        "lost",
    ]
    recount(desk)


@pytest.mark.parametrize(("what", "given_back"), [("junk", True), ("lost", False)])
def test_junk_gives_the_turn_back(what: str, *, given_back: bool) -> None:
    """Decisions, Charge."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", what)
    assert (lag(desk, "ann") == 0) is given_back
    assert desk.lead("lead-2")[0].rep_id == ("ann" if given_back else "bob")


def test_a_no_show_gives_the_turn_back_once_and_keeps_the_lead() -> None:
    """Decisions, Charge: not a second time when the lead turns out to be junk."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "no_show")
    assert (place_of(desk, "lead-1"), lag(desk, "ann")) == ("assigned", 0)
    desk.activity("lead-1", "ann", "junk")
    assert lag(desk, "ann") == 0
    recount(desk)


def test_a_returned_lead_goes_to_somebody_else() -> None:
    """Routed again without that rep; when everybody had it, the manager keeps it."""
    desk = bench(inside={"manager": "eve"})
    desk.lead("lead-1")
    for rep in ("ann", "bob", "cay"):
        assert desk.owners() == {"lead-1": rep}
        desk.activity("lead-1", rep, "returned")
    assert desk.owners() == {"lead-1": "eve"}
    assert {event.reason for event in desk.events(AssignmentEnded)} == {"returned"}
    recount(desk)


@pytest.mark.parametrize(
    "fields", [{"rep_id": "bob"}, {"rep_id": "ann", "assignment_id": "another"}]
)
def test_activity_on_somebody_elses_lead_is_ignored_with_an_event(fields: dict[str, Any]) -> None:
    """Never silence."""
    desk = bench()
    desk.lead("lead-1")
    (event,) = desk.activity("lead-1", what="won", **fields)
    assert (event.kind, event.subject) == ("activity_ignored", fields["rep_id"])
    assert place_of(desk, "lead-1") == "assigned"


def test_activity_on_a_lead_that_is_gone_is_rejected() -> None:
    """With reason and original bytes."""
    (event,) = bench().activity("lead-9", "ann", "won")
    assert isinstance(event, LeadRejected)
    assert (event.reason, event.stage) == ("unknown_lead", "route")


def test_a_contact_logged_late_excuses_the_breach_once() -> None:
    """Decisions, Late truth: the breach stands."""
    desk = bench()
    desk.lead("lead-1")
    desk.after(3 * HOUR)
    for _ in range(2):
        desk.activity("lead-1", "ann", "contacted", occurred_at=NOON + HOUR)
    assert [event.kind for event in desk.events(SlaBreached)] == ["breach", "excused"]
    assert desk.owners() == {"lead-1": "bob"}


def test_the_leads_of_a_rep_who_leaves_are_routed_again() -> None:
    """ACCT-03: nobody's leads stay with somebody who is gone."""
    desk = bench()
    for number in range(6):
        desk.lead(f"lead-{number}")
        desk.activity(f"lead-{number}", desk.owners()[f"lead-{number}"], "contacted")
    desk.rep("ann", status="left")
    assert sorted(desk.owners().values()) == ["bob", "bob", "bob", "cay", "cay", "cay"]
    recount(desk)
