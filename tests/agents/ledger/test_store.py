"""The store in memory, against a dictionary; what it keeps unpacked, and what rows take in it."""

import time
import tracemalloc
from functools import partial

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.ledger import tables
from agents.ledger.store import KEPT_BYTES, MemoryStore
from streams.tables import Row
from tests.agents.ledger import test_tables

encode = msgspec.msgpack.encode


class Note(Row, frozen=True):
    """Something to keep."""

    text: str
    words: tuple[str, ...] = ()


KEYS = st.sampled_from("abcdef")
VALUES = st.one_of(st.none(), st.text(max_size=30))
WRITES = st.lists(st.tuples(KEYS, VALUES), max_size=8)
BATCHES = st.lists(st.tuples(WRITES, st.lists(KEYS), st.booleans()), max_size=8)
KEPT = st.sampled_from([0, 20, 100, KEPT_BYTES])


def settled(store: MemoryStore[Note], rows: dict[str, Note | None]) -> None:
    """What was written is committed."""
    for key, row in rows.items():
        store.settle(key, None if row is None else encode(row))


def written(store: MemoryStore[Note], rows: dict[str, Note | None]) -> None:
    """A batch: everything is written, then settled."""
    for key, row in rows.items():
        store.put(key, row)
    settled(store, rows)
    store.tidy()


@given(BATCHES, KEPT)
def test_rows_are_those_of_a_dictionary(
    batches: list[tuple[list[tuple[str, str | None]], list[str], bool]], kept: int
) -> None:
    """However little is kept unpacked, whatever is read, and where a batch is taken back."""
    store, known = MemoryStore(Note, kept), dict[str, Note]()
    for writes, reads, committed in batches:
        rows = [(key, None if text is None else Note(text)) for key, text in writes]
        after = {key: row for key, row in {**known, **dict(rows)}.items() if row is not None}
        for key, row in rows:
            store.put(key, row)
        assert {key: store.get(key) for key in reads} == {key: after.get(key) for key in reads}
        assert sorted(store) == sorted(after)
        if committed:
            known = after
            settled(store, dict(rows))
        else:
            for key, _ in reversed(rows):
                store.put(key, known.get(key))
        store.tidy()
        assert {key: store.look(key) for key in store} == known


def test_what_is_loaded_replaces_what_was_there() -> None:
    """A changelog's later row counts, its tombstone too."""
    store = MemoryStore(Note)
    store.load("a", encode(Note("one")))
    assert store.get("a") == Note("one")
    store.load("a", encode(Note("two")))
    assert store.get("a") == Note("two")
    store.load("a", None)
    assert store.get("a") is None
    assert list(store) == []


def test_a_row_in_use_is_not_unpacked_again_and_one_that_others_push_out_is() -> None:
    """Nor does a walk over many rows push out those in use."""
    store = MemoryStore(Note, 100)
    written(store, {str(number): Note("x" * 20) for number in range(100)})
    used = store.get("7")
    for number in range(100):
        store.look(str(number))
    store.tidy()
    assert store.get("7") is used
    for number in range(20, 40):
        store.get(str(number))
    store.tidy()
    assert store.get("7") is not used
    assert store.get("7") == used


def taken(kept: int) -> float:
    """What a thousand rows of thirty words each take once each was read, in bytes a byte packed."""
    tracemalloc.start()
    try:
        packed = [
            encode(Note("", tuple(f"{number} {word}" for word in range(30))))
            for number in range(1_000)
        ]
        store = MemoryStore(Note, kept)
        for number, data in enumerate(packed):
            store.load(str(number), data)
            store.get(str(number))
            store.tidy()
        return tracemalloc.get_traced_memory()[0] / sum(map(len, packed))
    finally:
        tracemalloc.stop()


def test_many_rows_take_little_more_than_their_bytes() -> None:
    """Issue 5, memory with many open leads; and its twin: rows that all stay unpacked."""
    assert taken(1_000) < 3
    assert taken(1_000_000) > 8


def emptied_s(rows: int) -> float:
    """How long it takes to let go of so many rows that were read in one batch."""
    store = MemoryStore(Note, 1_000)
    for number in range(rows):
        store.load(str(number), encode(Note("x" * 20)))
        store.get(str(number))
    began = time.perf_counter()
    store.tidy()
    return time.perf_counter() - began


def test_letting_many_rows_go_takes_no_longer_a_row() -> None:
    """A new policy reads everybody who waits; ten times as many would take a hundred times."""
    few, many = (min(emptied_s(rows) for _ in range(3)) for rows in (10_000, 100_000))
    assert many < 40 * few


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables whose rows are unpacked at each look."""
    monkeypatch.setattr(tables, "MemoryStore", partial(MemoryStore, kept_bytes=0))


@pytest.mark.usefixtures("nothing_kept")
def test_tables_are_the_same_when_nothing_is_kept_unpacked() -> None:
    """The properties of tables, with every row unpacked anew."""
    test_tables.test_rows_and_views_are_those_of_a_model_that_copies()
    test_tables.test_the_next_row_of_a_view_is_found_as_by_a_walk()


@pytest.mark.usefixtures("nothing_kept")
def test_a_commit_lets_go_of_what_it_has_packed() -> None:
    """Of the tables that were only read, too."""
    journal = tables.Journal()
    shelf = tables.open_tables(test_tables.Shelf, journal)
    thing = test_tables.Weight(3)
    shelf.things.put("a", thing)
    journal.commit()
    read = shelf.things.get("a")
    assert read == thing
    assert read is not thing
    journal.commit()
    assert shelf.things.get("a") is not read


def test_rows_that_are_let_go_before_they_are_settled_would_be_noticed() -> None:
    """Twin: who tidies up in the middle of a batch loses what it wrote."""
    store = MemoryStore(Note, 0)
    written(store, {"a": Note("one")})
    store.put("a", Note("two"))
    store.tidy()
    assert store.get("a") == Note("one")
