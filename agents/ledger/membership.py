"""One member of a stage's consumer group: partitions come and go, rows come back before records."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event as Flag

import structlog
from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from agents.clock import steady_s
from agents.guard import or_leave
from agents.kafka.committed import Place, place_of
from agents.ledger.happened import Happened, Moved, Restored
from agents.ledger.partition import Partition
from agents.ledger.refusal import named
from agents.ledger.restoring import ChangelogDisagrees, Found, start

SEEK_S = 10.0
"""A partition that was just assigned cannot be sought before its fetcher runs."""
GATHER_MAX = 20_000
log = structlog.get_logger("leadstream.ledger")


@dataclass(slots=True)
class Owned:
    """A partition of ours. `next` is the next input offset, or `OFFSET_BEGINNING`."""

    partition: Partition
    next: int = OFFSET_BEGINNING
    ready: bool = False
    no_tick_before_s: float = 0.0
    tick: tuple[bytes, int] | None = None
    """Id and instant of the tick that was appended and not read yet: there is one at most."""


@dataclass(slots=True)
class Restoring:
    """Partitions whose rows are being read by another thread."""

    places: dict[Place, Owned]
    future: "Future[dict[Place, Found]]"
    cancelled: Flag
    again: bool
    """Changelog and group disagreed at first sight."""
    began_s: float


Restore = Callable[[dict[Place, Partition], Flag], dict[Place, Found]]


class Membership:
    """The consumer of one stage. All methods are called from one thread.

    An exception in a callback ends the process: librdkafka would deliver records of partitions
    that have nothing restored.
    """

    def __init__(
        self,
        consumer: Consumer,
        topics: list[str],
        open_partition: Callable[[Place], Partition],
        restore: Restore,
        stage: str,
        happened: Callable[[Happened], None],
    ) -> None:
        """Joins the group; partitions arrive during `gather`. `happened` is told of each change."""
        self._consumer, self._stage, self._happened = consumer, stage, happened
        self._open_partition, self._restore = open_partition, restore
        self._restorer = ThreadPoolExecutor(1, "restore")
        self._restoring: list[Restoring] = []
        self.owned: dict[Place, Owned] = {}
        self._held: set[Place] = set()
        self.joined, self._metadata = False, None
        consumer.subscribe(
            topics,
            on_assign=or_leave(self._gain),
            on_revoke=or_leave(self._lose),
            on_lost=or_leave(self._lose),
        )

    # -- partitions come and go

    def _gain(self, consumer: Consumer, assigned: list[TopicPartition]) -> None:
        self.joined, self._metadata = True, None
        places = [(one.topic, one.partition) for one in assigned]
        consumer.incremental_assign([TopicPartition(*place, OFFSET_BEGINNING) for place in places])
        if not places:
            return
        consumer.pause([TopicPartition(*place) for place in places])
        gained = {place: Owned(self._open_partition(place)) for place in places}
        self.owned |= gained
        self._begin_restoring(gained)
        self._happened(Moved(self._stage, gained=True, partitions=len(places)))
        log.info("partitions gained", stage=self._stage, partitions=_text(places))

    def _begin_restoring(self, places: dict[Place, Owned], *, again: bool = False) -> None:
        partitions = {place: one.partition for place, one in places.items()}
        cancelled = Flag()
        future = self._restorer.submit(self._restore, partitions, cancelled)
        self._restoring.append(Restoring(places, future, cancelled, again, steady_s()))

    def _lose(self, consumer: Consumer, revoked: list[TopicPartition]) -> None:
        self._metadata = None
        places = [(one.topic, one.partition) for one in revoked]
        for place in places:
            self.owned.pop(place, None)
        for one in self._restoring:
            if not any(self.owned.get(place) is owned for place, owned in one.places.items()):
                one.cancelled.set()
        consumer.incremental_unassign(revoked)
        self._happened(Moved(self._stage, gained=False, partitions=len(places)))
        log.info("partitions lost", stage=self._stage, partitions=_text(places))

    def _install(self) -> None:
        """Lets partitions whose rows are back begin; what went elsewhere meanwhile is forgotten."""
        for one in [each for each in self._restoring if each.future.done()]:
            self._restoring.remove(one)
            if one.cancelled.is_set():
                continue
            found = one.future.result()
            kept = {place: own for place, own in one.places.items() if self.owned.get(place) is own}
            try:
                starts = {place: start(place, *found[place]) for place in kept}
            except ChangelogDisagrees:
                if one.again:
                    raise
                self._look_again(kept)
                continue
            for place, offset in starts.items():
                self._begin(place, kept[place], offset)
            self._say_restored(kept, steady_s() - one.began_s)

    def _say_restored(self, places: dict[Place, Owned], took_s: float) -> None:
        rows = sum(one.partition.loaded for one in places.values())
        self._happened(Restored(self._stage, len(places), rows, took_s))
        log.info(
            "partitions restored",
            stage=self._stage,
            partitions=_text(list(places)),
            rows=rows,
            took_ms=round(took_s * 1000),
        )

    def _look_again(self, places: dict[Place, Owned]) -> None:
        """Restores anew: after a long pause the partitions may be another's before we know."""
        for place, owned in places.items():
            owned.partition = self._open_partition(place)
        self._begin_restoring(places, again=True)

    def _begin(self, place: Place, owned: Owned, offset: int) -> None:
        owned.next = offset
        # Before the seek: that wakes librdkafka's fetcher, a resume alone not for a second.
        self._consumer.resume([TopicPartition(*place)])
        self._seek(place, offset)
        if self.owned.get(place) is owned:  # the seek may have served a rebalance
            self._held.discard(place)
            owned.ready = True

    def _seek(self, place: Place, offset: int) -> None:
        deadline = steady_s() + SEEK_S
        while True:
            try:
                self._consumer.seek(TopicPartition(*place, offset))
            except KafkaException as error:
                if error.args[0].code() != KafkaError._STATE or steady_s() > deadline:  # noqa: SLF001 - no public name
                    raise
                self._serve_briefly()
                if place not in self.owned:
                    return
            else:
                return

    def _serve_briefly(self) -> None:
        """Waits for the fetcher of a paused partition; a record that comes is read again."""
        message = self._consumer.poll(0.02)
        if message is None:
            return
        error = message.error()
        if error is not None:
            raise named(error)
        self._rewind(message)

    def _rewind(self, message: Message) -> None:
        place = place_of(message)
        owned = self.owned.get(place)
        if owned is not None and owned.ready:
            self._consumer.seek(TopicPartition(*place, offset_of(message)))

    # -- records

    @property
    def ready(self) -> bool:
        """Whether the group was joined and every partition of ours has its rows back."""
        return self.joined and all(one.ready for one in self.owned.values())

    @property
    def idle(self) -> bool:
        """Whether no partition waits for its rows."""
        return not self._restoring

    def gather(self, wait_s: float, most: int = GATHER_MAX) -> list[Message]:
        """At most `most` records (never fewer than one) that are there, after waiting `wait_s`.

        Waits for the first only. The broker is asked for no more than librdkafka's queues hold, so
        whoever takes little is sent little.

        Raises `StayDown` for a missing right or a name that is taken, `KafkaException` for any
        other error event: what was gathered beside it has been passed over already.
        """
        self._install()
        first = self._consumer.poll(wait_s if self.idle else min(wait_s, 0.02))
        if first is None:
            return []
        more = self._consumer.consume(most - 1, 0) if most > 1 else []
        messages = [first, *more]
        for message in messages:
            error = message.error()
            if error is not None:
                raise named(error)
        return messages

    def hold(self, topics: frozenset[str], *, on: bool) -> None:
        """Lets no more records of topics come, or lets them come again."""
        held = {
            place for place, one in self.owned.items() if on and one.ready and place[0] in topics
        }
        for place in held - self._held:
            self._consumer.pause([TopicPartition(*place)])
        for place in (self._held - held) & self.owned.keys():
            if self.owned[place].ready:
                self._consumer.resume([TopicPartition(*place)])
        self._held = held

    def lags(self) -> dict[Place, int]:
        """Records of each partition that are not decided yet, as of the latest fetch."""
        return {
            place: high - max(low, one.next)
            for place, one in self.owned.items()
            if one.ready
            for low, high in (self._extent(place),)
            if high >= 0
        }

    def _extent(self, place: Place) -> tuple[int, int]:
        """First offset and end, as the client knows them; below 0 where it does not yet."""
        return self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)

    @property
    def member_id(self) -> str:
        """Who we are to the group; empty when we are nobody."""
        return self._consumer.memberid() or ""

    def group_metadata(self) -> object | None:
        """Who we are to the group, or None when we are no member any more.

        Asked for once after each rebalance and each `rewind`: the client holds Python's lock while
        librdkafka's own thread answers. What is out of date the broker refuses, and the batch is
        taken back. Asked for before the member id: membership may end between the two, and comes
        back only by `gather`, so an id that is there afterwards was there before.
        """
        if self._metadata is None:
            metadata = self._consumer.consumer_group_metadata()
            self._metadata = metadata if self.member_id else None
        return self._metadata

    def rewind(self, places: list[Place]) -> None:
        """Reads on from the committed offsets: the batch was not committed."""
        self._metadata = None
        for place in places:
            if place in self.owned:  # a seek may serve a rebalance
                self._seek(place, self.owned[place].next)

    def close(self) -> None:
        """Leaves at once; a static member's partitions stay reserved for its restart."""
        for one in self._restoring:
            one.cancelled.set()
        self._consumer.close()
        self._restorer.shutdown(wait=False, cancel_futures=True)


def offset_of(message: Message) -> int:
    """A record's offset; the client's type allows none, which no record has."""
    offset = message.offset()
    if offset is None:
        msg = f"the broker delivered a record of {message.topic()} without an offset"
        raise RuntimeError(msg)
    return offset


def _text(places: list[Place]) -> list[str]:
    return sorted(f"{topic}/{number}" for topic, number in places)
