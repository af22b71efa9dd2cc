"""The waiting room: order, what wakes it, whom it alerts, and what a new policy makes of it."""

import pytest

from schemas.outputs import Alert, LeadPooled
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, MINUTE, recount
from tests.streams.steps.test_route import bench


def test_waiting_leads_are_given_away_by_priority_then_arrival() -> None:
    """Decision 33: never overtaken by a newer one of the same priority."""
    desk = bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("normal-1")
    desk.lead("normal-2")
    desk.lead("high-1", hot=True)
    desk.rep("cay", available=True)
    assert [lead for lead, _ in desk.assigned()] == ["high-1", "normal-1", "normal-2"]
    recount(desk)


def test_a_freed_slot_goes_to_who_waits_before_it_goes_to_a_newcomer() -> None:
    """Complaint 14: woken by whatever frees somebody, here a lead that is closed."""
    desk = bench(reps={rep: {"open_limit": 1} for rep in ("ann", "bob", "cay")})
    for number in range(5):
        desk.lead(f"lead-{number}")
    desk.activity("lead-1", "bob", "lost")
    desk.lead("lead-5")
    assert desk.assigned()[3:] == [("lead-3", "bob")]
    recount(desk)


def test_waiting_raises_one_alert_for_the_team_and_then_one_for_its_manager() -> None:
    """Decision 33, complaint 15: after 5 minutes (1 if high priority), then a business hour."""
    desk = bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    for _ in range(3):
        desk.lead()
    desk.lead(hot=True)
    desk.after(MINUTE)
    assert [event.subject for event in desk.events(Alert)] == ["inside"]
    desk.after(4 * MINUTE)
    assert [event.severity for event in desk.events(Alert)] == ["warning", "warning"]
    desk.after(HOUR)
    assert [event.subject for event in desk.events(Alert)][2:] == ["ann", "ann"]


def test_a_new_policy_wakes_the_waiting_and_moves_orphans() -> None:
    """Design, section 3: `policy_changed`."""
    desk = bench(
        reps={"ann": {"open_limit": 1}, "bob": {"open_limit": 1}, "cay": {"open_limit": 1}}
    )
    for number in range(4):
        desk.lead(f"lead-{number}")
    desk.publish(policies.policy(2, reps={"bob": None, "cay": {"open_limit": 5}}))
    assert desk.owners() == {
        "lead-0": "ann",
        "lead-1": "cay",
        "lead-2": "cay",
        "lead-3": "ann",
    } or ("bob" not in desk.owners().values() and len(desk.owners()) == 4)
    assert desk.tables.turns.get("inside/round_robin/bob") is None
    recount(desk)


def test_a_new_policy_decides_anew_on_who_waits() -> None:
    """Re-decision: what is no longer on the push list goes to a pool."""
    desk = bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("lead-1")
    events = desk.publish(policies.policy(2, teams={"inside": {"push": {"sources": []}}}))
    assert isinstance(events[0], LeadPooled)
    assert desk.tables.timers.get("stale:lead-1") is not None
    recount(desk)


def test_an_absence_cut_short_wakes_the_waiting_earlier() -> None:
    """The desk's one timer follows what is new about the reps."""
    desk = bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, away=[("pto", 0, 5 * HOUR)])
    desk.lead("lead-1")
    desk.rep("bob", away=[("pto", 0, HOUR)])
    desk.after(HOUR)
    assert desk.assigned() == [("lead-1", "bob")]


def test_without_the_wake_up_a_waiting_lead_would_lie_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin of the waiting room's tests: with the drain taken out they would fail."""
    monkeypatch.setattr("streams.steps.waiting_room._heads", lambda *_: [])
    desk = bench(reps={rep: {"open_limit": 1} for rep in ("ann", "bob", "cay")})
    for number in range(4):
        desk.lead(f"lead-{number}")
    desk.activity("lead-1", "bob", "lost")
    assert len(desk.assigned()) == 3
