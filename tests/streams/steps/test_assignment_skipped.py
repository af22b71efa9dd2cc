"""A manager takes a lead from its rep; the next in line gets it (decision 0028)."""

import pytest

from schemas.inner import CommandReceived
from schemas.outputs import Alert, AssignmentEnded, LeadRejected, RepAssigned
from streams.steps import assignment, waiting_room
from tests.streams.steps.desk_bench import HOUR, DeskBench, recount
from tests.streams.steps.journey import one, skipped
from tests.streams.steps.test_qualify import admitted
from tests.streams.steps.test_route import assigned, bench


def test_the_next_in_line_gets_it_and_the_record_says_who_took_it_and_why() -> None:
    """Issue 4, Overrides, complaint 20: by the rules again, without him."""
    desk = bench()
    first = assigned(desk.lead("lead-1"))
    ended, given = desk.skip("lead-1")[:2]
    assert isinstance(ended, AssignmentEnded)
    assert isinstance(given, RepAssigned)
    assert (ended.assignment_id, ended.rep_id, ended.reason) == (
        first.assignment_id,
        "ann",
        "reassigned",
    )
    assert (ended.by, ended.why) == ("manager-1", "as agreed")
    assert (given.rep_id, given.method, given.by) == ("bob", "round_robin", None)
    assert given.supersedes == first.assignment_id
    assert given.explanation.candidates[0].why_not == "tried"
    assert given.contact_due_at == desk.now + 2 * HOUR
    recount(desk)


def after_a_skip(desk: DeskBench) -> list[str]:
    """Ann's lead is skipped; who has it then, and who gets the two after it."""
    desk.lead("lead-1")
    desk.skip("lead-1")
    desk.lead()
    desk.lead()
    return [rep for _, rep in desk.assigned()[1:]]


def test_the_skipped_rep_has_his_turn_back() -> None:
    """She comes before Bob, who has had one: the lead cost her nothing."""
    assert after_a_skip(bench()) == ["bob", "cay", "ann"]


def test_without_the_turn_given_back_it_would_have_cost_a_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin."""
    monkeypatch.setattr(assignment, "give_back", lambda *_: None)
    assert after_a_skip(bench()) == ["bob", "cay", "bob"]


def waits_for_ann() -> DeskBench:
    """Everybody is full, and a lead waits; the skipped lead frees Ann."""
    desk = bench(reps={rep: {"open_limit": 1} for rep in ("ann", "bob", "cay")})
    for number in range(4):
        desk.lead(f"lead-{number}")
    desk.skip("lead-0")
    return desk


def test_who_waits_takes_the_freed_rep_and_the_skipped_lead_waits_behind() -> None:
    """Decision 33: woken by what frees somebody, never overtaken."""
    desk = waits_for_ann()
    assert desk.owners() == {"lead-1": "bob", "lead-2": "cay", "lead-3": "ann"}
    desk.activity("lead-1", "bob", "lost")
    assert desk.owners()["lead-0"] == "bob"
    recount(desk)


def test_without_the_drain_who_waits_would_go_on_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(waiting_room, "drain", lambda *_, **__: None)
    assert "lead-3" not in waits_for_ann().owners()


def test_an_owner_who_is_skipped_does_not_get_it_by_his_account_again() -> None:
    """The tiers go on behind him."""
    desk = bench(reps={"bob": {"backup": "cay"}})
    desk.lead("lead-1", owner_rep_id="bob")
    desk.skip("lead-1")
    assert desk.owners() == {"lead-1": "cay"}
    recount(desk)


def test_an_owner_set_by_hand_is_skipped_too() -> None:
    """A person takes back what a person gave; the rules decide again, clock included."""
    desk = bench()
    desk.lead("lead-1")
    desk.owner("lead-1", "cay")
    desk.skip("lead-1")
    assert desk.owners()["lead-1"] in {"ann", "bob"}
    assert desk.tables.timers.get("contact:lead-1") is not None
    recount(desk)


@pytest.mark.parametrize("ended_by", ["contact", "closed", "another"])
def test_an_assignment_that_has_ended_meanwhile_is_not_skipped(ended_by: str) -> None:
    """Somebody or something was quicker: said, and nothing changes."""
    desk = bench()
    first = assigned(desk.lead("lead-1")).assignment_id
    if ended_by == "contact":
        desk.after(2 * HOUR)
    elif ended_by == "closed":
        desk.activity("lead-1", "ann", "lost")
    else:
        desk.owner("lead-1", "eve")
    owners = desk.owners()
    (alert,) = desk.skip("lead-1", first)
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.subject, alert.value) == ("skip_ignored", "lead-1", first)
    assert desk.owners() == owners
    recount(desk)


def test_a_lead_that_is_gone_is_refused() -> None:
    """Its rows went after the policy's time, or never were."""
    (refusal,) = bench().skip("lead-1")
    assert isinstance(refusal, LeadRejected)
    assert refusal.reason == "unknown_lead"


def test_a_skip_takes_the_leads_own_way_to_its_desk() -> None:
    """Design, section 3: nothing overtakes its own lead."""
    command = one(admitted().send(skipped("2", " L1 ", " a-1 ")), CommandReceived)
    assert (command.lead_id, command.desk, command.type) == ("L1", "main", "assignment.skipped")
    refusal = one(admitted().send(skipped("2", "a@b.example")), LeadRejected)
    assert (refusal.reason, refusal.field) == ("invalid_field", "lead_id")
