"""Dead letters of a whole pipeline that come in again: decided once, and every count is right."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import orjson

from agents.kafka.deadletters import REPLAYS
from agents.ledger.replay import REPLAY_HEADER, mark_of, place_of
from agents.simulation.simulation import Appended, Line, Simulation
from schemas.codec import Codec
from schemas.inner import LeadQualified
from schemas.outputs import LeadRejected, LifecycleChanged
from streams.pipeline import pipeline
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Outgoing, Stage
from streams.steps.place_lead import lead_qualified
from tests.agents.ledger.counting_stage import activation, happens, opened, record
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, SECRET, captured


class Mended(Simulation):
    """The pipeline with a bug in route's step for leads until `bug` is False."""

    def __init__(self, *, counts_fallen: bool = True) -> None:
        """The policy is in force; `counts_fallen` False leaves the stage's declaration out."""
        self.bug = True
        self.log: list[Appended] = []
        stages = [self._with_bug(stage) for stage in pipeline(SECRET, Codec())]
        if not counts_fallen:
            stages = [replace(stage, fallen={}) for stage in stages]
        super().__init__(stages, Codec(), self.log.append)
        self.publish(policy(), NOON)

    def _with_bug(self, stage: Stage) -> Stage:
        if stage.name != "route":
            return stage
        return replace(stage, steps={**stage.steps, LeadQualified: self._step})

    def _step(
        self, tables: RouteTables, event: LeadQualified, used: Policy, now: int
    ) -> Iterable[Outgoing]:
        sent = lead_qualified(tables, event, used, now)
        if self.bug:
            raise ValueError(event.kind)
        return sent

    def capture(self, number: str) -> None:
        """A capture of jane's."""
        self.feed(Line("leads.raw", NOON, orjson.dumps(captured(number)), b"k"))

    def again(self, letter: LeadRejected) -> None:
        """What `deadletters replay` does with a letter."""
        source, headers = letter.source, ((REPLAY_HEADER, mark_of(letter)),)
        self._append(source.topic, source.partition, letter.key, letter.original, headers, self.now)
        self._drain()

    def letters(self) -> list[LeadRejected]:
        """Every dead letter so far."""
        events = (one.sent.event for one in self.log)
        return [event for event in events if isinstance(event, LeadRejected)]

    def counts(self) -> Counter[str]:
        """`<stage> <count>`, summed over the partitions."""
        total: Counter[str] = Counter()
        for partition in self.partitions.values():
            for name, row in partition.tables.counts.items():
                total[f"{partition.stage.name} {name}"] += row.value
        return total


def nothing_is_in_flight(counts: Counter[str]) -> bool:
    """Design, Counts: sent = received = placed + fallen, at rest."""
    placed = sum(value for name, value in counts.items() if name.startswith("route place:"))
    received = counts["route received"]
    return counts["qualify sent"] == received == placed + counts["route fallen"] > 0


def test_a_lead_that_fails_twice_is_decided_once_and_nothing_stays_in_flight() -> None:
    """It moves from in flight to rejected, and with its replay to its place; counted once."""
    run = Mended()
    run.capture("1")
    assert nothing_is_in_flight(run.counts())
    assert run.counts()["route fallen"] == run.counts()["route rejected:step_failed"] == 1
    run.again(run.letters()[0])
    first, second = run.letters()
    assert first.event_id != second.event_id
    assert nothing_is_in_flight(run.counts())
    assert run.counts()["route fallen"] == run.counts()["route rejected:step_failed"] == 1

    run.bug = False
    for letter in (first, second, second):
        run.again(letter)
    assert nothing_is_in_flight(run.counts())
    assert run.counts()["route fallen"] == run.counts()["route rejected:step_failed"] == 0
    assert run.counts()["route received"] == 1
    placed = [one for one in run.log if isinstance(one.sent.event, LifecycleChanged)]
    assert len(placed) == 1


def test_only_new_leads_are_received_when_they_fail() -> None:
    """A touch was never sent as a lead: it neither falls nor is received."""
    run = Mended()
    run.bug = False
    run.capture("1")
    run.bug = True
    run.capture("2")
    assert [letter.detail for letter in run.letters()] == ["touch"]
    assert nothing_is_in_flight(run.counts())
    assert run.counts()["route fallen"] == 0


def test_twin_a_route_that_does_not_count_what_fell_keeps_it_in_flight() -> None:
    """Without the stage's declaration the account does not come out."""
    run = Mended(counts_fallen=False)
    run.capture("1")
    assert not nothing_is_in_flight(run.counts())


def test_the_command_finds_what_came_in_again_by_the_ledgers_own_row() -> None:
    """Its key in the changelog, by which `deadletters replay` knows what would be passed over."""
    failed = opened()
    failed.decide(record(activation(1, 0), 0, 0))
    dead = failed.decide(record(happens("fail"), 1, 1))[0].event
    assert isinstance(dead, LeadRejected)
    failed.commit()
    failed.decide(record(dead.original, 2, 2, ((REPLAY_HEADER, mark_of(dead)),)))
    assert f"{REPLAYS}\x00{place_of(dead.source)}".encode() in {
        change.key for change in failed.changes()
    }
