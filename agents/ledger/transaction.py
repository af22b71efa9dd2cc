"""One transaction per batch: what was decided and how far the input was read, together or not."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum

from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from agents.clock import steady_s
from agents.kafka.granted import REFUSALS, refused
from agents.leaving import RESTART, leave

CALL_S = 5.0
"""How long one call may wait for the broker before it is repeated."""
DEADLINE_S = 15.0
"""How long an outcome may stay unknown, of a commit and an abort together; restore decides then.

Half of what a supervisor usually grants between SIGTERM and SIGKILL.
"""
OFFSETS_S = 6.0
"""How long handing in the offsets may take. Twice that, and the call will not come back: librdkafka
may wait for ever where a coordinator was killed, whatever time-out it is given.
"""

DOUBTFUL_S = 2.0
"""A transaction that takes longer may have left something behind on the broker, which then ends the
next one of the same producer, in one partition or in all; see `Transactions`.
"""


class Outcome(Enum):
    """What became of a transaction."""

    COMMITTED = "committed"
    ABORTED = "aborted"


class Fenced(Exception):
    """Another producer took over this one's transactional id."""


BY_KEY = -1
"""librdkafka's RD_KAFKA_PARTITION_UA: the partitioner decides."""
Production = tuple[str, bytes | None, bytes | None, int | None, tuple[tuple[str, bytes], ...]]
"""Topic, key, value, partition (None: by key), headers."""


class Transactions:
    """A transactional producer that never guesses an outcome.

    Calls raise `Fenced`, or `RightMissing`; a transaction whose outcome stays
    unknown ends the process: rolling it back could decide the same lead twice.

    A broker that stood still may carry out late what it was asked for then. It knows a producer's
    transactions apart by the producer's epoch only, which without KIP-890 (librdkafka has none of
    it) is the same in all of them: a late abort would take records out of a transaction that was
    committed since. So a transaction that took long is a producer's last; the next one's first
    call has the broker refuse whatever is of an earlier epoch.
    """

    def __init__(self, made: Callable[[], Producer]) -> None:
        """Fences and settles what the same id left open; waits for the broker.

        `made` makes a producer, each time with the same transactional id.
        """
        self._made = made
        self._handing_in_since_s: float | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        """A producer with an epoch of its own."""
        self._producer, self._doubtful = self._made(), False
        _connect(self._producer)
        self._settle("init_transactions", self._producer.init_transactions, _deadline())

    def run(
        self,
        production: Iterable[Production],
        offsets: list[TopicPartition],
        group: object | None,
    ) -> Outcome:
        """Produces, adds the input offsets and commits; aborts where that is still possible."""
        if self._doubtful:
            self._begin_anew()
        began_s = steady_s()
        try:
            return self._ran(production, offsets, group)
        finally:
            self._doubtful = steady_s() - began_s > DOUBTFUL_S

    def _ran(
        self,
        production: Iterable[Production],
        offsets: list[TopicPartition],
        group: object | None,
    ) -> Outcome:
        try:
            self._fill(production, offsets, group)
        except KafkaException as error:
            return self._abort(error, _deadline())
        return self._settle("commit_transaction", self._producer.commit_transaction, _deadline())

    @property
    def hangs(self) -> bool:
        """Whether a call does not come back although its time is over; asked by another thread."""
        since = self._handing_in_since_s
        return since is not None and steady_s() - since > 2 * OFFSETS_S

    def _fill(
        self,
        production: Iterable[Production],
        offsets: list[TopicPartition],
        group: object | None,
    ) -> None:
        self._producer.begin_transaction()
        for topic, key, value, partition, headers in production:
            self._produce(topic, key, value, partition, headers)
        if group is not None:
            self._hand_in(offsets, group)

    def _hand_in(self, offsets: list[TopicPartition], group: object) -> None:
        self._handing_in_since_s = steady_s()
        try:
            self._producer.send_offsets_to_transaction(offsets, group, OFFSETS_S)
        finally:
            self._handing_in_since_s = None

    def _produce(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        headers: tuple[tuple[str, bytes], ...],
    ) -> None:
        number = BY_KEY if partition is None else partition
        while True:
            try:
                self._producer.produce(
                    topic,
                    value,
                    key,
                    number,
                    # An empty list takes the client half as long again as none.
                    headers=list(headers) if headers else None,
                )
            except BufferError:
                self._producer.poll(0.1)
            else:
                return

    def _settle(self, name: str, call: Callable[[float], None], deadline: float) -> Outcome:
        """Repeats a call whose outcome is unknown until it is known."""
        while True:
            try:
                call(CALL_S)
            except KafkaException as error:
                problem = error.args[0]
                if problem.txn_requires_abort():
                    return self._abort(error, deadline)
                if not problem.retriable():
                    raise _named(problem) from error
                if steady_s() > deadline:
                    leave(
                        RESTART,
                        f"the broker did not say within {DEADLINE_S:.0f} s what became of "
                        f"{name} ({problem.name()}): restart, restoring decides",
                    )
            else:
                return Outcome.COMMITTED

    def _abort(self, cause: KafkaException, deadline: float) -> Outcome:
        problem = cause.args[0]
        if problem.fatal() or problem.code() in REFUSALS | FENCED:
            raise _named(problem) from cause
        self._settle("abort_transaction", self._producer.abort_transaction, deadline)
        return Outcome.ABORTED


def _deadline() -> float:
    return steady_s() + DEADLINE_S


def _connect(producer: Producer) -> None:
    """Waits for the first connection.

    librdkafka looks for the coordinator at once, and where no connection
    is there yet again after half a second, which a restart's leads would wait for.
    """
    with suppress(KafkaException):  # whatever is wrong, `init_transactions` says it
        producer.list_topics(timeout=CALL_S)


FENCED = frozenset(
    {KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH}  # noqa: SLF001 - librdkafka's local codes have no public name
)


def _named(problem: KafkaError) -> Exception:
    if problem.code() in FENCED:
        return Fenced(problem.str())
    if problem.code() in REFUSALS:
        return refused(problem)
    return KafkaException(problem)
