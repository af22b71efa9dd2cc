"""Promise 5 through the whole stage: shares while reps come and go, from the records alone."""

import math
from fractions import Fraction
from typing import Any

import pytest

from schemas.outputs import RepAssigned
from streams.rules import rotation
from streams.steps.work import Work
from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.test_route_machine import REPS, small_policy


def shares(desk: DeskBench) -> tuple[dict[str, Fraction], dict[str, int]]:
    """What each rep was due and took in the general rotation, from the records alone."""
    due = dict.fromkeys(REPS, Fraction(0))
    taken = dict.fromkeys(REPS, 0)
    weights = {rep: Work(desk.tables, desk.policy, desk.now, "check").weight(rep) for rep in REPS}
    for event in desk.events(RepAssigned):
        if event.explanation.rotation == "inside/round_robin":
            able = [each.rep_id for each in event.explanation.candidates if each.eligible]
            for rep in able:
                due[rep] += Fraction(weights[rep], sum(weights[each] for each in able))
            taken[event.rep_id] += 1
    return due, taken


def run_with_absences() -> Fraction:
    """300 leads while reps come and go; the worst distance from the share that was due."""
    desk = DeskBench(small_policy(weight=1000, limit=500, most=1000))
    for number in range(300):
        desk.rep(REPS[number * 7 % 3], available=number % 4 != 0)
        desk.lead()
    due, taken = shares(desk)
    return max(abs(due[rep] - taken[rep]) for rep in REPS)


def test_shares_through_the_whole_stage_are_within_the_bound() -> None:
    """Promise 5: absences come as events, not as arguments."""
    assert run_with_absences() <= 1 + math.log(3)


def test_the_measure_finds_a_stage_that_favours_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the first by id takes whatever he can."""

    def favour(turns: Any, time: int) -> tuple[rotation.Turn, str]:
        del time
        return min(turns, key=lambda turn: turn.rep_id), "favour"

    monkeypatch.setattr(rotation, "earliest", favour)
    assert run_with_absences() > 1 + math.log(3)
