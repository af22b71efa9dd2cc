"""One stage's turns: gather, decide, commit. Everything here runs in the stage's own thread."""

from collections import Counter
from collections.abc import Iterator

from confluent_kafka import Message, TopicPartition

from agents.clock import steady_s, wall_ms
from agents.kafka import clients, names
from agents.kafka.backlog import Backlog
from agents.kafka.committed import Place, place_of
from agents.kafka.member import Member
from agents.ledger.clocks import refuse_future
from agents.ledger.deployment import Deployment
from agents.ledger.happened import Aborted, Committed, Stands
from agents.ledger.membership import GATHER_MAX, Membership, Owned, offset_of
from agents.ledger.pacing import Pacing
from agents.ledger.partition import Partition
from agents.ledger.patience import Patience
from agents.ledger.records import Incoming, Sent, headers_of
from agents.ledger.refusal import CutOff, NameTaken
from agents.ledger.restoring import OFFSET_KEY, restore
from agents.ledger.ticks import Ticks
from agents.ledger.trace import causing_topic, stamped
from agents.ledger.transaction import Fenced, Outcome, Production, Transactions
from streams.stage import Stage

WORK_S = 0.1
"""A batch ends after so much work, so that a transaction stays short."""
WAIT_S = 0.1
LOOK_AGAIN_S = 5.0
"""How often is told how a stage stands."""
ABORTS_MAX = 50


class Book:
    """The partitions that this worker owns of one stage, and how they move on."""

    def __init__(self, stage: Stage, deployment: Deployment) -> None:
        """Connects: fences a predecessor of the same name, then joins the group."""
        self.stage, self._deployment = stage, deployment
        kafka = deployment.kafka
        self._group = names.group(kafka.prefix, stage)
        self._self = Member.fresh(f"{self._group}-{deployment.instance}")
        self.transactions = Transactions(
            lambda: clients.transactional_producer(kafka, self._self.name)
        )
        self._topics = {names.topic(kafka.prefix, source): source for source in stage.sources}
        self._membership = Membership(
            clients.group_consumer(kafka, self._group, self._self),
            list(self._topics),
            self._open_partition,
            lambda partitions, cancelled: restore(
                kafka, self._group, dict(partitions), self._changelog, cancelled
            ),
            stage.name,
            deployment.happened,
        )
        self._ticks = Ticks(self._topics, deployment.codec, deployment.trace_bound)
        self._paced = frozenset(names.topic(kafka.prefix, source) for source in stage.paced)
        self._pacing: Pacing[Message] = Pacing(self._paced, Backlog(kafka))
        self._patience: Patience[Message] = Patience(self._hurried)
        self._left_over: list[Message] = []
        self._aborts = 0
        self._looked_at_s = self.turned_at_s = steady_s()

    def _open_partition(self, place: Place) -> Partition:
        topic, number = place
        deployment = self._deployment
        self._pacing.forget_place(place)
        return Partition(
            self.stage,
            self._topics[topic],
            number,
            deployment.policies,
            deployment.codec,
            deployment.trace_bound,
        )

    def _changelog(self, topic: str) -> str:
        return names.changelog(self._deployment.kafka.prefix, self.stage, self._topics[topic])

    @property
    def ready(self) -> bool:
        """Whether every partition of ours takes records."""
        return self._membership.ready

    def counts(self) -> Counter[str]:
        """What the stage counted in our partitions; between turns all of it is committed."""
        total: Counter[str] = Counter()
        for one in self._owned_ready().values():
            total.update({name: row.value for name, row in one.partition.tables.counts.items()})
        return total

    # -- one turn

    def gather(self) -> list[Message]:
        """What is there to decide, after waiting a little; rebalances on the way."""
        self.turned_at_s = steady_s()
        self._say_how_it_stands()
        wait_s = 0.0 if self._left_over else self._wait_s()
        fresh = self._received(wait_s)
        admitted = self._pacing.admit(fresh)
        self._membership.hold(self._paced, on=self._pacing.holds)
        ripe = self._patience.ripe(admitted, at_once=bool(self._left_over))
        messages, self._left_over = self._left_over + ripe, []
        return messages

    def _hurried(self, message: Message) -> bool:
        """Whether the stage says neither of its topic nor of its cause's that it may wait."""
        unhurried = self.stage.unhurried
        if not unhurried:
            return True
        source = self._topics[place_of(message)[0]]
        return source not in unhurried and causing_topic(headers_of(message)) not in unhurried

    def _received(self, wait_s: float) -> list[Message]:
        """What the group gives us; that it calls our name another's is looked into."""
        try:
            return self._membership.gather(wait_s, GATHER_MAX - len(self._left_over))
        except NameTaken as taken:
            raise self._fenced(taken) from taken

    def _wait_s(self) -> float:
        """At most until the next timer, or until what waits has waited long enough."""
        left_s = self._patience.left_s
        waits_s = [*self._ticks.wait_s(self._owned_ready().values()), WAIT_S]
        waits_s += [] if left_s is None else [left_s]
        return max(0.001, min(waits_s))  # the client takes milliseconds

    def _owned_ready(self) -> dict[Place, Owned]:
        return {place: one for place, one in self._membership.owned.items() if one.ready}

    def _say_how_it_stands(self) -> None:
        if self.turned_at_s - self._looked_at_s >= LOOK_AGAIN_S:
            self._looked_at_s = self.turned_at_s
            lags = {
                (self._topics[topic], number): lag
                for (topic, number), lag in self._membership.lags().items()
            }
            self._deployment.happened(Stands(self.stage.name, lags, self.counts()))

    def turn(self, messages: list[Message], taken_up_ms: int | None = None) -> None:
        """Decides and commits a batch, all of it or nothing.

        `taken_up_ms`: since when work was done for it; None: it begins now, record by record.
        Raises what must end the process (`StayDown`, `Fenced` as either kind, broker errors), and
        `RegistryUnavailable`: then `take_back`, and gather again.
        """
        began, began_ms = steady_s(), wall_ms()
        ends: dict[Place, int] = {}
        sent: list[Sent] = []
        oldest_ms = began_ms
        for index, message in enumerate(messages):
            oldest_ms = min(oldest_ms, message.timestamp()[1])
            sent += self._decide(message, ends, taken_up_ms or wall_ms())
            if steady_s() - began > WORK_S:
                self._left_over = messages[index + 1 :]
                break
        if ends:
            decided = steady_s()
            done, commit_s = self._commit(ends, sent), steady_s() - decided
            name, waited_s = self.stage.name, (began_ms - oldest_ms) / 1000
            self._deployment.happened(
                Committed(name, index + 1, sent, decided - began, commit_s, waited_s)
                if done
                else Aborted(name, index + 1, commit_s)
            )

    def _decide(self, message: Message, ends: dict[Place, int], taken_up_ms: int) -> list[Sent]:
        """One record, unless it is not ours any more or was decided before."""
        place = place_of(message)
        owned = self._membership.owned.get(place)
        offset = offset_of(message)
        if owned is None or not owned.ready or offset < ends.get(place, owned.next):
            return []
        ends[place] = offset + 1
        record = self._incoming(place, offset, message)
        refuse_future(record, taken_up_ms)
        self._ticks.came(owned, record.headers)
        return stamped(owned.partition.decide(record), record, taken_up_ms)

    def _incoming(self, place: Place, offset: int, message: Message) -> Incoming:
        topic, number = place
        return Incoming(
            self._topics[topic],
            number,
            offset,
            message.timestamp()[1],
            message.key(),
            message.value(),
            headers_of(message),
        )

    def _commit(self, ends: dict[Place, int], sent: list[Sent]) -> bool:
        owned = self._membership.owned
        touched = [(place, owned[place].partition) for place in ends]
        metadata = self._membership.group_metadata()
        outcome = Outcome.ABORTED
        if metadata is not None:
            offsets = [TopicPartition(*place, end) for place, end in ends.items()]
            production = self._production(touched, ends, sent)
            outcome = self._run(production, offsets, metadata)
        if outcome is Outcome.ABORTED:
            self._roll_back()
            return False
        self._aborts = 0
        for place, partition in touched:
            partition.commit()
            owned[place].next = ends[place]
        self._ticks.settle()
        return True

    def _run(
        self, production: Iterator[Production], offsets: list[TopicPartition], metadata: object
    ) -> Outcome:
        try:
            return self.transactions.run(production, offsets, metadata)
        except Fenced as error:
            raise self._fenced(error) from error

    def _fenced(self, error: Exception) -> Exception:
        """A second worker of our name; or the broker ended what is ours, as it may after a fault.

        The broker fences alike whoever is replaced, stood still too long, or was cut off by its
        own restart. Who holds the name now is what tells them apart.
        """
        kafka = self._deployment.kafka
        taken = self._self.has_namesake(
            clients.admin(kafka),
            self._group,
            self._membership.member_id,
            kafka.session_timeout_ms / 1000,
        )
        return NameTaken() if taken else CutOff(str(error))

    def _production(
        self, touched: list[tuple[Place, Partition]], ends: dict[Place, int], sent: list[Sent]
    ) -> Iterator[Production]:
        for place, partition in touched:
            changelog, number = self._changelog(place[0]), place[1]
            for key, value in partition.changes():
                yield changelog, key, value, number, ()
            yield changelog, OFFSET_KEY, str(ends[place]).encode(), number, ()
        for one in sent:
            name = names.topic(self._deployment.kafka.prefix, one.topic)
            yield name, one.key, one.value, one.partition, one.headers

    def _roll_back(self) -> None:
        self._aborts += 1
        if self._aborts > ABORTS_MAX:
            msg = f"{self.stage.name} could not commit {ABORTS_MAX} batches in a row"
            raise RuntimeError(msg)
        self.take_back()

    def take_back(self) -> None:
        """What is not committed was never decided, and is read again."""
        ready = self._owned_ready()
        for one in ready.values():
            one.partition.rollback()
        self._left_over = []
        self._ticks.forget()
        self._pacing.forget()
        self._patience.forget()
        self._membership.rewind(list(ready))

    # -- ticks

    def tick(self) -> None:
        """Appends a `Tick` to the inboxes in which something is due.

        Raises as `turn` does; where nothing can be encoded, nothing was begun.
        """
        due = self._ticks.due(self._owned_ready())
        if due:
            production = list(self._ticks.produced(due))  # what cannot be encoded begins nothing
            outcome = self._run(iter(production), [], None)
            self._ticks.note(due, committed=outcome is Outcome.COMMITTED)

    def close(self) -> None:
        """Leaves the group's partitions as they are committed."""
        self._membership.close()
