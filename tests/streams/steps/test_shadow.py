"""Where a step has put leads, read off what it said; and which differences count."""

from typing import Any

import pytest

from schemas.shadow import Decided
from streams.stage import Beside, Outgoing
from streams.steps.shadow import compared, decisions, where
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.test_route import bench

RACE = {"hot_lane": {"over": 90, "method": "race", "offers": 2}}


def moved(desk: DeskBench, since: int) -> dict[str, Decided]:
    """Where the leads are that were moved since so many events."""
    return decisions(desk.sent[since:])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"place": "assigned", "rep_id": "ann", "method": "round_robin",
              "reason": "round_robin", "why": "round_robin: round_robin: general rotation"}),
        ({"grade": "D", "source": "download"},
         {"place": "pooled", "pool": "warm", "reason": "pool_rule",
          "why": "pool:warm: pool_rule"}),
        ({"contact_allowed": False}, {"place": "nurture", "reason": "contact_forbidden"}),
        ({"score": 95}, {"place": "waiting", "offered_to": ("ann", "bob"), "reason": "hot_lane",
                         "why": "hot_lane: round_robin: score 95"}),
        ({"held_by": "cay"}, {"place": "assigned", "rep_id": "cay", "reason": "imported"}),
    ],
)  # fmt: skip
def test_every_place_is_read_off(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    """A rep with the method, a pool, nurture, a race with all its offers, an imported lead."""
    desk = bench(inside=RACE)
    since = len(desk.sent)
    desk.lead("lead-1", **fields)
    assert moved(desk, since) == {"lead-1": Decided(team="inside", **expected)}


def test_the_last_place_counts_and_other_leads_of_the_step_too() -> None:
    """A rep gives one back that waits then, and the one that waited has the rep."""
    desk = bench(inside={"rotation": ["bob"]}, reps={"bob": {"open_limit": 1}})
    desk.lead("lead-1")
    since = len(desk.sent)
    desk.lead("lead-2")
    assert moved(desk, since)["lead-2"].place == "waiting"
    since = len(desk.sent)
    desk.activity("lead-1", "bob", "lost")
    found = moved(desk, since)
    assert (found["lead-1"].place, found["lead-2"].rep_id) == ("lost", "bob")


def test_a_new_status_is_no_move() -> None:
    """Nor is news that leaves the lead where it is."""
    desk = bench()
    desk.lead("lead-1", grade="D", source="download")
    since = len(desk.sent)
    desk.lead("lead-1", "update", grade="D", source="download", status="engaged")
    assert len(desk.sent) > since
    assert moved(desk, since) == {}


def beside(live: list[Outgoing], shadow: list[Outgoing], error: str | None = None) -> Beside:
    """Both sides of one step."""
    return Beside("cause", 5, (1, 2), live, shadow, error)


def said(**overrides: Any) -> list[Outgoing]:
    """What a small policy says of one lead."""
    desk = DeskBench(policies.policy(**overrides))
    since = len(desk.sent)
    desk.lead("lead-1")
    return desk.sent[since:]


def test_only_where_the_lead_is_counts_not_how_it_came_there() -> None:
    """The same rep by another tier is no difference."""
    general = said()
    territory = {"territories": [{"territory": "all", "countries": ["US"], "reps": ["bob"]}]}
    fallback = said(teams={"inside": territory})
    assert decisions(general)["lead-1"].method != decisions(fallback)["lead-1"].method
    assert compared(beside(general, fallback)) == (1, [])


def test_who_did_not_move_it_has_nothing_to_say() -> None:
    """The difference names the side that moved it; both ways round."""
    for number, sides in enumerate(((said(), []), ([], said()))):
        leads, (difference,) = compared(beside(*sides))
        event = difference.event
        assert (leads, difference.key, difference.topic) == (1, "lead-1", "decisions.shadow")
        values = event.values()
        assert [values[name] is None for name in ("live", "shadow")] == [number == 1, number == 0]
        assert (values["desk"], values["team"], values["at"]) == ("main", "inside", 5)


def test_the_waiting_wait_for_a_team() -> None:
    """A lead in another team's waiting room is elsewhere; one with the same rep is not."""
    waiting = [Decided(place="waiting", team=team, reason="x") for team in ("inside", "field")]
    given = [Decided(place="assigned", team=t, rep_id="ann", reason="x") for t in ("a", "b")]
    assert where(waiting[0]) != where(waiting[1])
    assert where(given[0]) == where(given[1])


def test_a_failure_is_told_for_each_lead_or_once() -> None:
    """No lead moved: still never silent."""
    leads, told = compared(beside(said(), [], "KeyError"))
    assert (leads, [each.key for each in told]) == (1, ["lead-1"])
    leads, (alone,) = compared(beside([], [], "KeyError"))
    values = alone.event.values()
    assert (leads, values["lead_id"], values["error_type"]) == (0, None, "KeyError")
    assert alone.key == values["event_id"]
