"""A rep who is not there any more runs no further, whatever took him away (LANE-02)."""

from typing import Any

import pytest

from schemas.outputs import RepAssigned
from tests.streams.steps.desk_bench import DAY, HOUR, MINUTE, NOON, recount
from tests.streams.steps.test_hot_lane import HOT
from tests.streams.steps.test_offer import race_bench
from tests.streams.steps.test_race import racing, refusals, withdrawn
from tests.streams.steps.test_route import assigned


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (lambda desk: desk.rep("bob", status="left"), "left"),
        (lambda desk: desk.rep("bob", available=False), "unavailable"),
        (lambda desk: desk.rep("bob", away=[("pto", 0, DAY)]), "pto"),
        (lambda desk: desk.pause("bob"), "paused"),
    ],
)
def test_a_rep_who_drops_out_loses_his_offer(deed: Any, reason: str) -> None:
    """LANE-02: at once, with the reason; the others run on."""
    desk, offers = racing()
    deed(desk)
    assert withdrawn(desk) == {"bob": reason}
    assert refusals(desk.accept(offers["bob"], "bob")) == ["offer_ended"]
    assert assigned(desk.accept(offers["cay"], "cay")).rep_id == "cay"
    recount(desk)


@pytest.mark.parametrize("said", ["before", "during"])
def test_an_absence_that_begins_by_time_alone_costs_a_rep_his_offer(said: str) -> None:
    """LANE-02, AVL-03: at that instant, whenever it was said; the race ends when it would have."""
    desk = race_bench()
    if said == "before":
        desk.rep("bob", away=[("meeting", MINUTE, HOUR)])
    desk.lead("lead-1", **HOT)
    if said == "during":
        desk.rep("bob", away=[("meeting", MINUTE, HOUR)])
    offers = desk.offers("lead-1")
    desk.after(MINUTE - 1)
    assert withdrawn(desk) == {}
    desk.after(1)
    assert withdrawn(desk) == {"bob": "meeting"}
    assert refusals(desk.accept(offers["bob"], "bob")) == ["offer_ended"]
    desk.after(4 * MINUTE)
    (given,) = desk.events(RepAssigned)
    assert given.at == NOON + 5 * MINUTE
    assert withdrawn(desk) == {"bob": "meeting", "ann": "expired", "cay": "expired"}
    recount(desk)


def test_when_the_last_runners_absence_begins_the_lead_goes_on_at_once() -> None:
    """Nobody is left who could accept: to the next in line, before the race's end."""
    desk = race_bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, away=[("meeting", MINUTE, HOUR)])
    desk.lead("lead-1", **HOT)
    desk.after(MINUTE)
    assert set(withdrawn(desk).values()) == {"meeting"}
    place = desk.tables.places.get("lead-1")
    assert place is not None
    assert (place.place, place.race) == ("waiting", "")
    recount(desk)


def test_when_all_drop_out_the_lead_goes_on() -> None:
    """Nobody is left: the lead waits with an order, and the first who is back gets it."""
    desk, _ = racing()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, away=[("meeting", 0, HOUR)])
    place = desk.tables.places.get("lead-1")
    assert place is not None
    assert (place.place, place.race, place.arrival) == ("waiting", "", 1)
    desk.rep("cay", away=[])
    assert desk.assigned() == [("lead-1", "cay")]
    recount(desk)
