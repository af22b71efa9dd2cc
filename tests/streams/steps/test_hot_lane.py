"""The hot lane gives its leads to a rep at once (LANE-01, LANE-05, RR-04; decision 13)."""

import copy
import json
from typing import Any

import pytest

from schemas.outputs import LeadPooled, RepAssigned
from streams.steps import choose
from tests import verifier
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, NOON, DeskBench, recount
from tests.streams.steps.test_route import OFFICE, TERRITORIES, assigned, bench

HOT: dict[str, Any] = {"score": 91, "grade": "A", "source": "webinar"}
"""A lead that nothing but its score sends to a rep."""


def records(desk: DeskBench) -> list[dict[str, Any]]:
    """The assignments as others read them."""
    return [event.model_dump(mode="json", by_alias=True) for event in desk.events(RepAssigned)]


def test_a_score_over_90_waits_for_no_claim() -> None:
    """LANE-01, decision 40: 90 is claimed from its pool, 91 is given away at once."""
    desk = bench()
    (pooled, *_) = desk.lead(**HOT | {"score": 90})
    assert isinstance(pooled, LeadPooled)
    given = assigned(desk.lead(**HOT))
    assert (given.rep_id, given.method, given.reason) == ("ann", "hot_lane", "hot_lane")
    assert (given.priority, given.explanation.rotation) == ("high", "inside/round_robin")
    assert [(step.tier, step.matched, step.why) for step in given.explanation.path] == [
        ("push", True, "hot lane"),
        ("account", False, "no owner"),
        ("named_account", False, "no owner"),
        ("hot_lane", True, "round_robin: score 91"),
    ]
    recount(desk)


def test_what_is_on_the_push_list_takes_it_as_well() -> None:
    """LANE-01: all leads over 90 do; a demo request is pushed whatever its score."""
    given = assigned(bench().lead(score=91))
    assert given.method == "hot_lane"
    assert given.explanation.path[0].why == "source demo_request"


@pytest.mark.parametrize(
    ("owner", "method"), [("owner_rep_id", "account"), ("named_owner_rep_id", "named_account")]
)
def test_an_owner_comes_before_the_lane(owner: str, method: str) -> None:
    """Decision 13: regardless of anything else; and without the lane's clock."""
    given = assigned(bench().lead(**HOT, **{owner: "bob"}))
    assert (given.rep_id, given.method) == ("bob", method)
    assert given.contact_due_at == NOON + 2 * HOUR


def test_an_owner_whom_no_tier_asks_for_does_not_count() -> None:
    """Decision 03: the tiers are the policy's; so is an owner of another desk none."""
    tiers = {"tiers": ["territory", "round_robin"]}
    assert assigned(bench(inside=tiers).lead(**HOT, owner_rep_id="bob")).method == "hot_lane"
    assert assigned(bench().lead(**HOT, owner_rep_id="somebody")).method == "hot_lane"


def test_the_lane_comes_before_territories_and_has_a_rotation_of_its_own() -> None:
    """LANE-05: a lead of the west goes to the lane's reps by weight, and only their turns there."""
    lane = {"hot_lane": {"rotation": ["ann", "cay"]}}
    desk = bench(inside=TERRITORIES | lane, reps={"cay": {"weight": 200}})
    for _ in range(6):
        desk.lead(**HOT, country="US", state="US-CA")
    assert sorted(rep for _, rep in desk.assigned()) == ["ann", "ann", *["cay"] * 4]
    assert desk.tables.rotations.get("inside/round_robin") is None
    assert desk.events(RepAssigned)[0].explanation.rotation == "inside/hot_lane"


def test_a_lane_in_which_nobody_is_free_leaves_the_lead_to_the_tiers() -> None:
    """Issue 4, Tiers: each with its own skip and fallback; the lane's clock runs all the same."""
    desk = bench(inside=TERRITORIES | {"hot_lane": {"rotation": ["ann"]}})
    desk.rep("ann", available=False)
    given = assigned(desk.lead(**HOT, country="US", state="US-CA"))
    assert (given.rep_id, given.method) == ("bob", "territory")
    assert given.contact_due_at == NOON + HOUR // 2
    written = {"inside": TERRITORIES | {"hot_lane": {"rotation": ["ann"]}}}
    verifier.verify(records(desk)[-1], json.loads(policies.text(teams=written)))


def test_a_lane_without_anybody_waits_and_its_own_reps_wake_it() -> None:
    """Decision 33: a lead beside it that needs the lane's rep is another audience."""
    tiers = {"tiers": ["territory", "specialty"], "hot_lane": {"rotation": ["ann"]}}
    desk = bench(inside=TERRITORIES | tiers)
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("normal", country="US", state="US-CA")
    desk.lead("fast", **HOT, country="US", state="US-CA")
    desk.rep("ann", available=True)
    assert desk.assigned() == [("fast", "ann")]
    recount(desk)


def test_outside_hours_the_lane_asks_who_is_on_call() -> None:
    """Decision 33: as any rotation; his clock runs at once (31)."""
    desk = bench(NOON + 10 * HOUR, inside={"hours": OFFICE, "on_call": ["cay"]})
    given = assigned(desk.lead(**HOT))
    assert (given.rep_id, given.method) == ("cay", "hot_lane")
    assert given.contact_due_at == NOON + 10 * HOUR + HOUR // 2


def test_without_a_lane_the_score_alone_sends_nobody() -> None:
    """The switch: `over: null`."""
    (pooled, *_) = bench(inside={"hot_lane": {"over": None}}).lead(**HOT)
    assert isinstance(pooled, LeadPooled)


def test_whatever_lead_of_a_waiting_room_scores_more_takes_the_lane() -> None:
    """Re-decision: a new score moves pooled leads, never one that a rep holds."""
    desk = bench()
    desk.lead("lead-1", source="webinar")
    assert assigned(desk.lead("lead-1", kind="update", **HOT)).method == "hot_lane"
    assert [type(event) for event in desk.lead("lead-1", kind="update", score=40)] == []


def test_the_verifier_derives_who_took_the_lane() -> None:
    """Promise 3: and finds a record that leaves the owners or the score out."""
    written = json.loads(policies.text())
    desk = bench()
    desk.lead(**HOT)
    (record,) = records(desk)
    verifier.verify(record, written)
    for mutated in ("path", "score"):
        forged = copy.deepcopy(record)
        if mutated == "path":
            del forged["explanation"]["path"][1]
        else:
            forged["score"] = 90
        with pytest.raises(verifier.Wrong):
            verifier.verify(forged, written)


def test_a_router_that_puts_the_lane_first_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the lane before the owners' tiers."""
    monkeypatch.setattr(choose, "OWNERS", frozenset[str]())
    desk = bench()
    desk.lead(**HOT)
    with pytest.raises(verifier.Wrong, match="tiers"):
        verifier.verify(records(desk)[0], json.loads(policies.text()))
