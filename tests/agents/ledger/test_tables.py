"""Tables whose writes can be taken back, against a plain dictionary."""

from typing import ClassVar

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agents.ledger.tables import CHANGES_MOST, Journal, open_tables, row_types
from streams.tables import Row, SortKey, StageTables, Table, Timer, View


class Weight(Row, frozen=True):
    """Something with a weight."""

    grams: int
    label: str = ""


def _heaviest(_key: str, row: Row) -> SortKey | None:
    """Rows without weight are left out of the view."""
    return (-row.grams,) if isinstance(row, Weight) and row.grams else None


class Shelf(StageTables):
    """Two tables, one of them with a view."""

    views: ClassVar[dict[str, tuple[View, ...]]] = {"things": (View("heaviest", _heaviest),)}
    things: Table[Weight]
    others: Table[Weight]


KEYS = st.sampled_from("abcdef")
PUT = st.tuples(st.just("put"), KEYS, st.integers(0, 5))
DELETE = st.tuples(st.just("delete"), KEYS, st.just(0))
MARKS = ["savepoint", "rollback", "rollback all", "commit", "changes"]
MARK = st.tuples(st.sampled_from(MARKS), KEYS, st.just(0))
Action = tuple[str, str, int]
Rows = dict[str, int]


class Model:
    """The same as a table, done by copying dictionaries."""

    def __init__(self) -> None:
        """Starts empty."""
        self.rows: Rows = {}
        self.before: Rows = {}
        """What was committed before the last commit."""
        self.committed: Rows = {}
        self.saved: Rows = {}

    def apply(self, action: str, key: str, grams: int) -> None:
        """Does one action."""
        if action == "put":
            self.rows[key] = grams
        elif action == "delete":
            self.rows.pop(key, None)
        elif action == "savepoint":
            self.saved = dict(self.rows)
        elif action == "rollback":
            self.rows = dict(self.saved)
        elif action == "rollback all":
            self.rows = dict(self.committed)
            self.saved = dict(self.rows)
        elif action == "commit":
            self.before = self.committed
            self.committed = dict(self.rows)
            self.saved = dict(self.rows)


def played(actions: list[Action]) -> tuple[Shelf, Model]:
    """Does the actions on tables and on the model."""
    journal, model, savepoint = Journal(), Model(), 0
    shelf = open_tables(Shelf, journal)
    for action, key, grams in actions:
        model.apply(action, key, grams)
        if action == "put":
            shelf.things.put(key, Weight(grams))
        elif action == "delete":
            shelf.things.delete(key)
        elif action == "savepoint":
            savepoint = journal.savepoint()
        elif action == "rollback":
            journal.rollback(savepoint)
        elif action == "rollback all":
            journal.rollback()
            savepoint = 0
        elif action == "changes":
            journal.latest()
        else:
            assert told(journal, model.before) == model.rows
            journal.commit()
            savepoint = 0
    return shelf, model


def told(journal: Journal, before: Rows) -> Rows:
    """The rows before a batch, with what the changelog is told of it."""
    changed = {key: data for _, key, data in journal.latest()}
    kept = {key: grams for key, grams in before.items() if key not in changed}
    decode = msgspec.msgpack.Decoder(Weight).decode
    return kept | {key: decode(data).grams for key, data in changed.items() if data is not None}


@given(st.lists(st.one_of(PUT, DELETE, MARK), max_size=40))
def test_rows_and_views_are_those_of_a_model_that_copies(actions: list[Action]) -> None:
    """Whatever is written and taken back, rows and their views say the same."""
    shelf, model = played(actions)
    assert [(key, row.grams) for key, row in shelf.things.items()] == sorted(model.rows.items())
    expected = sorted((-grams, key) for key, grams in model.rows.items() if grams)
    assert [key for key, _ in shelf.things.ordered("heaviest")] == [key for _, key in expected]


@given(st.lists(st.one_of(PUT, DELETE, MARK), max_size=40), st.integers(0, 6))
def test_the_next_row_of_a_view_is_found_as_by_a_walk(actions: list[Action], grams: int) -> None:
    """next_in gives the first row at or behind a place, None behind the last."""
    shelf, _ = played(actions)
    walked = [pair for pair in shelf.things.ordered("heaviest") if pair[1].grams <= grams]
    assert shelf.things.next_in("heaviest", (-grams,)) == (walked[0] if walked else None)


def test_a_batch_is_told_of_as_it_is_after_one_that_was_taken_back() -> None:
    """As many writes as before, and others."""
    journal = Journal()
    shelf = open_tables(Shelf, journal)
    for grams in (1, 2):
        journal.rollback()
        shelf.things.put("a", Weight(grams))
        assert told(journal, {}) == {"a": grams}


def test_a_forgotten_rollback_would_be_noticed() -> None:
    """Twin: tables that keep what was taken back differ from the model."""
    shelf, model = played([("put", "a", 1), ("savepoint", "a", 0), ("put", "b", 2)])
    model.apply("rollback", "a", 0)
    assert [key for key, _ in shelf.things.items()] != sorted(model.rows)


def test_rows_removed_during_a_walk_are_left_out_and_new_ones_not_seen() -> None:
    """A step may write while it walks a view."""
    shelf = open_tables(Shelf)
    for key, grams in (("a", 3), ("b", 2), ("c", 1)):
        shelf.things.put(key, Weight(grams))
    seen = []
    for key, _ in shelf.things.ordered("heaviest"):
        seen.append(key)
        shelf.things.delete("b")
        shelf.things.put("d", Weight(1))
    assert seen == ["a", "c"]


def test_equal_rows_leave_no_trace_in_the_journal() -> None:
    """A row written as it was is not sent to the changelog again."""
    journal = Journal()
    shelf = open_tables(Shelf, journal)
    shelf.things.put("a", Weight(1))
    journal.commit()
    shelf.things.put("a", Weight(1))
    shelf.things.delete("b")
    assert journal.writes == []


def test_a_rollback_goes_over_all_tables() -> None:
    """One journal for all: an event's writes go together, timers too."""
    journal = Journal()
    shelf = open_tables(Shelf, journal)
    shelf.things.put("a", Weight(1))
    shelf.others.put("a", Weight(2))
    shelf.timers.put("t:a", Timer(5, "t", "a"))
    journal.rollback()
    assert [*shelf.things.items(), *shelf.others.items(), *shelf.timers.items()] == []
    assert list(shelf.timers.ordered("due")) == []


def test_every_annotated_table_is_opened() -> None:
    """A stage declares its tables; what every stage has is among them."""
    assert row_types(Shelf) == {
        "timers": row_types(StageTables)["timers"],
        "counts": row_types(StageTables)["counts"],
        "things": Weight,
        "others": Weight,
    }


def test_a_table_tells_what_was_written_and_what_was_taken_back() -> None:
    """Whoever keeps something made of rows looks again at these, a rollback included."""
    journal = Journal()
    things = open_tables(Shelf, journal).things
    mark, keys = things.changes(-1, 10)
    assert keys is None
    things.put("a", Weight(1))
    things.put("b", Weight(2))
    things.put("b", Weight(2))
    mark, keys = things.changes(mark, 10)
    assert keys == ["a", "b"]
    journal.rollback()
    mark, keys = things.changes(mark, 10)
    assert keys == ["b", "a"]
    assert things.changes(mark, 10) == (mark, [])


def test_a_table_that_cannot_tell_what_changed_says_so() -> None:
    """More than was asked for, or more than it remembers: everything may be another."""
    things = open_tables(Shelf).things
    mark, _ = things.changes(-1, 10)
    for number in range(CHANGES_MOST * 2):
        things.put("a", Weight(number + 1))
        if number == 10:
            assert things.changes(mark, 10)[1] is None
            assert things.changes(mark, 11)[1] == ["a"] * 11
    assert things.changes(mark, CHANGES_MOST * 4)[1] is None
