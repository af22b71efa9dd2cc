"""A member of a consumer group on a Kafka in memory: rebalances are served by its polls alone."""

from collections.abc import Iterable
from itertools import count
from types import SimpleNamespace
from typing import Any, NamedTuple

from confluent_kafka import KafkaError, Message, TopicPartition

from agents.kafka.member import Member
from tests.interleaved.group import Group
from tests.interleaved.memory_clients import Callback, Metadata, message_of
from tests.interleaved.memory_kafka import MemoryKafka, Place

ALL = 1_000_000


class Fetch(NamedTuple):
    """How much a member is given between two turns, and where the giving begins."""

    most: int = ALL
    first: int = 0
    """Number of the partition among those assigned that comes first."""


class MemoryMember:
    """A consumer. Nothing happens to it but in `poll` and `consume`, as with librdkafka."""

    def __init__(self, kafka: MemoryKafka, group: Group, name: str, member: Member) -> None:
        """Not in the group yet; `name` is the group's own."""
        self.name, self.client_id = member.name, member.client_id
        self._kafka, self._group, self._group_name = kafka, group, name
        self._starts = count()
        self._id = ""
        self._positions: dict[Place, int] = {}
        self._paused: set[Place] = set()
        self.fetch = Fetch()

    def subscribe(
        self,
        _topics: list[str],
        on_assign: Callback,
        on_revoke: Callback,
        on_lost: Callback,
    ) -> None:
        """Joins."""
        self._on_assign, self._on_revoke, self._on_lost = on_assign, on_revoke, on_lost
        self._join()

    def _join(self) -> None:
        self._id = f"{self.client_id}/{next(self._starts)}"
        self._group.join(self)

    @property
    def _is_member(self) -> bool:
        return self._group.members.get(self.name) is self

    def belongs(self, metadata: Metadata) -> bool:
        """Whether the group knows us under this id."""
        return self._is_member and metadata.member_id == self._id

    def learns(self) -> None:
        """Another thread of the client has heard that the session ran out."""
        if not self._is_member:
            self._id = ""

    # -- records, and rebalances on the way

    def poll(self, timeout: float) -> Message | None:
        """One record; waits for nothing, but time goes on."""
        refusal = self._serve()
        found = [refusal] if refusal else self._fetched(1)
        if not found:
            self._kafka.time.sleep(timeout)
        return found[0] if found else None

    def consume(self, most: int, _timeout: float) -> list[Message]:
        """What is there."""
        refusal = self._serve()
        return [refusal] if refusal else self._fetched(most)

    def _serve(self) -> Message | None:
        """Calls back for what has changed; the group's refusal of who was replaced."""
        if not self._is_member:
            if self.name in self._group.members:
                return Message(error=KafkaError(KafkaError.FENCED_INSTANCE_ID))
            self._id = ""
            if self._positions:
                self._on_lost(self, _partitions(sorted(self._positions)))
            self._join()
        given = self._group.lost(self.name, set(self._positions))
        if given:
            self._on_revoke(self, _partitions(given))
        gained = self._group.gained(self.name, set(self._positions))
        if gained:
            self._on_assign(self, _partitions(gained))
        return None

    def _fetched(self, most: int) -> list[Message]:
        """Records partition by partition, as a fetch gives them."""
        places = sorted(self._positions.keys() - self._paused)
        first = self.fetch.first % len(places) if places else 0
        found: list[Message] = []
        for place in places[first:] + places[:first]:
            for offset, entry in self._kafka.settled(place, self._positions[place]):
                if len(found) == min(most, self.fetch.most):
                    self.fetch = self.fetch._replace(most=self.fetch.most - len(found))
                    return found
                found.append(message_of(place, offset, entry))
                self._positions[place] = offset + 1
        self.fetch = self.fetch._replace(most=self.fetch.most - len(found))
        return found

    # -- what it has

    def incremental_assign(self, places: list[TopicPartition]) -> None:
        """From now on these too."""
        self._positions |= dict.fromkeys(_places(places), 0)

    def incremental_unassign(self, places: list[TopicPartition]) -> None:
        """From now on without these."""
        for place in _places(places):
            del self._positions[place]
            self._paused.discard(place)

    def pause(self, places: list[TopicPartition]) -> None:
        """Gives none of these."""
        self._paused |= set(_places(places))

    def resume(self, places: list[TopicPartition]) -> None:
        """Gives these again."""
        self._paused -= set(_places(places))

    def seek(self, one: TopicPartition) -> None:
        """Goes on from an offset."""
        self._positions[one.topic, one.partition] = max(0, one.offset)

    def get_watermark_offsets(self, one: TopicPartition, *, cached: bool) -> tuple[int, int]:  # noqa: ARG002 - the client's own signature
        """First offset and end."""
        return 0, self._kafka.stable_end((one.topic, one.partition))

    # -- who it is

    def memberid(self) -> str:
        """Empty for nobody."""
        return self._id

    def consumer_group_metadata(self) -> Metadata:
        """Who we are, as far as we know."""
        return Metadata(self._group_name, self._id)

    def close(self) -> None:
        """A static member stays in the group until its session runs out."""


class MemoryAdmin:
    """Tells who is in the groups."""

    def __init__(self, groups: dict[str, Group]) -> None:
        """Of these groups."""
        self._groups = groups

    def describe_consumer_groups(self, names: list[str], request_timeout: float) -> Any:  # noqa: ARG002 - the client's own signature
        """As the client answers: futures by group."""
        return {name: SimpleNamespace(result=lambda name=name: self._told(name)) for name in names}

    def _told(self, name: str) -> Any:
        members = [
            SimpleNamespace(
                member_id=each.memberid(), group_instance_id=each.name, client_id=each.client_id
            )
            for each in self._groups[name].members.values()
        ]
        return SimpleNamespace(members=members)


def _places(partitions: Iterable[TopicPartition]) -> list[Place]:
    return [(one.topic, one.partition) for one in partitions]


def _partitions(places: Iterable[Place]) -> list[TopicPartition]:
    return [TopicPartition(*place) for place in places]
