"""What changes a turn besides a pick: nobody else's place is touched by it."""

from fractions import Fraction
from itertools import pairwise

import pytest

from streams.rows.rotation import LEAD, RotationRow, TurnRow
from streams.rules import turn as rule
from tests.streams.rules.test_rotation import Bench, names


def test_who_joins_starts_at_the_present_and_touches_nobody() -> None:
    """A newcomer gets no backlog and moves nobody."""
    bench = Bench(dict.fromkeys(names(3), 100))
    for _ in range(30):
        bench.lead(set(bench.weights))
    turns = dict(bench.turns)
    bench.weights["rep-003"], bench.due["rep-003"], bench.taken["rep-003"] = 100, Fraction(0), 0
    bench.row, bench.turns["rep-003"] = rule.joined(bench.row, 100)
    bench.lead(set(bench.weights))
    assert {rep: row for rep, row in bench.turns.items() if turns.get(rep) == row}.keys() >= {
        "rep-001",
        "rep-002",
    }
    for _ in range(7):
        bench.lead(set(bench.weights))
    assert sorted(bench.order[-8:]) == sorted(names(4) * 2)


def test_who_leaves_touches_nobody_and_the_books_still_balance() -> None:
    """What was owed to the leaver is shared by the others; their turns stay as they were."""
    bench = Bench(dict.fromkeys(names(3), 100))
    bench.lead(set(bench.weights))
    turns = dict(bench.turns)
    bench.row = rule.left(bench.row, bench.turns.get("rep-002"), "rep-002", 100)
    assert bench.turns == turns
    assert "rep-002" not in {entry.rep_id for entry in bench.row.moved}
    del bench.weights["rep-002"]
    for _ in range(9):
        bench.lead(set(bench.weights))
    assert not [pair for pair in pairwise(bench.order) if pair[0] == pair[1]]


def test_another_weight_keeps_the_part_of_a_lead_that_is_owed() -> None:
    """A weight edit touches the one rep's turn, and his lag in leads stays."""
    bench = Bench({"rep-000": 10, "rep-001": 1000})
    for _ in range(60):
        bench.lead(set(bench.weights))
    turn = bench.turns["rep-000"]
    lag = (bench.row.virtual_time - turn.start) * 10
    row, changed = rule.reweighed(bench.row, turn, "rep-000", 10, 500)
    assert row == RotationRow(bench.row.virtual_time, 1500)
    assert changed is not None
    assert abs((row.virtual_time - changed.start) * 500 - lag) < 1000


def test_a_turn_given_back_is_the_next_one() -> None:
    """Decisions, Charge: junk gives the turn back, and the lead's share is taken from everybody."""
    bench = Bench(dict.fromkeys(names(3), 100))
    first = bench.lead(set(bench.weights))
    bench.row, turn = rule.charge(bench.row, bench.turns["rep-000"], "rep-000", 100, -1)
    bench.row = rule.recounted(bench.row, -1)
    assert turn is not None
    bench.turns["rep-000"] = turn
    assert bench.row.virtual_time == first.time_before
    assert bench.lead(set(bench.weights)).chosen.rep_id == "rep-000"


def test_a_charge_for_a_member_who_is_away_is_kept_in_the_rotation() -> None:
    """Charge and give back find the member where the turn stands: absent ones included."""
    bench = Bench(dict.fromkeys(names(2), 100))
    bench.lead({"rep-000"})
    row, turn = rule.charge(bench.row, None, "rep-001", 100, 1)
    assert turn is None
    entry = next(entry for entry in row.moved if entry.rep_id == "rep-001")
    assert (entry.start, entry.away_since) == (LEAD // 100, 0)


def test_a_charge_for_a_member_without_a_row_starts_from_the_beginning() -> None:
    """Who was there from the start and took nothing yet stands at 0 without a row."""
    bench = Bench(dict.fromkeys(names(2), 100))
    bench.lead(set(bench.weights))
    row, turn = rule.charge(bench.row, None, "rep-001", 100, 1)
    assert (row, turn) == (bench.row, TurnRow(LEAD // 100, 100))


def test_who_leaves_without_having_taken_a_lead_leaves_what_was_owed() -> None:
    """A member without a row stands at 0: his share since then goes to the others."""
    bench = Bench(dict.fromkeys(names(3), 100))
    bench.lead(set(bench.weights))
    after = rule.left(bench.row, None, "rep-002", 100)
    assert after.virtual_time == bench.row.virtual_time + bench.row.virtual_time * 100 // 200


def test_a_new_weight_for_who_took_no_lead_keeps_what_is_owed() -> None:
    """The same part of a lead: a third of one before, a third of one after."""
    bench = Bench(dict.fromkeys(names(3), 100))
    bench.lead(set(bench.weights))
    row, turn = rule.reweighed(bench.row, None, "rep-002", 100, 50)
    assert turn == TurnRow(row.virtual_time - 2 * row.virtual_time, 50)


def test_who_leaves_after_others_weights_were_edited_leaves_no_more_than_was_owed() -> None:
    """What was owed is shared by the weights as they are then: else it would be many leads."""
    bench = Bench(dict.fromkeys(names(2), 1) | {"rep-002": 1000})
    for _ in range(2):
        bench.lead(set(bench.weights))
    row = bench.row
    for rep in names(2):
        row, turn = rule.reweighed(row, bench.turns.get(rep), rep, 1, 1000)
        assert turn is not None
        bench.turns[rep] = turn
    lags = [(row.virtual_time - bench.turns[rep].start) * 1000 for rep in names(2)]
    owed = (row.virtual_time - bench.turns["rep-002"].start) * 1000
    after = rule.left(row, bench.turns["rep-002"], "rep-002", 1000)
    later = [(after.virtual_time - bench.turns[rep].start) * 1000 for rep in names(2)]
    assert sum(later) - sum(lags) == pytest.approx(owed, abs=3000)


def test_who_joins_is_among_those_who_share_at_once() -> None:
    """He may leave again before the next lead: then the others' sum is what it was."""
    bench = Bench(dict.fromkeys(names(2), 100))
    bench.lead(set(bench.weights))
    row, turn = rule.joined(bench.row, 1000)
    assert row.sharing == 1200
    assert rule.left(row, turn, "rep-002", 1000) == bench.row
