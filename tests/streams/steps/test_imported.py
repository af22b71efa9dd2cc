"""A lead that a rep had before this system stays his (issue 4, going live; contract, import)."""

import json
import random
from typing import Any

import pytest

from schemas.inner import OutcomeReported
from schemas.outputs import Alert, AssignmentEnded, LifecycleChanged, RepAssigned, SlaBreached
from streams.policy.compiled import compile_policy
from streams.steps import assignment, imported
from tests import verifier
from tests.account_verifier import Accounts
from tests.hot_lane_verifier import Wrong
from tests.import_verifier import Told, verify_import, verify_loads
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, DeskBench, recount
from tests.streams.steps.test_route import OFFICE, assigned, bench
from tests.streams.steps.test_route_explained import busy_desk, document

REPS = ("ann", "bob", "cay", "eve")
TOPICS = ("assignments.rep", "assignments.ended", "assignments.offers", "leads.lifecycle")


def told(desk: DeskBench) -> list[Told]:
    """What others read, in order."""
    return [
        (each.topic, each.event.model_dump(mode="json", by_alias=True))
        for each in desk.sent
        if each.topic in TOPICS
    ]


def loads(desk: DeskBench) -> dict[str, int]:
    """Open leads by rep, as the rows have them."""
    return {key: row.open for key, row in desk.tables.loads.items()}


def test_an_imported_lead_is_his_and_nobody_is_told() -> None:
    """No turn, no cap, no clock, no word to a rep: a place, a count, and what explains it."""
    desk = bench()
    moved, outcome = desk.lead("lead-1", held_by="bob")
    assert isinstance(moved, LifecycleChanged)
    assert isinstance(outcome, OutcomeReported)
    assert (moved.from_place, moved.to_place, moved.reason) == (None, "assigned", "imported")
    assert (moved.held_by, moved.team) == ("bob", "inside")
    assert (outcome.outcome, outcome.place, outcome.rep_id) == ("placed", "assigned", "bob")
    assert loads(desk) == {"bob": 1}
    for table in (desk.tables.turns, desk.tables.rotations, desk.tables.taken):
        assert not [*table.items()]
    assert not [key for key, _ in desk.tables.timers.items() if "lead-1" in key]
    recount(desk)
    assert desk.after(30 * DAY).owners() == {"lead-1": "bob"}


@pytest.mark.parametrize("away", ["pto", "meeting"])
def test_whatever_speaks_against_the_rep_he_has_it_already(away: str) -> None:
    """Hours, absences, limits and another account's owner route a lead; this one is not routed."""
    desk = bench(inside={"open_limit": 1, "daily_limit": 1, "hours": OFFICE})
    desk.after(10 * HOUR)
    desk.rep("bob", away=[(away, 0, HOUR)], available=False)
    for number in range(5):
        desk.lead(f"lead-{number}", held_by="bob", owner_rep_id="cay", grade="F", source="other")
    assert loads(desk) == {"bob": 5}
    assert desk.events(RepAssigned) == []
    recount(desk)


def test_a_rep_full_by_his_imported_leads_gets_nothing_until_one_is_done() -> None:
    """CPTY-01, CPTY-07: the count is right afterwards, and an outcome frees the place."""
    desk = bench(inside={"open_limit": 2, "rotation": ["ann", "bob"]})
    for number in range(2):
        desk.lead(f"old-{number}", held_by="ann")
    assert [assigned(desk.lead()).rep_id for _ in range(2)] == ["bob", "bob"]
    desk.lead("waits")
    assert "waits" not in desk.owners()
    (ended, *_) = desk.activity("old-0", "ann", "won")
    assert isinstance(ended, AssignmentEnded)
    assert desk.owners()["waits"] == "ann"
    assert loads(desk) == {"ann": 2, "bob": 2}
    recount(desk)
    verify_loads(told(desk))


def test_imported_leads_are_no_leads_of_the_day() -> None:
    """Caps count what comes in a period, and these came before."""
    desk = bench(inside={"daily_limit": 1, "rotation": ["ann"]})
    for number in range(3):
        desk.lead(f"old-{number}", held_by="ann")
    assert assigned(desk.lead()).rep_id == "ann"


def test_who_asks_again_goes_to_his_owner_with_a_fresh_clock() -> None:
    """Decisions, A lead: the owner is alerted; from now on his clock runs as for any other lead."""
    desk = bench()
    desk.lead("lead-1", held_by="bob")
    (alert,) = [each for each in desk.lead("lead-1", kind="touch") if isinstance(each, Alert)]
    assert (alert.kind, alert.subject) == ("asked_again", "bob")
    assert desk.owners() == {"lead-1": "bob"}
    desk.after(2 * HOUR)
    (breach,) = desk.events(SlaBreached)
    assert (breach.rep_id, breach.kind) == ("bob", "breach")
    assert desk.owners()["lead-1"] != "bob"
    recount(desk)


@pytest.mark.parametrize(
    "activity", ["won", "lost", "rejected", "junk", "duplicate", "unqualified"]
)
def test_an_outcome_closes_it(activity: str) -> None:
    """As of any lead in a rep's hands."""
    desk = bench()
    desk.lead("lead-1", held_by="bob")
    desk.activity("lead-1", "bob", activity)
    assert (desk.owners(), loads(desk)) == ({}, {})
    assert not [*desk.tables.turns.items()]
    recount(desk)


def test_it_is_given_back_taken_away_and_left_behind_as_any_other() -> None:
    """Returned, owner set in the CRM, skipped, its rep leaves: it moves on."""
    desk = bench()
    for number in range(4):
        desk.lead(f"lead-{number}", held_by="bob")
    desk.activity("lead-0", "bob", "returned")
    desk.owner("lead-1", "cay")
    desk.skip("lead-2")
    assert "bob" not in {desk.owners()[f"lead-{number}"] for number in range(3)}
    desk.rep("bob", status="left")
    assert "bob" not in desk.owners().values()
    assert len(desk.owners()) == 4
    recount(desk)
    verify_loads(told(desk))


def test_a_rep_who_is_no_longer_in_the_policy_leaves_it_behind() -> None:
    """Issue 4, changes while running: leads in the leaver's hands go where the policy says."""
    desk = bench()
    desk.lead("lead-1", held_by="bob")
    desk.publish(policies.policy(2, reps={"bob": None}))
    assert desk.owners()["lead-1"] in {"ann", "cay"}
    recount(desk)


def test_the_crm_naming_the_owner_it_named_before_changes_nothing() -> None:
    """Owner sync: he has it already."""
    desk = bench()
    desk.lead("lead-1", held_by="bob")
    assert desk.owner("lead-1", "bob") == []
    # Nobody told the CRM of this assignment, so it is a person who gives it back to him.
    desk.owner("lead-1", "cay")
    desk.owner("lead-1", "bob")
    assert desk.owners() == {"lead-1": "bob"}


@pytest.mark.parametrize(
    ("rep", "fields", "why"),
    [
        ("bob", {}, "he has left"),
        ("nobody", {}, "the policy in force does not know him"),
        ("cay", {"contact_allowed": False}, "the person forbade contact"),
    ],
)
def test_where_the_rep_cannot_have_it_it_is_told_and_decided_on(
    rep: str, fields: dict[str, Any], why: str
) -> None:
    """Nothing is left with somebody who will not work it, and nothing is dropped."""
    desk = bench()
    desk.rep("bob", status="left")
    alert, *_ = desk.lead("lead-1", held_by=rep, **fields)
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.subject, alert.value) == ("import_not_kept", rep, "lead-1")
    assert why in alert.detail
    place = desk.tables.places.get("lead-1")
    assert place is not None
    assert place.place == ("nurture" if fields else "assigned")
    assert rep not in desk.owners().values()
    recount(desk)


def imported_desk(seed: int) -> tuple[DeskBench, dict[str, str], dict[str, Any]]:
    """Leads of the old system, then hundreds of steps of a busy desk."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be run again, no secret
    written = document()
    held = {f"old-{number:03d}": chance.choice(REPS) for number in range(90)}
    desk = DeskBench(compile_policy(json.dumps(written), 1))
    for lead, rep in held.items():
        home = f"domain:firm-{chance.randrange(20)}.example"
        desk.lead(lead, held_by=rep, country=chance.choice(["US", None]), home=home)
    return busy_desk(written, seed, 400, desk), held, written


@pytest.mark.parametrize("seed", range(3))
def test_a_verifier_that_shares_no_code_derives_owners_and_loads(seed: int) -> None:
    """Promises 2 and 3: counts are right after the import and at every decision that follows."""
    desk, held, written = imported_desk(seed)
    events = told(desk)
    verify_import(held, events)
    assert verify_loads(events) == loads(desk)
    offers = [value for topic, value in events if topic == "assignments.offers"]
    decisions = [value for topic, value in events if topic == "assignments.rep"]
    assert len(decisions) > 200
    for each in decisions:
        verifier.verify(each, written, said=desk.said, offers=offers)
    assert verify_accounts(events, Accounts({1: written}, desk.homes)) > 10
    recount(desk)


def verify_accounts(events: list[Told], accounts: Accounts) -> int:
    """ACCT-05 with imported leads: who works an account; how often that decided."""
    worked = 0
    for topic, value in events:
        if value.get("held_by"):
            accounts.imported(value)
        elif topic == "assignments.rep":
            accounts.assigned(value)
            worked += value["reason"] == "works_account"
        elif topic == "assignments.ended":
            accounts.ended(value)
    return worked


def test_the_verifier_finds_a_lead_that_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: open counts that the import forgets."""
    monkeypatch.setattr(assignment, "add_load", lambda *_: None)
    desk = bench()
    desk.lead(held_by="bob")
    monkeypatch.undo()
    desk.lead()
    with pytest.raises(Wrong, match="bob has 1 open leads"):
        verify_loads(told(desk))


def test_the_verifier_finds_a_lead_that_is_routed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: an import that gives its leads to whoever is next."""
    monkeypatch.setattr(imported, "keep", lambda *_, **__: False)
    desk = bench()
    desk.lead("lead-1", held_by="bob")
    with pytest.raises(Wrong, match="a rep is told"):
        verify_import({"lead-1": "bob"}, told(desk))


def test_the_verifier_finds_another_rep_a_missing_lead_and_one_too_many() -> None:
    """The twin: each part of the record matters."""
    desk = bench()
    desk.lead("lead-1", held_by="bob")
    for held in ({"lead-1": "cay"}, {"lead-1": "bob", "lead-2": "bob"}, {}):
        with pytest.raises(Wrong, match="held by others"):
            verify_import(held, told(desk))
    with pytest.raises(Wrong, match="a second time"):
        verify_import({"lead-1": "bob"}, told(desk) * 2)
