"""A manager pauses a rep: skipped with that reason until the pause ends (decision 0028)."""

import pytest

from schemas.inner import CommandReceived
from schemas.outputs import Alert, AssignmentEnded, LeadRejected
from streams.steps import waiting_room
from tests.streams.steps.desk_bench import HOUR, MINUTE, NOON, DeskBench, recount
from tests.streams.steps.journey import Journey, one, paused
from tests.streams.steps.test_route import assigned, bench


def test_a_paused_rep_is_passed_over_with_the_reason_and_keeps_his_leads() -> None:
    """Issue 4, Overrides: pausing takes nothing away; AVL: manual pause."""
    desk = bench()
    desk.lead("lead-1")
    desk.pause("ann")
    for _ in range(3):
        given = assigned(desk.lead())
        assert given.rep_id != "ann"
        assert given.explanation.candidates[0].why_not == "paused"
    assert desk.owners()["lead-1"] == "ann"
    assert desk.events(AssignmentEnded) == []
    recount(desk)


def test_the_pause_and_its_end_say_who_and_why() -> None:
    """Each intervention is an event with who and why."""
    desk = bench()
    (paused_,) = desk.pause("ann", until=HOUR)
    (resumed,) = desk.pause("ann", paused=False)
    assert isinstance(paused_, Alert)
    assert isinstance(resumed, Alert)
    assert (paused_.kind, resumed.kind) == ("rep_paused", "rep_resumed")
    for alert in (paused_, resumed):
        assert (alert.subject, alert.by, alert.why) == ("ann", "manager-1", "as agreed")
        assert (alert.desk, alert.team, alert.severity) == ("main", "inside", "info")
    assert paused_.limit == "2026-03-02T13:00:00Z"


def everybody_paused(until: int | None = None) -> DeskBench:
    """A lead waits for Bob: the others are paused without an end."""
    desk = bench()
    for rep in ("ann", "cay"):
        desk.pause(rep)
    desk.pause("bob", until=until)
    desk.lead("lead-1")
    assert desk.owners() == {}
    return desk


def test_who_waits_is_served_when_somebody_ends_the_pause() -> None:
    """Decision 33: woken by the event that frees somebody."""
    desk = everybody_paused()
    desk.after(HOUR).pause("bob", paused=False)
    assert desk.owners() == {"lead-1": "bob"}
    recount(desk)


def test_who_waits_is_served_the_moment_the_pause_ends() -> None:
    """Nobody has to say anything; the end is no part of the pause."""
    desk = everybody_paused(until=HOUR)
    desk.until(NOON + HOUR - 1)
    assert desk.owners() == {}
    desk.until(NOON + HOUR)
    assert desk.owners() == {"lead-1": "bob"}
    recount(desk)


def test_without_the_drain_the_resumed_rep_would_stay_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(waiting_room, "drain", lambda *_, **__: None)
    desk = everybody_paused(until=HOUR)
    desk.after(MINUTE).pause("bob", paused=False)
    assert desk.after(2 * HOUR).owners() == {}


def test_a_later_pause_replaces_the_earlier_one() -> None:
    """The last word of a manager counts, in both directions."""
    desk = everybody_paused(until=HOUR)
    desk.pause("bob", until=3 * HOUR)
    desk.after(2 * HOUR)
    assert desk.owners() == {}
    desk.pause("bob", until=MINUTE)
    desk.after(MINUTE)
    assert desk.owners() == {"lead-1": "bob"}


def test_news_about_a_rep_leaves_the_pause_as_it_is() -> None:
    """A calendar knows nothing of it."""
    desk = bench()
    desk.pause("ann")
    desk.rep("ann", available=True, away=[("meeting", 0, HOUR)])
    desk.after(2 * HOUR)
    assert assigned(desk.lead()).rep_id == "bob"


def test_a_paused_owner_keeps_his_account() -> None:
    """Decision 34: an owner is passed over only when left, on PTO, sick or away all day."""
    desk = bench()
    desk.pause("bob")
    assert assigned(desk.lead(owner_rep_id="bob")).rep_id == "bob"


def test_a_pause_goes_to_the_reps_desk() -> None:
    """Design, section 3: commands of a rep go straight there; ids as everywhere."""
    command = one(Journey().send(paused("1", " bob ")), CommandReceived)
    assert (command.desk, command.type) == ("main", "rep.paused")
    refusal = one(Journey().send(paused("1", "stranger")), LeadRejected)
    assert (refusal.reason, refusal.field) == ("unknown_rep", "rep_id")


def test_a_rep_whom_the_policy_has_dropped_meanwhile_is_refused() -> None:
    """The twin of the desk's own look: identify decided under an older version."""
    (refusal,) = bench().pause("stranger")
    assert (refusal.reason, refusal.stage) == ("unknown_rep", "route")


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_who_and_why_have_to_be_said(missing: str) -> None:
    """An intervention without them is refused."""
    refusal = one(Journey().send(paused("1", "bob") | {missing: ""}), LeadRejected)
    assert (refusal.reason, refusal.field) == ("invalid_field", missing)
