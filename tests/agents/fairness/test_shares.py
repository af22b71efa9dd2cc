"""What was due and what was taken, worked out from records that a real desk wrote."""

from typing import Any

import pytest

from agents.fairness.shares import Shares, Sharing
from schemas.outputs import RepAssigned
from streams.rules import rotation
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, DeskBench


def sharings(desk: DeskBench, period: str = "all") -> list[Sharing]:
    """Of every decision of the desk."""
    shares = Shares(period)
    for event in desk.events(RepAssigned):
        shares.note(event.model_dump(mode="json", by_alias=True, exclude_none=True))
    return list(shares.sharings())


def desk_of(leads: int, **reps: Any) -> DeskBench:
    """A desk that has given so many leads away."""
    desk = DeskBench(policies.policy(teams={"inside": {"open_limit": 1000}}, reps=reps))
    for _ in range(leads):
        desk.lead()
    return desk


def test_what_is_due_follows_the_weights() -> None:
    """WGT-01: of 40 leads three fifths for a weight of 300 beside two of 100."""
    (found,) = sharings(desk_of(40, ann={"weight": 300}))
    assert (found.rotation, found.period) == ("inside/round_robin", "")
    assert {rep: share.taken for rep, share in found.shares.items()} == {
        "ann": 24,
        "bob": 8,
        "cay": 8,
    }
    assert [round(float(share.due), 6) for share in found.shares.values()] == [24, 8, 8]
    assert found.furthest < 1 < found.bound
    assert found.gini == pytest.approx(0)
    assert found.deviation == pytest.approx(7.54, abs=0.01)


def test_nobody_is_due_what_he_could_not_take() -> None:
    """RR-03: an absence takes no share, and leaves none owed."""
    desk = desk_of(0)
    desk.rep("cay", away=[("pto", 0, DAY)])
    for _ in range(20):
        desk.lead()
    (found,) = sharings(desk)
    assert sorted(found.shares) == ["ann", "bob"]
    assert found.gini == 0


def test_a_turn_that_was_given_back_stands_in_the_books() -> None:
    """Decisions, Charge: junk counts for nobody, so it makes nobody's distance grow."""
    desk = desk_of(0)
    for number in range(30):
        desk.lead(f"lead-{number}")
        if desk.owners().get(f"lead-{number}") == "ann":
            desk.activity(f"lead-{number}", "ann", "junk")
    (found,) = sharings(desk)
    assert found.shares["ann"].taken > found.shares["bob"].taken * 2
    assert found.furthest <= 1


def test_each_period_is_reckoned_anew() -> None:
    """FAIR-02, FAIR-03: per period."""
    desk = desk_of(6)
    for lead, rep in desk.assigned():
        desk.activity(lead, rep, "contacted")
    desk.after(DAY + HOUR)
    for _ in range(3):
        desk.lead()
    found = sharings(desk, "day")
    assert [each.period for each in found] == ["2026-03-02", "2026-03-03"]
    assert [sum(share.taken for share in each.shares.values()) for each in found] == [6, 3]
    assert [each.period for each in sharings(desk, "week")] == ["2026-W10"]
    assert [each.period for each in sharings(desk, "month")] == ["2026-03"]


def test_a_rotation_that_favours_somebody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the first by id takes all."""
    monkeypatch.setattr(
        rotation, "earliest", lambda turns, _: (min(turns, key=lambda turn: turn.rep_id), "first")
    )
    (found,) = sharings(desk_of(30))
    assert found.furthest > found.bound
    assert found.gini > 0.6
