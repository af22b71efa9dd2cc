"""A lead is decided when it comes; with a wide margin, `tests.bench.route` measures exactly."""

import time
from statistics import median
from typing import Any

import pytest

from schemas.outputs import RepAssigned
from streams.steps import choose
from tests.streams import policies
from tests.streams.steps.desk_bench import NOON, DeskBench

TEAM = {f"rep-{number:02d}": {"team": "inside"} for number in range(20)}
LEADS = 100


def seconds() -> list[float]:
    """How long each of a hundred leads took in a team of over twenty."""
    desk = DeskBench(policies.policy(reps=TEAM))
    taken = []
    for _ in range(LEADS):
        begin = time.perf_counter()
        desk.lead()
        taken.append(time.perf_counter() - begin)
    assert len(desk.assigned()) == LEADS
    return taken


def test_every_decision_takes_less_than_a_second() -> None:
    """ROUT-11: whatever else the machine does."""
    assert max(seconds()) < 1


def test_a_lead_is_assigned_within_milliseconds_of_its_arrival() -> None:
    """ROUT-12: no poll and no batch lies in between, and deciding takes milliseconds."""
    desk = DeskBench(policies.policy())
    desk.lead("lead-1")
    (given,) = desk.events(RepAssigned)
    assert given.at == NOON
    assert median(seconds()) < 0.01


def test_a_slow_rule_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: a rotation that thinks for 20 ms is over the milliseconds."""
    rotate = choose.rotate

    def slowly(*arguments: Any) -> Any:
        time.sleep(0.02)
        return rotate(*arguments)

    monkeypatch.setattr(choose, "rotate", slowly)
    assert median(seconds()) > 0.01
