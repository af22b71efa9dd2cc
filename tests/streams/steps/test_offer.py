"""A lead of the hot lane is offered to several reps at once (LANE-02, decision 07)."""

from typing import Any

import pytest

from schemas.outputs import LeadOffered, LeadPooled, LifecycleChanged, RepAssigned
from tests.streams.steps.desk_bench import HOUR, MINUTE, NOON, DeskBench, recount
from tests.streams.steps.test_hot_lane import HOT
from tests.streams.steps.test_route import OFFICE, TERRITORIES, assigned, bench

CROWD = {f"rep-{number}": {"team": "inside"} for number in range(6)}
RACE: dict[str, Any] = {"hot_lane": {"method": "race"}}


def race_bench(now: int = NOON, **overrides: Any) -> DeskBench:
    """A desk whose hot lane is a race; ann, bob and cay are at work."""
    inside = RACE | overrides.pop("inside", {})
    return bench(now, inside=inside, **overrides)


def test_three_are_offered_the_lead_and_nobody_has_it_yet() -> None:
    """LANE-02, decision 07: one offer for each, for five minutes; nobody's turn is charged."""
    desk = race_bench(inside={"notify": ["sms", "slack"]})
    first, second, third, moved, _ = desk.lead("lead-1", **HOT)
    offers: list[LeadOffered] = [first, second, third]
    assert [offer.offered_to for offer in offers] == [("ann",), ("bob",), ("cay",)]
    assert {offer.expires_at for offer in offers} == {NOON + 5 * MINUTE}
    assert {offer.withdrawn for offer in offers} == {None}
    assert {(offer.reason, offer.score, offer.notify) for offer in offers} == {
        ("hot_lane", 91, ("sms", "slack"))
    }
    assert len({offer.offer_id for offer in offers}) == 3
    assert isinstance(moved, LifecycleChanged)
    assert (moved.to_place, moved.reason) == ("waiting", "offered")
    assert desk.tables.rotations.get("inside/round_robin") is None
    assert [key for key, _ in desk.tables.loads.items()] == []
    recount(desk)


def test_the_record_says_who_stood_in_line_and_who_was_passed_over() -> None:
    """Promise 3: once, with the first offer; who has an offer open is passed over with that."""
    desk = race_bench(reps=CROWD, inside={"hot_lane": {"method": "race", "offers": 2}})
    desk.rep("bob", away=[("meeting", 0, HOUR)])
    desk.lead("lead-1", **HOT)
    desk.lead("lead-2", **HOT)
    first, *others = (each.explanation for each in desk.events(LeadOffered)[2:])
    assert others == [None]
    passed = {each.rep_id: each.why_not for each in first.candidates if not each.eligible}
    assert passed == {"ann": "has_an_offer", "bob": "meeting", "cay": "has_an_offer"}
    assert (first.rotation, first.virtual_time_before, first.chosen) == (
        "inside/round_robin",
        "0",
        None,
    )
    assert [step.tier for step in first.path] == ["push", "account", "named_account", "hot_lane"]
    assert list(desk.offers("lead-2")) == ["rep-0", "rep-1"]


def test_no_rep_has_two_offers_at_once_and_the_rest_is_assigned() -> None:
    """A burst: races for as long as two are free for one, then the lead does not wait."""
    desk = race_bench(reps=CROWD)
    for number in range(20):
        desk.lead(f"lead-{number}", **HOT)
    racing = [number for number in range(20) if desk.offers(f"lead-{number}")]
    assert racing == [0, 1, 2]
    assert len(desk.assigned()) == 17
    assert {given.method for given in desk.events(RepAssigned)} == {"hot_lane"}
    recount(desk)


@pytest.mark.parametrize("method", ["assign", "race"])
def test_one_alone_gets_it_at_once(method: str) -> None:
    """A race of one would only make the lead wait."""
    desk = race_bench(inside={"hot_lane": {"method": method}})
    for rep in ("bob", "cay"):
        desk.rep(rep, available=False)
    assert assigned(desk.lead(**HOT)).rep_id == "ann"


def test_nobody_at_home_is_offered_anything() -> None:
    """Decision 33: outside hours it is assigned as any lead is."""
    desk = race_bench(NOON + 10 * HOUR, inside={"hours": OFFICE, "on_call": ["ann", "bob"]})
    assert assigned(desk.lead(**HOT)).rep_id == "ann"


def test_the_lanes_own_rotation_runs() -> None:
    """LANE-05: its members, in its line; the tiers of a territory come behind it."""
    lane = {"hot_lane": {"method": "race", "rotation": ["cay", "bob"]}}
    desk = race_bench(inside=TERRITORIES | lane)
    desk.lead("lead-1", **HOT, country="US", state="US-CA")
    assert list(desk.offers("lead-1")) == ["bob", "cay"]


def test_a_lead_without_the_lanes_score_is_not_offered() -> None:
    """LANE-01: pushed ones go to a rep, the rest into pools."""
    desk = race_bench()
    assert assigned(desk.lead()).method == "round_robin"
    assert isinstance(desk.lead(**HOT | {"score": 90})[0], LeadPooled)
    assert assigned(desk.lead(**HOT, owner_rep_id="bob")).method == "account"


def test_a_lead_that_waited_is_offered_when_two_are_back() -> None:
    """Decision 33: the waiting room asks the lane again, and the wait's alarms end."""
    desk = race_bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, away=[("meeting", 0, HOUR)])
    desk.lead("lead-1", **HOT)
    assert desk.offers("lead-1") == {}
    desk.after(HOUR)
    assert list(desk.offers("lead-1")) == ["ann", "bob", "cay"]
    assert [key for key, _ in desk.tables.timers.items() if "waiting" in key] == []
    recount(desk)
