"""Leads are routed again after a territory moved: what moves, what stays, and who hears of it."""

from typing import Any

import pytest

from schemas.inner import CommandReceived
from schemas.outputs import Alert, AssignmentEnded, LeadPooled, LeadRejected, RepAssigned
from streams.policy.compiled import Policy
from streams.steps import assignment, reroute, waiting_room
from streams.steps.search import Search
from tests import verifier
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, DeskBench, recount
from tests.streams.steps.journey import one, rerouted
from tests.streams.steps.test_qualify import admitted
from tests.streams.steps.test_route import assigned, bench

TWO = {"ann": {"open_limit": 1}, "bob": {"open_limit": 1}}


def territory(*reps: str) -> dict[str, Any]:
    """The team's only territory, Germany, of these reps."""
    return {"territories": [{"territory": "dach", "countries": ["DE"], "reps": list(reps)}]}


def moved_to(*reps: str, **overrides: Any) -> Policy:
    """The version in which Germany is theirs."""
    return policies.policy(2, teams={"inside": territory(*reps)}, **overrides)


def moved(*reps: str, **overrides: Any) -> DeskBench:
    """Ann has a lead from Germany when it becomes theirs."""
    desk = bench(inside=territory("ann"), **overrides)
    desk.lead("lead-1", country="DE")
    desk.publish(moved_to(*reps, **overrides))
    return desk


def test_a_lead_of_a_territory_that_moved_goes_to_whose_it_is_now() -> None:
    """Issue 4, Bulk re-route: publishing moves nothing that a rep holds, the request does."""
    desk = moved("bob")
    first = desk.events(RepAssigned)[0].assignment_id
    assert desk.owners() == {"lead-1": "ann"}
    events = desk.reroute("lead-1")
    ended, given, alert = events[0], assigned(events), events[-1]
    assert isinstance(ended, AssignmentEnded)
    assert (ended.assignment_id, ended.reason, ended.by, ended.why) == (
        first, "reassigned", "manager-1", "as agreed",
    )  # fmt: skip
    assert (given.rep_id, given.method, given.supersedes) == ("bob", "territory", first)
    assert given.contact_due_at == desk.now + 2 * HOUR
    assert isinstance(alert, Alert)
    told = (alert.kind, alert.subject, alert.value, alert.by, alert.why)
    assert told == ("rerouted", "lead-1", "ann", "manager-1", "as agreed")
    recount(desk)


def test_the_verifier_derives_who_gets_it() -> None:
    """The record of the decision is enough, as it is for any other."""
    desk = moved("bob", "cay")
    given = assigned(desk.reroute("lead-1"))
    written = policies.BASE | {"teams": {**policies.BASE["teams"]}}
    written["teams"]["inside"] = written["teams"]["inside"] | territory("bob", "cay")
    record = given.model_dump(mode="json", by_alias=True)
    verifier.verify(record, written, {"country": "DE"})
    with pytest.raises(verifier.Wrong):
        verifier.verify(record, written, {"country": "FR"})


@pytest.mark.parametrize("reps", [("bob", "ann"), ("ann",)])
def test_who_is_among_those_that_the_rules_mean_keeps_it_without_a_word(
    reps: tuple[str, ...],
) -> None:
    """A rotation would give it to another member each time: nobody has asked for that."""
    desk = moved(*reps)
    assert desk.reroute("lead-1") == []
    assert desk.owners() == {"lead-1": "ann"}


def test_the_rule_is_what_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: by the choice alone it would be taken from him."""
    monkeypatch.setattr(Search, "looked", lambda _: {})
    desk = bench()
    desk.lead("lead-1")
    assert isinstance(desk.reroute("lead-1")[0], AssignmentEnded)


def test_the_same_request_again_changes_nothing() -> None:
    """However often it is asked for: a second sender, or the same after the memory of repeats."""
    desk = moved("bob", "cay")
    desk.reroute("lead-1")
    owners = desk.owners()
    assert owners["lead-1"] in {"bob", "cay"}
    assert desk.reroute("lead-1") == desk.reroute("lead-1") == []
    assert desk.owners() == owners


def test_an_account_owner_keeps_his_lead_while_he_is_away() -> None:
    """His backup works new ones for him; what he has stays his."""
    desk = bench(reps={"bob": {"backup": "cay"}})
    desk.lead("lead-1", owner_rep_id="bob")
    desk.rep("bob", away=[("pto", 0, 48 * HOUR)])
    assert desk.reroute("lead-1") == []


def turns_after(*, worked: bool = False) -> list[str]:
    """A lead of Germany's rotation goes to who has it alone now; who gets the next two."""
    desk = bench(inside={"rotation": ["ann", "cay"]})
    desk.lead("lead-1", country="DE")
    desk.publish(policies.policy(2, teams={"inside": {"rotation": ["ann", "cay"]}
                                           | territory("bob")}))  # fmt: skip
    if worked:
        desk.activity("lead-1", "ann", "contacted")
    desk.reroute("lead-1", worked=worked)
    desk.lead()
    desk.lead()
    return [rep for _, rep in desk.assigned()]


def test_who_loses_it_has_the_turn_back() -> None:
    """Unless he has been in touch with the person: then the lead was worth it."""
    assert turns_after() == ["ann", "bob", "ann", "cay"]
    assert turns_after(worked=True) == ["ann", "bob", "cay", "ann"]


def test_without_the_turn_given_back_it_would_have_cost_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin."""
    monkeypatch.setattr(assignment, "give_back_unworked", lambda *_: None)
    assert turns_after() == ["ann", "bob", "cay", "ann"]


def test_a_lead_that_is_worked_stays_unless_that_is_asked_for() -> None:
    """A rep in the middle of a conversation does not lose it."""
    desk = moved("bob")
    desk.activity("lead-1", "ann", "contacted")
    (alert,) = desk.reroute("lead-1")
    assert (alert.kind, alert.value, desk.owners()) == (
        "reroute_ignored", "worked", {"lead-1": "ann"},
    )  # fmt: skip
    assert assigned(desk.reroute("lead-1", worked=True)).rep_id == "bob"
    recount(desk)


def test_an_imported_lead_counts_as_worked() -> None:
    """Nobody knows how far its rep is with it."""
    desk = moved("bob")
    desk.lead("lead-2", country="DE", held_by="ann")
    (alert,) = desk.reroute("lead-2")
    assert (alert.kind, alert.value) == ("reroute_ignored", "worked")
    assert assigned(desk.reroute("lead-2", worked=True)).rep_id == "bob"
    recount(desk)


@pytest.mark.parametrize(
    ("before", "value"),
    [("by_hand", "manager"), ("converted", "converted"), ("lost", "lost"), ("nurture", "nurture")],
)
def test_what_is_not_the_rules_to_give_stays_and_an_alert_says_why(before: str, value: str) -> None:
    """Owners set by hand stay until a person takes the lead by name (decision 0026)."""
    desk = moved("bob")
    if before == "by_hand":
        desk.owner("lead-1", "cay")
    elif before == "converted":
        desk.activity("lead-1", "ann", "opportunity_created")
    elif before == "lost":
        desk.activity("lead-1", "ann", "lost")
    desk.lead("lead-2", contact_allowed=False)
    owners = desk.owners()
    (alert,) = desk.reroute("lead-2" if before == "nurture" else "lead-1", worked=True)
    assert (alert.kind, alert.value, alert.by) == ("reroute_ignored", value, "manager-1")
    assert desk.owners() == owners
    recount(desk)


def test_from_a_rep_to_nobody_no_lead_goes() -> None:
    """While those whose it is are full or away it stays in hands."""
    one_lead = {"bob": {"open_limit": 1}}
    desk = bench(inside=territory("ann"), reps=one_lead)
    desk.lead("lead-1", country="DE")
    only = {"rotation": ["bob"]} | territory("bob")
    desk.publish(policies.policy(2, teams={"inside": only}, reps=one_lead))
    desk.lead("lead-2", country="DE")
    (alert,) = desk.reroute("lead-1")
    assert (alert.kind, alert.value) == ("reroute_ignored", "nobody_eligible")
    assert desk.owners() == {"lead-1": "ann", "lead-2": "bob"}
    desk.activity("lead-2", "bob", "lost")
    desk.reroute("lead-1")
    assert desk.owners() == {"lead-1": "bob"}
    recount(desk)


def waiting_behind() -> DeskBench:
    """Ann is full, and a lead of France waits for her; hers of Germany becomes Bob's."""
    french = {"territory": "france", "countries": ["FR"], "reps": ["ann"]}
    both = [
        {"territories": [*territory(rep)["territories"], french], "rotation": ["ann"]}
        for rep in ("ann", "bob")
    ]
    desk = bench(inside=both[0], reps={"ann": {"open_limit": 1}})
    desk.lead("lead-1", country="DE")
    desk.lead("lead-2", country="FR")
    desk.publish(policies.policy(2, teams={"inside": both[1]}, reps={"ann": {"open_limit": 1}}))
    assert desk.owners() == {"lead-1": "ann"}
    desk.reroute("lead-1")
    return desk


def test_who_waits_takes_the_place_that_becomes_free() -> None:
    """Decision 33: woken by what frees somebody."""
    desk = waiting_behind()
    assert desk.owners() == {"lead-1": "bob", "lead-2": "ann"}
    recount(desk)


def test_without_the_drain_it_would_go_on_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(waiting_room, "drain", lambda *_, **__: None)
    assert "lead-2" not in waiting_behind().owners()


def test_a_pooled_lead_is_decided_anew_and_keeps_its_age_where_it_stays() -> None:
    """A territory that pushes now takes it; the same pool again is no move."""
    desk = bench()
    quiet: dict[str, Any] = {"grade": "D", "score": 55, "source": "download"}
    assert isinstance(desk.lead("lead-1", country="DE", **quiet)[0], LeadPooled)
    place = desk.tables.places.get("lead-1")
    desk.after(HOUR)
    assert desk.reroute("lead-1") == []
    assert desk.tables.places.get("lead-1") == place
    push = {"push": {"when": 'country == "DE"'}}
    desk.publish(policies.policy(2, teams={"inside": territory("bob") | push}))
    assert desk.owners() == {}
    events = desk.reroute("lead-1")
    assert assigned(events).rep_id == "bob"
    assert (events[-1].kind, events[-1].value) == ("rerouted", "warm")
    recount(desk)


def test_a_waiting_lead_keeps_its_place_in_line() -> None:
    """Whoever came first is served first, asked again or not."""
    desk = bench(inside={"rotation": ["bob"]}, reps={"bob": {"open_limit": 1}})
    for number in range(3):
        desk.lead(f"lead-{number}")
    assert desk.reroute("lead-2") == desk.reroute("lead-1") == []
    desk.activity("lead-0", "bob", "lost")
    assert desk.owners() == {"lead-1": "bob"}
    recount(desk)


def test_a_lead_that_is_gone_or_of_another_desk_is_refused() -> None:
    """The sender named the wrong one."""
    (refusal,) = bench().reroute("lead-1")
    assert isinstance(refusal, LeadRejected)
    assert refusal.reason == "unknown_lead"
    desk = moved("bob")
    command = desk.commands[-1] if desk.commands else None
    assert command is None
    desk.reroute("lead-1")
    other = desk.commands[-1].model_copy(update={"desk": "other", "event_id": "e" * 32})
    (refusal,) = desk.take(other)
    assert (refusal.reason, refusal.field) == ("unknown_lead", "lead_id")


def test_requests_go_straight_to_the_desk_and_so_keep_their_order() -> None:
    """Decision 0037: a preview holds only if the desk decides in the order of the preview."""
    command = one(admitted().send(rerouted("2", " L1 ", " main ")), CommandReceived)
    assert (command.lead_id, command.desk, command.type) == (
        "L1", "main", "lead.reroute_requested",
    )  # fmt: skip
    refusal = one(admitted().send(rerouted("2", "L1", "nowhere")), LeadRejected)
    assert (refusal.reason, refusal.field) == ("unknown_desk", "desk")
    refusal = one(admitted().send(rerouted("2", "a@b.example")), LeadRejected)
    assert (refusal.reason, refusal.field) == ("invalid_field", "lead_id")


def test_where_a_lead_is_in_one_word() -> None:
    """The rep, the pool, or the place."""
    desk = moved("bob")
    desk.lead("lead-2", grade="D", score=55, source="download")
    words = [reroute.where(place) for _, place in desk.tables.places.items()]
    assert words == ["ann", "warm"]
