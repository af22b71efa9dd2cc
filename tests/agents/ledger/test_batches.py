"""The same log gives the same bytes and rows, whatever the batches, aborts and restarts."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from agents.ledger.records import Incoming, Sent
from tests.agents.ledger.counting_stage import Inbox, activation, happens, opened, record
from tests.agents.loaded import loaded

WORDS = st.sampled_from(["tell", "fail", "timer 15:ring", "timer 40:ring,5:burst", "timer 90:ring"])
EVENTS = st.lists(st.tuples(WORDS, st.integers(0, 30)), max_size=12)


def records_of(events: list[tuple[str, int]]) -> list[Incoming]:
    """A log: two activations, then the events, each so many milliseconds after the one before."""
    log = [record(activation(1, 0), 0, 0), record(activation(2, 60), 0, 1)]
    at = 0
    for offset, (word, later) in enumerate(events, start=2):
        at += later
        log.append(record(happens(word, f"e{offset}"), at, offset))
    return log


def run(log: list[Incoming], ends: set[int], *, aborted: Iterable[int] = ()) -> list[Sent]:
    """Decides a log in batches; a batch in `aborted` is rolled back once and decided again."""
    partition = opened()
    sent: list[Sent] = []
    batch: list[Incoming] = []
    for index, one in enumerate(log):
        batch.append(one)
        if index not in ends and index < len(log) - 1:
            continue
        if index in aborted:
            for each in batch:
                partition.decide(each)
            partition.rollback()
        for each in batch:
            sent += partition.decide(each)
        partition.commit()
        batch = []
    return sent


@given(EVENTS, st.sets(st.integers(0, 14)), st.sets(st.integers(0, 14)))
def test_the_same_log_gives_the_same_bytes_whatever_the_batches(
    events: list[tuple[str, int]], ends: set[int], aborted: set[int]
) -> None:
    """Promise 4: one at a time, all at once, with aborts between: byte-equal output."""
    log = records_of(events)
    assert run(log, ends, aborted=aborted) == run(log, set(range(len(log))))


@given(EVENTS, st.sets(st.integers(0, 14)))
def test_rows_come_back_from_the_changelog_as_they_were(
    events: list[tuple[str, int]], restarts: set[int]
) -> None:
    """changes() of every batch, loaded into an empty partition, give the same state."""
    partition, changelog = opened(), dict[bytes, bytes | None]()
    sent: list[Sent] = []
    for index, one in enumerate(records_of(events)):
        sent += partition.decide(one)
        changelog |= {change.key: change.value for change in partition.changes()}
        partition.commit()
        if index in restarts:
            restored = loaded(opened(), changelog.items())
            assert restored.changes() == []
            assert (restored.now, restored.next_due()) == (partition.now, partition.next_due())
            partition = restored
    assert sent == run(records_of(events), set(range(20)))


def test_a_row_forgotten_by_the_changelog_would_be_noticed() -> None:
    """Twin: without the clock's row the restored partition tells another time."""
    inbox = Inbox()
    inbox.partition.decide(record(happens("tell"), 77, 1))
    changes = inbox.partition.changes()
    kept = (change for change in changes if not change.key.startswith(b"ledger.clock"))
    restored = loaded(opened(), kept)
    assert restored.now != inbox.partition.now
