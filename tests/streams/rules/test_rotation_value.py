"""Rotations that share the points of leads: nobody is as far as the dearest lead away (WGT-04)."""

import math
import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.rows.rotation import RotationRow, TurnRow
from streams.rules import rotation as rule
from streams.rules.rotation import Line, Member
from tests.streams.rules.test_rotation import names

DEAREST = 4
WEIGHTS = (1000, 300, 100, 50, 5, 1)


def worst_of(weights: Sequence[int], leads: int, seed: int, there: float = 1) -> Fraction:
    """The worst distance from the share due, in points, of leads that cost 1 to 4."""
    chance = random.Random(seed)  # noqa: S311 - can be run again, no secret
    reps = dict(zip(names(len(weights)), weights, strict=True))
    row, turns = RotationRow(), dict[str, TurnRow]()
    due, taken, worst = dict.fromkeys(reps, Fraction(0)), dict.fromkeys(reps, 0), Fraction(0)
    for _ in range(leads):
        cost = chance.choice((1, 1, 2, 3, DEAREST))
        able = {rep for rep in reps if chance.random() < there} or {chance.choice(sorted(reps))}
        line = Line(row.moved)
        for rep, weight in reps.items():
            line.put(Member(rep, weight, rep in able, rep in able), turns.get(rep))
        pick = rule.pick(row, line, points=cost)
        row, turns[pick.chosen.rep_id] = pick.rotation, pick.turn_after
        taken[pick.chosen.rep_id] += cost
        for rep in able:
            due[rep] += cost * Fraction(reps[rep], sum(reps[each] for each in able))
        worst = max(worst, *(abs(due[rep] - taken[rep]) for rep in able))
    return worst


@settings(max_examples=30)
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=12), st.integers(0, 1000))
def test_wgt_04_nobody_is_the_dearest_lead_away_while_eligibility_stands_still(
    weights: list[int], seed: int
) -> None:
    """WGT-04, promise 5: in points as large as the dearest lead, any weights."""
    assert worst_of(weights, 150, seed) < DEAREST


@settings(max_examples=20)
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=12), st.integers(0, 1000))
def test_while_eligibility_changes_the_bound_holds_in_points(weights: list[int], seed: int) -> None:
    """Promise 5, second half."""
    assert worst_of(weights, 150, seed, there=0.7) <= DEAREST * (1 + math.log(len(weights)))


def test_the_twin_deadlines_of_single_points_break_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Heavy reps would be served too early."""
    assert max(worst_of(WEIGHTS, 600, seed) for seed in range(4)) < DEAREST
    monkeypatch.setattr(rule, "earliest_for", lambda line, time, _: rule.earliest(line, time))
    assert max(worst_of(WEIGHTS, 600, seed) for seed in range(4)) > DEAREST
