"""What goes wrong at one commit of a stage, and its twins; see `faulty_agents`.

Armed by a file, so that a test chooses the moment: the next batch that says something is the one.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException, TopicPartition

from agents.kafka import clients
from agents.ledger.book import Book
from agents.ledger.transaction import Fenced, Outcome, Production, Transactions

FOLDER = "LEADSTREAM_DATA"
STAGE = "LEADSTREAM_FAULT_STAGE"
"""In which stage it is; the toy's by default."""
ARMED, PAUSED = "armed", "paused"
"""Files of the test's in the data folder: the fault may come; the broker stands still."""
STANDS = "stands still before its commit"
COMMITS = "commits as soon as the broker is paused"
UNKNOWN = "knows no outcome"
CALL_S = 1.0
"""So long one call may take here, so that a pause need not be longer than a session."""
LONG_MS = 60_000
STOPPED_S = 0.5
"""Another thread may be the one to take the signal; by then all have stopped."""
run, settle = Book._run, Transactions._settle


class OutcomeGuessed(Exception):
    """What is not known is taken for a failure."""


def says(records: Iterable[Production]) -> bool:
    """Whether there is more than rows in a transaction: decided twice, rows alone harm nobody."""
    return any(not topic.endswith("-changelog") for topic, *_ in records)


def say(sentence: str) -> None:
    """For the test, which reads the worker's log."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - for the test


def there(name: str) -> bool:
    """Whether the test has put a file there."""
    return (Path(os.environ[FOLDER]) / name).exists()


def at_one_commit(
    call_instead: Callable[[Callable[[float], None]], Callable[[float], None]],
    *,
    impatient: bool = False,
) -> None:
    """Once armed, one commit of the stage is another call; all records are on the broker.

    `impatient`: its deadline is over at once.
    """
    chosen: list[Transactions] = []
    stage = os.environ.get(STAGE, "two")

    def choosing(
        self: Book, production: Iterator[Production], offsets: list[TopicPartition], group: object
    ) -> Outcome:
        records = list(production)
        if self.stage.name == stage and says(records) and not chosen and there(ARMED):
            chosen.append(self.transactions)
        outcome = run(self, iter(records), offsets, group)
        if chosen == [self.transactions]:
            chosen.clear()  # it was given up before its commit: another one has to do
        return outcome

    def settling(
        self: Transactions, name: str, call: Callable[[float], None], deadline: float
    ) -> Outcome:
        if name == "commit_transaction" and chosen == [self]:
            chosen.append(self)
            self._producer.flush(5)
            return settle(self, name, call_instead(call), 0.0 if impatient else deadline)
        return settle(self, name, call, deadline)

    setattr(Book, "_run", choosing)  # noqa: B010 - breaking it is the purpose
    setattr(Transactions, "_settle", settling)  # noqa: B010 - as above


def stands_still() -> None:
    """As SIGSTOP from outside, at the worst moment: with a transaction open."""
    stood: list[bool] = []

    def stop_before(call: Callable[[float], None]) -> Callable[[float], None]:
        def stopped(timeout_s: float) -> None:
            if not stood:
                say(STANDS)
                os.kill(os.getpid(), signal.SIGSTOP)
                time.sleep(STOPPED_S)
                stood.append(True)
            call(timeout_s)

        return stopped

    at_one_commit(stop_before)


def stands_still_and_commits_anyway() -> None:
    """Twin: who was fenced takes a new name and goes on with what it had in hand."""
    stands_still()
    choosing = Book._run

    def anyway(
        self: Book, production: Iterator[Production], offsets: list[TopicPartition], group: object
    ) -> Outcome:
        records = list(production)
        try:
            return choosing(self, iter(records), offsets, group)
        except Fenced:
            return _anew(self).run(records, [], None)

    setattr(Book, "_fenced", lambda _self, error: error)  # noqa: B010 - breaking it is the purpose
    setattr(Book, "_run", anyway)  # noqa: B010 - as above


def stands_still_for_long() -> None:
    """Twin: its open transaction is not ended after five seconds but after a minute."""
    vars(clients)["TRANSACTION_TIMEOUT_MS"] = LONG_MS
    stands_still()


def commit_unknown() -> None:
    """The commit is sent to a broker that stands still; asked again, the broker tells."""
    at_one_commit(_while_paused)


def commit_unknown_for_good() -> None:
    """The same, and there is no time to ask again."""
    at_one_commit(_while_paused, impatient=True)


def commit_guessed() -> None:
    """Twin: what is not known is taken for aborted, and decided again."""

    def guessing(call: Callable[[float], None]) -> Callable[[float], None]:
        waited = _while_paused(call)

        def guess(timeout_s: float) -> None:
            try:
                waited(timeout_s)
            except KafkaException as error:
                raise OutcomeGuessed from error

        return guess

    at_one_commit(guessing)
    choosing = Book._run

    def take_for_aborted(
        self: Book, production: Iterator[Production], offsets: list[TopicPartition], group: object
    ) -> Outcome:
        try:
            return choosing(self, production, offsets, group)
        except OutcomeGuessed:
            self.transactions = _anew(self)
            return Outcome.ABORTED

    setattr(Book, "_run", take_for_aborted)  # noqa: B010 - breaking it is the purpose


def _while_paused(call: Callable[[float], None]) -> Callable[[float], None]:
    """The call, once the test has paused the broker; says when it gives no answer."""

    def waiting(timeout_s: float) -> None:
        if not there(PAUSED):
            say(COMMITS)
        while not there(PAUSED):
            time.sleep(0.02)
        try:
            call(min(timeout_s, CALL_S))
        except KafkaException:
            say(UNKNOWN)
            raise

    return waiting


_kept: list[Transactions] = []
"""Producers that are used no more, or their end would wait for the broker."""


def _anew(book: Book) -> Transactions:
    """A producer under another name, which nobody fences."""
    _kept.append(book.transactions)
    kafka, name = book._deployment.kafka, f"{book._self.name}-{len(_kept)}"
    while True:
        try:
            return Transactions(lambda: clients.transactional_producer(kafka, name))
        except (KafkaException, Fenced):
            time.sleep(0.1)


COMMITS_GONE_WRONG: Mapping[str, Callable[[], Any]] = {
    each.__name__: each
    for each in (
        stands_still, stands_still_and_commits_anyway, stands_still_for_long, commit_unknown,
        commit_unknown_for_good, commit_guessed,
    )
}  # fmt: skip
