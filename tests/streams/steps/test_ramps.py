"""New hires, performance and edited weights change shares and reset nobody (WGT-01, WGT-05)."""

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from streams.rows.rotation import RotationRow, span
from streams.steps import ramps
from streams.steps.board import Question, board_for
from streams.steps.policy_changed import policy_changed
from streams.steps.work import Work
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, MINUTE, NOON, DeskBench

GENERAL = "inside/round_robin"
FIRST_STEP = NOON + 6 * DAY + DAY // 2
"""30 days after bob's first day."""
NEW = {"weight": 100, "starts_on": "2026-02-07"}


def desk_of(**reps: Any) -> DeskBench:
    """Ann, bob and cay in the general rotation, with limits that nobody reaches."""
    return DeskBench(many(1, **reps))


def many(version: int, **reps: Any) -> Any:
    """The policy of such a desk."""
    patient = {"target": "900d", "target_high": "900d"}
    team = {"open_limit": 5_000, "contact": patient}
    return policies.policy(version, teams={"inside": team}, reps=reps)


def given(desk: DeskBench, leads: int) -> Counter[str]:
    """So many leads; how many of them each rep got."""
    before = len(desk.assigned())
    for _ in range(leads):
        desk.lead()
    return Counter(rep for _, rep in desk.assigned()[before:])


def owed(desk: DeskBench, rep: str) -> Fraction:
    """How many leads the rotation owes a rep who is there, by its rows."""
    row = desk.tables.rotations.get(GENERAL) or RotationRow()
    turn = desk.tables.turns.get(f"{GENERAL}/{rep}")
    work = Work(desk.tables, desk.policy, desk.now, "check")
    start = turn.start if turn else 0
    return Fraction(row.virtual_time - start, span(work.weight(rep)))


def test_wgt_01_high_performers_get_more_than_low_ones() -> None:
    """WGT-01, WGT-03: 150, 100 and 50 percent of the same base."""
    desk = desk_of(ann={"performance": "high"}, cay={"performance": "low"})
    assert given(desk, 60) == {"ann": 30, "bob": 20, "cay": 10}


def test_a_new_hires_share_grows_at_the_instant_of_each_step() -> None:
    """Decision 41: at 25 percent one ninth of the leads, then one fifth."""
    desk = desk_of(bob=NEW)
    assert given(desk, 90) == {"ann": 40, "bob": 10, "cay": 40}
    desk.until(FIRST_STEP - 1)
    assert Work(desk.tables, desk.policy, desk.now, "check").weight("bob") == 25
    desk.until(FIRST_STEP)
    assert Work(desk.tables, desk.policy, desk.now, "check").weight("bob") == 50
    assert given(desk, 50) == {"ann": 20, "bob": 10, "cay": 20}
    desk.after(60 * DAY)
    assert given(desk, 30) == {"ann": 10, "bob": 10, "cay": 10}


def run_over_a_step(leads_before: int) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """What each is owed before and after the step."""
    desk = desk_of(bob=NEW)
    given(desk, leads_before)
    desk.until(FIRST_STEP - 1)
    before = {rep: owed(desk, rep) for rep in ("ann", "bob", "cay")}
    desk.until(FIRST_STEP)
    return before, {rep: owed(desk, rep) for rep in ("ann", "bob", "cay")}


@pytest.mark.parametrize("leads", [0, 1, 4, 7])
def test_a_step_of_the_ramp_resets_nobody(leads: int) -> None:
    """Each is owed the same part of a lead as before, to a billionth."""
    before, after = run_over_a_step(leads)
    assert all(abs(before[rep] - after[rep]) < Fraction(1, 10**8) for rep in before)


def test_the_twin_a_step_that_leaves_the_turn_moves_what_is_owed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same measure finds a ramp that only changes the weight."""
    monkeypatch.setattr(ramps, "reweigh", lambda *given: given[2])
    before, after = run_over_a_step(4)
    assert abs(before["bob"] - after["bob"]) > Fraction(1, 10)


def distance(desk: DeskBench, changes: dict[int, Any]) -> Fraction:
    """The worst distance from the share due in 400 leads; `changes` by the number of the lead."""
    reps = ("ann", "bob", "cay")
    due, taken = dict.fromkeys(reps, Fraction(0)), dict.fromkeys(reps, 0)
    worst = Fraction(0)
    for number in range(400):
        if number in changes:
            changes[number](desk)
        work = Work(desk.tables, desk.policy, desk.now, "check")
        whole = sum(map(work.weight, reps))
        for rep in reps:
            due[rep] += Fraction(work.weight(rep), whole)
        before = len(desk.assigned())
        desk.lead()
        taken[desk.assigned()[before][1]] += 1
        worst = max(worst, *(abs(due[rep] - taken[rep]) for rep in reps))
    return worst


def test_wgt_05_weights_change_every_month_and_the_bound_holds() -> None:
    """WGT-05, promise 5: by publishing, by performance, and by the ramp in between."""
    desk = desk_of(bob=NEW)
    changes = {
        50: lambda desk: desk.publish(many(2, bob=NEW, ann={"weight": 300})),
        120: lambda desk: desk.until(FIRST_STEP),
        180: lambda desk: desk.publish(many(3, bob=NEW, ann={"performance": "low"})),
        260: lambda desk: desk.after(30 * DAY),
        300: lambda desk: desk.publish(many(4, ann={"weight": 7})),
    }
    assert distance(desk, changes) <= 1 + math.log(3)


def test_a_kept_board_knows_the_step() -> None:
    """Decision 0023: with no lead, shift or absence in between."""
    desk = desk_of(bob=NEW)
    desk.lead()
    desk.until(FIRST_STEP)
    work = Work(desk.tables, desk.policy, desk.now, "check")
    kept = board_for(work, Question("inside", "round_robin", desk.policy.rotation("inside")))
    assert kept.looked["bob"].weight == 50


def test_a_version_at_the_very_instant_of_a_step_takes_it_along() -> None:
    """It comes before the timers of its instant (design, section 3), and the step is done once."""
    desk = desk_of(bob=NEW)
    given(desk, 7)
    desk.until(FIRST_STEP - 1)
    before = owed(desk, "bob")
    desk.now = FIRST_STEP
    old, desk.policy = desk.policy, many(2, bob=NEW)
    desk.sent += policy_changed(desk.tables, old, desk.policy, desk.now)
    desk.until(FIRST_STEP + MINUTE)
    assert abs(owed(desk, "bob") - before) < Fraction(1, 10**8)
    assert given(desk, 50) == {"ann": 20, "bob": 10, "cay": 20}


def test_a_rep_who_leaves_the_policy_in_the_middle_of_the_ramp_is_no_trouble() -> None:
    """His timer finds nobody; when he comes back the ramp is where it would be."""
    desk = desk_of(bob=NEW)
    given(desk, 9)
    desk.publish(many(2, bob=None))
    desk.until(FIRST_STEP + DAY)
    desk.publish(many(3, bob=NEW))
    assert Work(desk.tables, desk.policy, desk.now, "check").weight("bob") == 50
    assert given(desk, 50)["bob"] == 10
