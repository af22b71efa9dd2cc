"""What each answer of the broker makes of a transaction.

The producer is a script: which answer librdkafka gives and when is its boundary, and most of these
answers no broker gives on demand.
"""

from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from agents.leaving import RESTART, StayDown
from agents.ledger import transaction
from agents.ledger.transaction import Fenced, Outcome, Production, Transactions

COMMIT = "commit_transaction"
ABORT = "abort_transaction"
OFFSETS = "send_offsets_to_transaction"
UNKNOWN = KafkaError(KafkaError._TIMED_OUT, "unknown", retriable=True)
ABORTABLE = KafkaError(KafkaError.ILLEGAL_GENERATION, "old member", txn_requires_abort=True)
FENCED = KafkaError(KafkaError._FENCED, "fenced", fatal=True)
FATAL = KafkaError(KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER, "fatal", fatal=True)
NO_RIGHT = KafkaError(
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "no right", txn_requires_abort=True
)
RECORD: Production = ("t", b"k", b"v", 2, ())
PLACES = [TopicPartition("in", 0, 5)]
GROUP = object()


class Script:
    """A producer that answers each call with the next error of its script, then well."""

    def __init__(self, **answers: list[KafkaError]) -> None:
        """Errors by method, in the order in which they are given."""
        self._answers = answers
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> object:
        """Every method of a producer's."""

        def call(*_arguments: object, **_named: object) -> None:
            self.calls.append(name)
            errors = self._answers.get(name)
            if errors:
                raise KafkaException(errors.pop(0))

        return call


def run(script: Script, production: Iterator[Production] | None = None) -> Outcome:
    """One transaction with a record and offsets."""
    transactions = Transactions(lambda: script)  # type: ignore[arg-type,return-value]  # a script in librdkafka's place
    return transactions.run(production or iter([RECORD]), PLACES, GROUP)


def test_a_transaction_has_records_and_offsets_or_nothing() -> None:
    """Records first, then the input's offsets, then the commit; all behind a connection."""
    script = Script(list_topics=[UNKNOWN])
    assert run(script) is Outcome.COMMITTED
    assert script.calls == [
        "list_topics", "init_transactions", "begin_transaction", "produce", OFFSETS, COMMIT
    ]  # fmt: skip


def test_an_unknown_outcome_is_asked_for_again_and_never_guessed() -> None:
    """Commit answering retriable: the same call again; neither abort nor roll back."""
    script = Script(commit_transaction=[UNKNOWN, UNKNOWN])
    assert run(script) is Outcome.COMMITTED
    assert script.calls[-3:] == [COMMIT] * 3
    assert ABORT not in script.calls


def test_an_unknown_outcome_of_an_abort_is_asked_for_again() -> None:
    """The abort is repeated as well, and nothing is committed behind it."""
    script = Script(produce=[ABORTABLE], abort_transaction=[UNKNOWN])
    assert run(script) is Outcome.ABORTED
    assert script.calls[-2:] == [ABORT, ABORT]
    assert COMMIT not in script.calls


@pytest.mark.parametrize("call", ["produce", OFFSETS, COMMIT])
def test_what_can_be_aborted_is_aborted(call: str) -> None:
    """The batch is decided again from its offsets."""
    script = Script(**{call: [ABORTABLE]})
    assert run(script) is Outcome.ABORTED
    assert script.calls[-1] == ABORT


@pytest.mark.parametrize("call", ["produce", OFFSETS, COMMIT])
def test_fencing_is_told_as_fencing(call: str) -> None:
    """Another worker has the name; no abort, which would not be ours to do."""
    script = Script(**{call: [FENCED]})
    with pytest.raises(Fenced):
        run(script)
    assert ABORT not in script.calls


@pytest.mark.parametrize("call", ["produce", OFFSETS, COMMIT])
def test_another_fatal_error_ends_the_process(call: str) -> None:
    """A fatal producer cannot go on: the error goes up, to restart."""
    with pytest.raises(KafkaException):
        run(Script(**{call: [FATAL]}))


@pytest.mark.parametrize("call", ["init_transactions", OFFSETS])
def test_a_missing_right_is_not_cured_by_a_restart(call: str) -> None:
    """Stay down, with the broker's name for the right."""
    with pytest.raises(StayDown, match="TRANSACTIONAL_ID_AUTHORIZATION_FAILED"):
        run(Script(**{call: [NO_RIGHT]}))


@pytest.mark.parametrize(
    ("call", "outcome"), [("init_transactions", Outcome.COMMITTED), (OFFSETS, Outcome.ABORTED)]
)
def test_a_missing_right_that_is_taken_for_any_error_would_be_tried_for_ever(
    call: str, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: the worker goes on, or the same batch comes again, and nobody is told."""
    monkeypatch.setattr(transaction, "REFUSALS", frozenset())
    assert run(Script(**{call: [NO_RIGHT]})) is outcome


def test_an_outcome_that_stays_unknown_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the deadline: leave, and restoring decides; never roll back."""

    class Left(Exception):
        """Stands for the process's end."""

    def leave(code: int, sentence: str) -> None:
        assert code == RESTART
        raise Left(sentence)

    seconds = iter(range(0, 1000, 5))
    monkeypatch.setattr(transaction, "leave", leave)
    monkeypatch.setattr(transaction, "steady_s", lambda: float(next(seconds)))
    script = Script(commit_transaction=[UNKNOWN] * 100)
    with pytest.raises(Left, match="what became of commit_transaction"):
        run(script)
    assert ABORT not in script.calls


def test_a_full_queue_waits_for_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-pressure: librdkafka's queue is served until the record fits."""
    script = Script()
    full = [True, True]

    def produce(*_arguments: object, **_named: object) -> None:
        if full:
            full.pop()
            raise BufferError

    monkeypatch.setattr(script, "produce", produce, raising=False)
    assert run(script) is Outcome.COMMITTED
    assert script.calls.count("poll") == 2


def test_offsets_that_are_never_taken_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 5: librdkafka may not come back from there when its coordinator was killed."""
    now, seen = [100.0], []
    monkeypatch.setattr(transaction, "steady_s", lambda: now[0])
    script = Script()
    transactions = Transactions(lambda: script)  # type: ignore[arg-type,return-value]  # a script in librdkafka's place

    def hand_in(*_arguments: object) -> None:
        for passed in (transaction.OFFSETS_S, transaction.OFFSETS_S * 2 + 1):
            now[0] = 100 + passed
            seen.append(transactions.hangs)

    monkeypatch.setattr(script, "send_offsets_to_transaction", hand_in, raising=False)
    transactions.run(iter(()), [], object())
    assert seen == [False, True]
    assert not transactions.hangs


@pytest.mark.parametrize(("took_s", "producers"), [(0.5, 1), (3.0, 2)])
def test_a_transaction_that_took_long_is_its_producers_last(
    monkeypatch: pytest.MonkeyPatch, took_s: float, producers: int
) -> None:
    """Whatever became of it; `test_late_markers` shows on a broker what for."""
    now, made = [100.0], list[Script]()
    monkeypatch.setattr(transaction, "steady_s", lambda: now[0])

    def fresh() -> Script:
        made.append(Script())
        return made[-1]

    transactions = Transactions(fresh)  # type: ignore[arg-type]  # a script in librdkafka's place

    def slow() -> Iterator[Production]:
        now[0] += took_s
        yield RECORD

    transactions.run(slow(), PLACES, GROUP)
    transactions.run(iter([RECORD]), PLACES, GROUP)
    transactions.run(iter([RECORD]), PLACES, GROUP)
    assert len(made) == producers
    assert made[-1].calls.count("init_transactions") == 1
