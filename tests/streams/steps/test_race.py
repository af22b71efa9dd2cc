"""A race for a lead: the first to accept has it, once, whatever else happens (LANE-02)."""

from typing import Any

import pytest

from schemas.inner import CommandReceived
from schemas.outputs import AssignmentEnded, LeadOffered, LeadRejected, RepAssigned
from streams.steps import offer
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, MINUTE, NOON, DeskBench, recount
from tests.streams.steps.journey import Journey, answered, one
from tests.streams.steps.test_hot_lane import HOT
from tests.streams.steps.test_offer import CROWD, RACE, race_bench
from tests.streams.steps.test_route import OFFICE, assigned


def racing(**overrides: Any) -> tuple[DeskBench, dict[str, str]]:
    """A desk at which lead-1 is offered to ann, bob and cay, and the offers' ids by rep."""
    desk = race_bench(**overrides)
    desk.lead("lead-1", **HOT)
    return desk, desk.offers("lead-1")


def withdrawn(desk: DeskBench) -> dict[str, str]:
    """Why the offer of each rep was withdrawn."""
    ended = [each for each in desk.events(LeadOffered) if each.withdrawn]
    return {each.offered_to[0]: each.reason for each in ended}


def refusals(events: list[Any]) -> list[str]:
    """Reasons; nothing but refusals may be among the events."""
    assert all(isinstance(event, LeadRejected) for event in events)
    return [event.reason for event in events]


def rows(desk: DeskBench) -> dict[str, list[Any]]:
    """Everything that is kept, but the counts of what was rejected."""
    tables = desk.tables
    names = ("places", "loads", "rotations", "turns", "races", "open_offers", "timers")
    return {name: list(getattr(tables, name).items()) for name in names}


def test_the_first_to_accept_has_it_and_the_others_hear_so() -> None:
    """LANE-02, decision 07: with the lane's clock; the record says who was offered it and won."""
    desk, offers = racing()
    desk.after(MINUTE)
    given = assigned(desk.accept(offers["bob"], "bob"))
    assert (given.rep_id, given.method, given.reason) == ("bob", "hot_lane", "accepted")
    assert given.contact_due_at == NOON + 31 * MINUTE
    assert withdrawn(desk) == {"ann": "taken", "cay": "taken"}
    (step,) = given.explanation.path
    assert step.why == "round_robin: offered to ann, bob, cay; bob accepted first"
    assert (given.explanation.chosen, given.explanation.tie_break) == ("bob", "accepted first")
    recount(desk)


def test_the_winner_alone_is_charged_and_once() -> None:
    """Decisions, Charge: as if the rotation had picked him; ann and cay come before him now."""
    desk, offers = racing()
    desk.accept(offers["bob"], "bob")
    turns = {key.rpartition("/")[2] for key, _ in desk.tables.turns.items()}
    assert turns == {"bob"}
    for _ in range(5):
        desk.lead()
    assert [rep for _, rep in desk.assigned()] == ["bob", "ann", "cay", "ann", "bob", "cay"]


@pytest.mark.parametrize("rep", ["ann", "bob", "cay"])
def test_late_and_repeated_answers_change_nothing(rep: str) -> None:
    """Promise 1: a refusal with the reason, whoever answers, whichever way."""
    desk, offers = racing()
    desk.accept(offers["bob"], "bob")
    before = rows(desk)
    assert refusals(desk.accept(offers[rep], rep)) == ["offer_ended"]
    assert refusals(desk.decline(offers[rep], rep)) == ["offer_ended"]
    assert rows(desk) == before
    detail = desk.events(LeadRejected)[0].detail
    assert ("accepted" if rep == "bob" else "taken") in detail


def test_an_answer_that_is_delivered_again_changes_nothing() -> None:
    """Promise 1: the very same record, in the middle of the race and after it."""
    desk, offers = racing()
    desk.decline(offers["ann"], "ann")
    desk.accept(offers["bob"], "bob")
    before = rows(desk)
    for command in desk.commands:
        assert refusals(desk.take(command)) == ["offer_ended"]
    assert rows(desk) == before


def test_another_reps_offer_or_none_of_ours_is_refused() -> None:
    """Ids come from outside."""
    desk, offers = racing()
    assert refusals(desk.accept(offers["ann"], "bob")) == ["other_reps_offer"]
    for unknown in ("x", "x-1", f"{offers['ann']}1"):
        assert refusals(desk.accept(unknown, "ann")) == ["unknown_offer"]
    assert set(desk.offers("lead-1")) == {"ann", "bob", "cay"}


def test_after_five_minutes_it_goes_to_the_next_in_line() -> None:
    """Decision 07: behind those who did not answer; their offers are withdrawn."""
    desk, offers = racing(reps=CROWD)
    desk.after(5 * MINUTE - 1)
    assert desk.assigned() == []
    desk.after(1)
    assert withdrawn(desk) == dict.fromkeys(("ann", "bob", "cay"), "expired")
    (given,) = desk.events(RepAssigned)
    assert (given.rep_id, given.method) == ("rep-0", "hot_lane")
    assert given.contact_due_at == NOON + 35 * MINUTE
    passed = {each.rep_id: each.why_not for each in given.explanation.candidates}
    assert passed["ann"] == "offered"
    assert refusals(desk.accept(offers["ann"], "ann")) == ["offer_ended"]
    recount(desk)


def test_where_all_had_an_offer_the_first_in_line_gets_it() -> None:
    """Decision 07: it is assigned, and does not wait for somebody else."""
    desk, _ = racing(inside={"on_call": ["bob"]})
    desk.after(5 * MINUTE)
    assert desk.assigned() == [("lead-1", "ann")]
    assert [key for key, _ in desk.tables.turns.items()] == ["inside/round_robin/ann"]


def test_who_declines_does_not_get_it_and_the_race_goes_on() -> None:
    """A rep's no: neither in the race nor after it."""
    desk, offers = racing()
    desk.decline(offers["ann"], "ann")
    assert withdrawn(desk) == {"ann": "declined"}
    assert refusals(desk.accept(offers["ann"], "ann")) == ["offer_ended"]
    desk.after(5 * MINUTE)
    assert desk.assigned() == [("lead-1", "bob")]


def test_when_all_decline_it_is_assigned_at_once() -> None:
    """Nobody waits for the end of a race that nobody runs; all declined is the manager's (35)."""
    desk, offers = racing(inside={"manager": "eve"})
    for rep, offer_id in offers.items():
        desk.decline(offer_id, rep)
    (given,) = desk.events(RepAssigned)
    assert (given.rep_id, given.method, given.at) == ("eve", "manager", NOON)
    recount(desk)


def test_who_is_full_meanwhile_is_refused_and_keeps_the_offer() -> None:
    """CPTY-01: capacity is never exceeded; free again before the end, he may accept."""
    desk, offers = racing(reps={"bob": {"open_limit": 1}})
    desk.lead("lead-2", owner_rep_id="bob")
    assert refusals(desk.accept(offers["bob"], "bob")) == ["not_eligible"]
    desk.rep("bob", logged_in_at=desk.now)
    desk.activity("lead-2", "bob", "lost")
    assert assigned(desk.accept(offers["bob"], "bob")).rep_id == "bob"


def test_the_end_of_his_shift_does_not_cost_a_rep_the_lead() -> None:
    """That he answers says that he is there."""
    desk = race_bench(NOON + 6 * HOUR - MINUTE, inside={"hours": OFFICE})
    desk.lead("lead-1", **HOT)
    offers = desk.offers("lead-1")
    desk.after(2 * MINUTE)
    assert assigned(desk.accept(offers["bob"], "bob")).rep_id == "bob"


def test_a_person_who_asks_again_finds_the_race_going_on() -> None:
    """Decisions, A lead: the lead is known, and nobody has it to be told."""
    desk, offers = racing()
    desk.lead("lead-1", kind="touch", **HOT)
    desk.lead("lead-1", kind="update", **HOT | {"score": 99})
    assert desk.offers("lead-1") == offers
    assert assigned(desk.accept(offers["ann"], "ann")).score == 99


@pytest.mark.parametrize(
    ("news", "place"),
    [
        ({"score": 60}, "pooled"),
        ({"contact_allowed": False}, "nurture"),
        ({"owner_rep_id": "eve"}, "assigned"),
        ({"employees": 900}, "assigned"),
    ],
)
def test_news_that_takes_the_lead_out_of_the_lane_ends_the_race(
    news: dict[str, Any], place: str
) -> None:
    """Re-decision: a new score, an owner, another team, a no to contact."""
    desk, offers = racing()
    desk.lead("lead-1", kind="update", **HOT | news)
    assert set(withdrawn(desk).values()) == {"changed"}
    row = desk.tables.places.get("lead-1")
    assert row is not None
    assert row.place == place
    assert refusals(desk.accept(offers["ann"], "ann")) == ["offer_ended"]
    recount(desk)


def test_an_owner_set_by_hand_ends_the_race() -> None:
    """Decision 0026: a person gave it away."""
    desk, offers = racing()
    desk.owner("lead-1", "cay")
    assert desk.owners() == {"lead-1": "cay"}
    assert withdrawn(desk) == dict.fromkeys(("ann", "bob", "cay"), "owner_set")
    assert refusals(desk.accept(offers["cay"], "cay")) == ["offer_ended"]
    recount(desk)


def test_a_new_policy_ends_races_and_decides_anew() -> None:
    """Decision 07: under `assign` it is assigned, under `race` there are new offers."""
    desk, offers = racing()
    desk.publish(policies.policy(2, teams={"inside": RACE}))
    assert set(withdrawn(desk).values()) == {"policy_changed"}
    again = desk.offers("lead-1")
    assert set(again) == set(offers)
    assert not set(again.values()) & set(offers.values())
    recount(desk)
    desk.publish(policies.policy(3))
    assert desk.assigned() == [("lead-1", "ann")]
    recount(desk)


def test_a_policy_without_one_of_the_reps_offers_him_nothing_more() -> None:
    """ACCT-03: nobody unknown to the policy can accept."""
    desk, _ = racing(reps=CROWD)
    desk.publish(policies.policy(2, teams={"inside": RACE}, reps=CROWD | {"bob": None}))
    assert set(desk.offers("lead-1")) == {"ann", "cay", "rep-0"}
    recount(desk)


def test_the_winner_who_gives_it_back_makes_another_race() -> None:
    """Without him, and with his turn given back as of any lead."""
    desk, offers = racing(reps=CROWD)
    desk.accept(offers["ann"], "ann")
    desk.activity("lead-1", "ann", "returned")
    assert len(desk.events(AssignmentEnded)) == 1
    assert "ann" not in desk.offers("lead-1")
    recount(desk)


def test_a_race_that_is_over_is_forgotten_after_a_week() -> None:
    """Design, section 3: rows go; a very late answer hears that there is no such offer."""
    desk, offers = racing()
    desk.accept(offers["ann"], "ann")
    desk.after(8 * DAY)
    assert list(desk.tables.races.items()) == []
    assert refusals(desk.accept(offers["ann"], "ann")) == ["unknown_offer"]


def test_two_races_that_are_mixed_up_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: offers that are not withdrawn are found by the recount."""
    desk, offers = racing()
    monkeypatch.setattr(offer, "end_offer", lambda *_: None)
    desk.accept(offers["bob"], "bob")
    with pytest.raises(AssertionError):
        recount(desk)


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_an_answer_goes_straight_to_the_reps_desk(answer: str) -> None:
    """Design, section 3: it names a rep and no lead; strangers are refused on the way."""
    command = one(Journey().send(answered("1", "o-1", " bob ", answer)), CommandReceived)
    assert (command.type, command.desk, command.lead_id) == (f"offer.{answer}", "main", None)
    refusal = one(Journey().send(answered("1", "o-1", "stranger", answer)), LeadRejected)
    assert (refusal.reason, refusal.stage) == ("unknown_rep", "identify")
