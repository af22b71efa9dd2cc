"""A pipeline in memory that runs: its site, its workers, its office; and what may befall them."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from confluent_kafka import KafkaError

from agents.kafka import names, policies, topics
from agents.ledger.refusal import CutOff
from schemas.codec import Codec, decode
from streams.pipeline import pipeline
from tests.interleaved import verdict
from tests.interleaved.memory_clients import TIMED_OUT, failed
from tests.interleaved.memory_kafka import Fault, MemoryKafka, Place
from tests.interleaved.memory_member import Fetch
from tests.interleaved.office import Office, document, known_of
from tests.interleaved.virtual_time import VirtualTime
from tests.interleaved.workers import KAFKA, Died, Site, Worker

MONDAY_NOON = 1_772_452_800_000
STAGES = ("intake", "identify", "qualify", "enrich", "route")
NAMES = ("w0", "w1")
ROUNDS_MAX = 400
"""So many rounds are more than anything takes that comes to rest at all."""
MADE = pipeline(b"a secret for tests", Codec(), known_of)
TOPICS: Mapping[str, int] = {one.name: one.partitions for one in topics.wanted("", MADE)}


class Broken(AssertionError):
    """Promises that do not hold, a sentence each."""


class Running:
    """Two workers, every stage in each."""

    def __init__(self, kind: Callable[..., MemoryKafka] = MemoryKafka) -> None:
        """Empty topics and the first policy. `kind`: a Kafka, or one that breaks its word."""
        self.kafka = kind(VirtualTime(MONDAY_NOON), TOPICS)
        self.site = Site(MADE, self.kafka)
        self.office = Office(self.kafka)
        self.written: dict[int, dict[str, Any]] = {}
        """What the policies say, by version."""
        self.publish(document())
        self.workers = {name: Worker(self.site, name) for name in NAMES}

    def publish(self, text: str) -> None:
        """As `leadstream policy publish` does."""
        version, _ = policies.publish(KAFKA, self.site.codec, text)
        self.written[version] = json.loads(text)

    def said(self, topic: str) -> list[Any]:
        """Committed events of an output topic, in order."""
        return [decode(one.entry.value or b"") for one in self.kafka.committed(topic)]

    # -- turns

    def round(self) -> int:
        """Every stage of every worker has a turn; gives how many records were decided."""
        decided = 0
        for worker in self.workers.values():
            for stage in STAGES:
                worker.restore(stage)
                decided += worker.turn(stage)
        return decided

    def rest(self) -> None:
        """Everybody is there again and works until there is nothing left. Raises `Broken`."""
        for name in NAMES:
            self.start(name)
        for _ in range(ROUNDS_MAX):
            if not self.round() and not self.left():
                return
        raise Broken(f"the pipeline does not come to rest: {self.left()} records are not decided")

    def left(self) -> int:
        """Records that no agent has decided, and transactions that nobody has ended."""
        waiting = (self._waiting(name, place) for name, place in self._shares())
        return sum(waiting) + len(self.kafka.open)

    def _shares(self) -> Iterator[tuple[str, Place]]:
        for name, group in self.site.groups.items():
            for place in group.places:
                yield name, place

    def _waiting(self, group: str, place: Place) -> int:
        begin = self.kafka.read_to(group, place) or 0
        return sum(1 for _ in self.kafka.settled(place, begin))

    def busy(self) -> list[tuple[str, str]]:
        """Workers and stages that have something to decide; all of them where none has."""
        found = {
            (name, stage)
            for name in self.workers
            for stage in STAGES
            if self._has_work(name, names.group_of("", stage))
        }
        return sorted(found or {(name, stage) for name in self.workers for stage in STAGES})

    def _has_work(self, name: str, group: str) -> bool:
        wanted = self.site.groups[group].wanted
        mine = (place for place, holder in wanted.items() if holder == f"{group}-{name}")
        return any(self._waiting(group, place) for place in mine)

    def judge(self) -> None:
        """Raises `Broken` for whatever does not hold at rest."""
        self.rest()
        found = verdict.findings(self.site, self.office.sent, self.written)
        if found:
            raise Broken("\n".join(found))

    # -- what may befall a worker

    def faulty(self, name: str, fault: Fault, fetch: Fetch) -> None:
        """Turns in which something happens once; who does not survive it is gone.

        Only who stood still or was killed may leave: anybody else's end is a finding.
        """
        worker, stage = self.workers[name], fault.stage
        self.kafka.plan(fault)
        try:
            for _ in range(2):
                worker.turn(stage, fetch)
                worker.restore(stage)
        except Died:
            del self.workers[name]
        except CutOff:
            if not fault.cuts_off:
                raise
            self.site.happened["CutOff"] += 1
            del self.workers[name]
        finally:
            if not self.kafka.plan(None):
                self.site.happened[f"{fault.what.__name__} at {fault.point}"] += 1

    def start(self, name: str) -> None:
        """A worker, if none of this name runs."""
        if name not in self.workers:
            self.workers[name] = Worker(self.site, name)

    def end_sessions(self, name: str) -> None:
        """The groups have not heard of a worker for too long."""
        for stage in self.site.stages:
            group = names.group("", stage)
            self.site.groups[group].put_out(f"{group}-{name}")

    def move(self, stage: str, number: int, name: str) -> None:
        """A partition goes to a worker, if it is a member of the group."""
        group = names.group_of("", stage)
        places = self.site.groups[group].places
        self.site.groups[group].move(places[number % len(places)], f"{group}-{name}")

    def reached(self) -> set[str]:
        """What happened, and the topics that something was said on."""
        return {*self.site.happened, *(name for name in TOPICS if self.kafka.committed(name))}

    def close(self) -> None:
        """Clients and clocks are the real ones again."""
        self.site.close()


def die() -> None:
    """The worker is killed here."""
    raise Died


def refuse() -> None:
    """The broker refuses: the transaction has to be aborted."""
    raise failed(KafkaError.COORDINATOR_NOT_AVAILABLE, aborts=True)


def say_nothing() -> None:
    """The broker has done it, and nobody is told."""
    raise failed(TIMED_OUT, retriable=True)
