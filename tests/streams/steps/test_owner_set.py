"""Owners set by hand in the CRM: respected and never routed again (decision 0026)."""

from typing import Any

import pytest

from schemas.outputs import Alert, AssignmentEnded, LeadRejected, LifecycleChanged, RepAssigned
from streams.steps import waiting_room
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, DeskBench, recount
from tests.streams.steps.test_route import assigned, bench


def test_an_owner_set_by_hand_takes_the_lead_and_the_record_says_who_and_why() -> None:
    """Contract, lead.owner_changed: respected; the assignment before it ends."""
    desk = bench()
    first = assigned(desk.lead("lead-1"))
    events = desk.owner("lead-1", "cay", by="user-7", reason="met her at the fair")
    ended, given, moved = events[:3]
    assert isinstance(ended, AssignmentEnded)
    assert isinstance(given, RepAssigned)
    assert isinstance(moved, LifecycleChanged)
    assert (ended.assignment_id, ended.rep_id, ended.reason) == (
        first.assignment_id,
        "ann",
        "owner_changed",
    )
    assert (given.rep_id, given.method, given.reason) == ("cay", "manager", "owner_changed")
    assert (given.supersedes, given.previous_rep_id) == (first.assignment_id, "ann")
    for event in (ended, given):
        assert (event.by, event.why) == ("user-7", "met her at the fair")
    assert moved.reason == "owner_changed"
    recount(desk)


def test_a_managers_reassignment_is_named_as_such() -> None:
    """Contract, assignments.ended: reason `reassigned` for a manager's."""
    desk = bench()
    desk.lead("lead-1")
    ended, given = desk.reassigned("lead-1", "bob")[:2]
    assert (ended.reason, ended.by, given.reason, given.by) == (
        "reassigned",
        "manager-1",
        "reassigned",
        "manager-1",
    )
    recount(desk)


def test_nothing_but_a_person_takes_it_away_again() -> None:
    """Respected and never routed again: no clock, no new score, no policy moves it."""
    desk = bench()
    desk.lead("lead-1")
    (given,) = [event for event in desk.owner("lead-1", "cay") if isinstance(event, RepAssigned)]
    assert given.contact_due_at is None
    desk.after(DAY)
    desk.lead("lead-1", kind="update", score=95, owner_rep_id="bob")
    desk.lead("lead-1", kind="touch")
    desk.after(DAY)
    desk.publish(policies.policy(2, teams={"inside": {"rotation": ["ann", "bob"]}}))
    assert desk.owners() == {"lead-1": "cay"}
    desk.activity("lead-1", "cay", "returned")
    assert desk.owners()["lead-1"] != "cay"
    recount(desk)


def test_by_the_rules_the_clock_would_have_taken_it_away() -> None:
    """The twin: the same day without a hand."""
    desk = bench()
    desk.lead("lead-1")
    desk.after(DAY)
    assert len(desk.assigned()) > 1


@pytest.mark.parametrize("kind", ["owner", "reassigned"])
@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("pooled", {"source": "webinar"}),
        ("nurture", {"source": "webinar", "grade": "F"}),
        ("waiting", {}),
    ],
)
def test_a_lead_is_taken_by_hand_from_any_open_place(
    place: str, fields: dict[str, Any], kind: str
) -> None:
    """From waiting, pool and nurture: nothing had to end there."""
    desk = bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("lead-1", **fields)
    assert [row.place for _, row in desk.tables.places.items()] == [place]
    getattr(desk, kind)("lead-1", "bob")
    assert desk.owners() == {"lead-1": "bob"}
    assert desk.events(AssignmentEnded) == []
    desk.after(40 * DAY)
    assert desk.owners() == {"lead-1": "bob"}
    recount(desk)


def test_an_archived_lead_is_taken_up_again() -> None:
    """Archived is nurtured too (Re-decision)."""
    desk = bench()
    desk.lead("lead-1", grade="F", source="webinar")
    desk.after(31 * DAY)
    desk.owner("lead-1", "bob")
    assert desk.owners() == {"lead-1": "bob"}
    recount(desk)


def test_a_closed_lead_stays_closed() -> None:
    """A bulk transfer in the CRM opens none of them again, and says so."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "lost")
    (alert,) = desk.owner("lead-1", "bob")
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.subject, desk.owners()) == ("owner_ignored", "bob", {})
    recount(desk)


def test_neither_hours_nor_capacity_nor_absence_stop_a_person() -> None:
    """Decision 0026: who sets an owner knows why."""
    desk = bench(reps={"bob": {"open_limit": 1}})
    desk.lead("lead-1", owner_rep_id="bob")
    desk.lead("lead-2")
    desk.rep("bob", away=[("pto", 0, HOUR)])
    desk.owner("lead-2", "bob")
    assert desk.owners() == {"lead-1": "bob", "lead-2": "bob"}
    assert dict(desk.tables.loads.items())["bob"].open == 2
    recount(desk)


def test_the_freed_rep_takes_who_waits() -> None:
    """Decision 33: woken by whatever frees somebody."""
    desk = one_slot_each()
    for number in range(4):
        desk.lead(f"lead-{number}")
    assert "lead-3" not in desk.owners()
    desk.owner("lead-0", "eve")
    assert desk.owners() == {"lead-0": "eve", "lead-1": "bob", "lead-2": "cay", "lead-3": "ann"}
    recount(desk)


def one_slot_each() -> DeskBench:
    """Everybody of the team has room for one lead."""
    return bench(reps={rep: {"open_limit": 1} for rep in ("ann", "bob", "cay")})


def test_without_the_drain_the_freed_rep_would_stay_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(waiting_room, "drain", lambda *_, **__: None)
    desk = one_slot_each()
    for number in range(4):
        desk.lead(f"lead-{number}")
    desk.owner("lead-0", "eve")
    assert "lead-3" not in desk.owners()


def test_who_loses_a_lead_by_hand_gets_the_turn_back_and_the_taker_pays_none() -> None:
    """Decisions, Charge: manager costs nothing."""
    desk = bench()
    desk.lead("lead-1")
    desk.reassigned("lead-1", "bob")
    for _ in range(3):
        desk.lead()
    assert [rep for _, rep in desk.assigned()] == ["ann", "bob", "ann", "bob", "cay"]


def test_a_lead_that_he_was_in_touch_with_was_worth_the_turn() -> None:
    """Decision 0026: or a transfer of forty worked leads would bring forty new ones at once."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "contacted")
    desk.reassigned("lead-1", "bob")
    desk.lead()
    assert desk.assigned()[-1][1] == "bob"


def test_a_leaver_loses_what_was_given_by_hand_too() -> None:
    """ACCT-03: there is nobody left to be respected."""
    desk = bench()
    desk.lead("lead-1")
    desk.owner("lead-1", "cay")
    desk.rep("cay", status="left")
    assert desk.owners()["lead-1"] != "cay"
    recount(desk)


def two_desks() -> DeskBench:
    """Eve's team is a desk of its own."""
    main = {"teams": ["inside"], "team_rules": []}
    field = {"teams": ["field"], "default_team": "field", "fallback_pool": "rest"}
    other = field | {"pools": [{"pool": "rest", "when": "true"}]}
    return bench(desks={"main": main, "other": other})


@pytest.mark.parametrize(
    ("desk", "rep", "reason", "field"),
    [
        (bench, "nobody", "unknown_rep", "rep_id"),
        (two_desks, "eve", "other_desk", "rep_id"),
        (bench, "cay", "rep_left", "rep_id"),
    ],
)
def test_who_cannot_have_it_is_refused_and_the_lead_stays(
    desk: Any, rep: str, reason: str, field: str
) -> None:
    """Contract, section 2: rejected with that reason, never silence."""
    made = desk()
    made.rep("cay", status="left")
    made.lead("lead-1")
    (refusal,) = made.owner("lead-1", rep)
    assert isinstance(refusal, LeadRejected)
    assert (refusal.reason, refusal.field, refusal.stage) == (reason, field, "route")
    assert made.owners() == {"lead-1": "ann"}
    assert made.tables.counts.get(f"rejected:{reason}").value == 1
    recount(made)


def test_whose_person_forbade_contact_goes_to_nobody() -> None:
    """Decisions, Consent: an explicit do-not-contact blocks sales."""
    desk = bench()
    desk.lead("lead-1", contact_allowed=False)
    (refusal,) = desk.owner("lead-1", "bob")
    assert (refusal.reason, desk.owners()) == ("contact_forbidden", {})


def test_a_lead_that_is_gone_is_refused() -> None:
    """Its rows went after the policy's time."""
    (refusal,) = bench().owner("lead-1", "bob")
    assert refusal.reason == "unknown_lead"
