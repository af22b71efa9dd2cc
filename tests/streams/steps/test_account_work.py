"""A second person of an account goes to the rep who works it (ACCT-05, decision 0039)."""

import json
from typing import Any

import pytest

from schemas.outputs import AssignmentEnded, OutputEvent, RepAssigned
from streams.policy.compiled import compile_policy
from streams.steps import search, work
from streams.tables import Timer
from tests.account_verifier import Accounts, Wrong
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, DeskBench, recount
from tests.streams.steps.test_route import OFFICE, assigned, bench
from tests.streams.steps.test_route_explained import busy_desk, document

ACME = "domain:acme.example"


def acme(desk: DeskBench, lead_id: str, **fields: Any) -> list[Any]:
    """A person of one company."""
    return desk.lead(lead_id, home=ACME, **fields)


def worked_by(rep_id: str, desk: DeskBench) -> DeskBench:
    """A rep works the account's first lead, given to him by hand, for an hour."""
    acme(desk, "first")
    desk.reassigned("first", rep_id)
    return desk.after(HOUR)


@pytest.mark.parametrize("fields", [{}, {"source": "content_download"}, {"grade": "F"}])
def test_a_second_person_goes_to_who_works_the_account(fields: dict[str, Any]) -> None:
    """ACCT-05: whatever the source and the grade; it costs no turn."""
    desk = worked_by("cay", bench())
    turns = dict(desk.tables.turns.items())
    given = assigned(acme(desk, "second", **fields))
    assert (given.rep_id, given.method, given.reason) == ("cay", "account", "works_account")
    assert dict(desk.tables.turns.items()) == turns
    assert given.explanation.path[1].why == "no owner; cay works it"
    recount(desk)


def test_the_path_says_that_the_owner_is_of_another_desk() -> None:
    """AUD-01: not that there is none; who works the account here gets its next person."""
    text = json.loads(policies.text())
    text["desks"]["main"] |= {"teams": ["inside"], "team_rules": []}
    pools = {"pools": [{"pool": "rest", "when": "true"}], "fallback_pool": "rest"}
    text["desks"]["other"] = {"teams": ["field"], "default_team": "field"} | pools
    desk = worked_by("cay", DeskBench(compile_policy(json.dumps(text), 1)))
    given = assigned(acme(desk, "second", owner_rep_id="eve"))
    assert given.reason == "works_account"
    assert given.explanation.path[1].why == "owner eve is not of this desk; cay works it"


def test_another_account_goes_by_the_rotation() -> None:
    """Its twin: only leads of one home are colleagues."""
    desk = worked_by("cay", bench())
    assert assigned(desk.lead(home="domain:other.example")).method == "round_robin"


def test_an_owner_comes_before_who_works_the_account() -> None:
    """Decisions, Match order: owners of the account and of named accounts first."""
    desk = worked_by("cay", bench())
    assert assigned(acme(desk, "second", owner_rep_id="bob")).rep_id == "bob"
    named = assigned(acme(desk, "third", named=True, named_owner_rep_id="bob"))
    assert (named.rep_id, named.method) == ("bob", "named_account")


@pytest.mark.parametrize(
    ("what", "why"), [({"available": False}, "unavailable"), ({"away": [("pto", 0, DAY)]}, "pto")]
)
def test_who_cannot_take_it_is_passed_over(what: dict[str, Any], why: str) -> None:
    """AVL-01: then it goes on by the tiers, and the record says why."""
    desk = worked_by("cay", bench())
    desk.rep("cay", **what)
    given = assigned(acme(desk, "second"))
    assert (given.rep_id, given.method) == ("ann", "round_robin")
    assert given.explanation.path[1].why == f"no owner; cay works it: {why}"
    assert not given.explanation.path[1].matched


def test_capacity_holds_for_him_as_for_everybody() -> None:
    """CPTY-01: one large company does not bury a rep; the next one works it, too."""
    desk = worked_by("cay", bench(reps={"cay": {"open_limit": 2}}))
    reps = [assigned(acme(desk, f"person-{number}")).rep_id for number in range(4)]
    assert reps == ["cay", "ann", "ann", "ann"]
    recount(desk)


def test_neither_night_nor_a_meeting_tears_an_account_apart() -> None:
    """His clock starts with his shift (decision 33)."""
    desk = worked_by("cay", bench(inside={"hours": OFFICE}))
    desk.rep("cay", away=[("meeting", 0, HOUR)])
    assert assigned(acme(desk, "second")).rep_id == "cay"
    desk.until(NOON + 10 * HOUR)
    given = assigned(acme(desk, "third"))
    assert (given.rep_id, given.contact_due_at) == ("cay", NOON + 23 * HOUR)


def test_a_manager_who_keeps_what_nobody_could_take_draws_no_account_to_him() -> None:
    """Its twin is the first test above: what was given to a rep by hand does."""
    desk = worked_by("ann", bench(inside={"rotation": ["bob", "cay"]}))
    assert assigned(acme(desk, "second")).method == "round_robin"


def test_his_team_decides_with_its_tiers() -> None:
    """ROUT-03: a team that does not ask for owners of accounts has no such rule."""
    desk = worked_by("cay", bench(inside={"tiers": ["named_account", "round_robin"]}))
    assert assigned(acme(desk, "second")).method == "round_robin"


def test_the_lead_follows_him_to_his_team() -> None:
    """Decisions, Desk and team: as the account owner's team would."""
    desk = worked_by("dan", bench(reps={"dan": {"team": "field"}}))
    given = assigned(acme(desk, "second"))
    assert (given.rep_id, given.team) == ("dan", "field")


def test_the_hot_lane_is_behind_him() -> None:
    """Decision 0030: the lane is for leads that nobody works."""
    desk = worked_by("cay", bench(inside={"hot_lane": {"over": 90}}))
    given = assigned(acme(desk, "second", score=99))
    assert (given.method, given.rep_id) == ("account", "cay")


def test_colleagues_who_wait_join_the_first_that_somebody_gets() -> None:
    """Decision 33: no newer colleague comes before them; here nobody else has a free hour."""
    desk = bench(inside={"hours": OFFICE, "outside_hours": "hold"})
    desk.until(NOON + 10 * HOUR)
    for number in range(3):
        acme(desk, f"person-{number}")
    desk.lead("other")
    assert desk.assigned() == []
    desk.reassigned("person-1", "cay")
    desk.after(0)
    assert desk.assigned() == [("person-1", "cay"), ("person-0", "cay"), ("person-2", "cay")]
    recount(desk)


def looked_at_twice() -> DeskBench:
    """At one instant two get a lead of the account, and each has room for one who waits."""
    desk = bench(inside={"open_limit": 2})
    desk.rep("eve", available=False)
    for lead_id, employees in (("x", 900), ("y", 900), ("first", 10), ("second", 10)):
        acme(desk, lead_id, employees=employees)
    desk.after(0)
    taken = desk.owners()
    assert (taken["x"], taken["y"]) == (taken["first"], taken["second"])
    assert taken["x"] != taken["y"]
    return desk


def test_what_is_looked_at_twice_at_one_instant_has_two_causes() -> None:
    """Promise 1: records of one batch have one time, and no id stands for two decisions."""
    desk = looked_at_twice()
    given = {event.lead_id: event for event in desk.events(RepAssigned)}
    assert given["x"].caused_by != given["y"].caused_by
    assert given["x"].assignment_id != given["y"].assignment_id
    recount(desk)


def test_the_twin_a_cause_that_is_a_name_and_a_time_stands_for_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without what set the timer both decisions have one id."""
    forgetful = lambda due, kind, subject, _after="": Timer(due, kind, subject)  # noqa: E731 - in place of a class
    monkeypatch.setattr(work, "Timer", forgetful)
    given = {event.lead_id: event for event in looked_at_twice().events(RepAssigned)}
    assert given["x"].assignment_id == given["y"].assignment_id


def test_who_waits_is_looked_at_again_when_nobody_works_the_account_any_more() -> None:
    """An audience that no longer holds would let a lead answer for others wrongly."""
    limits = {rep: {"open_limit": 1} for rep in ("ann", "bob", "cay")}
    desk = bench(reps=limits)
    for rep in ("first", "x", "y"):
        desk.lead(rep, home=ACME if rep == "first" else f"domain:{rep}.example")
    holder = desk.owners()["first"]
    acme(desk, "second")
    before = desk.tables.places.get("second")
    assert before is not None
    assert before.audience.endswith(f"/{holder}")
    desk.rep(holder, available=False)
    desk.activity("first", holder, "lost")
    desk.after(0)
    after = desk.tables.places.get("second")
    assert after is not None
    assert (after.place, after.arrival) == ("waiting", before.arrival)
    assert not after.audience.endswith(holder)
    recount(desk)


def test_whoever_brought_a_lead_along_works_its_account() -> None:
    """Decision 0036: an imported lead is in his hands as any other; who waits joins him."""
    desk = bench(inside={"hours": OFFICE, "outside_hours": "hold"})
    desk.until(NOON + 10 * HOUR)
    acme(desk, "waiting")
    acme(desk, "imported", held_by="cay")
    desk.after(0)
    assert desk.assigned() == [("waiting", "cay")]
    assert assigned(acme(desk, "second")).rep_id == "cay"


def told(desk: DeskBench) -> list[dict[str, Any]]:
    """Beginnings and ends of assignments in order, as others read them."""
    events = desk.events(OutputEvent)
    kinds = RepAssigned, AssignmentEnded
    return [e.model_dump(mode="json", by_alias=True) for e in events if isinstance(e, kinds)]


def verify(events: list[dict[str, Any]], written: dict[str, Any], homes: dict[str, str]) -> int:
    """Holds every decision against who worked the account; how many went to such a rep."""
    accounts, worked = Accounts({1: written}, homes), 0
    for event in events:
        if "method" in event:
            accounts.assigned(event)
            worked += event["reason"] == "works_account"
        else:
            accounts.ended(event)
    return worked


@pytest.mark.parametrize("seed", range(4))
def test_who_works_an_account_is_derived_from_what_was_said(seed: int) -> None:
    """AUD-02, ACCT-05: in a random order of leads, answers, returns, absences and hands."""
    written = document()
    desk = busy_desk(written, seed, 700)
    assert verify(told(desk), written, desk.homes) > 10
    recount(desk)


def test_the_verifier_finds_a_router_that_does_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: nobody works any account."""
    monkeypatch.setattr(search, "reps_at", lambda *_asked: [])
    written: dict[str, Any] = json.loads(policies.text())
    desk = worked_by("cay", bench())
    acme(desk, "second")
    with pytest.raises(Wrong, match=r"\['cay'\] by what was said"):
        verify(told(desk), written, desk.homes)


def test_the_verifier_finds_a_worker_who_was_passed_over_for_nothing() -> None:
    """The twin: the record says that he can, and somebody else has the lead."""
    desk = worked_by("cay", bench())
    acme(desk, "second")
    events = told(desk)
    events[-1] |= {"rep_id": "bob"}
    with pytest.raises(Wrong, match="bob got the lead"):
        verify(events, json.loads(policies.text()), desk.homes)
