"""Records through stages without a broker: order, time, partitions."""

from collections.abc import Iterable

import orjson
import pytest

from agents.simulation.partitioner import partition_of
from agents.simulation.simulation import Appended, Line, Simulation, Versions, as_line
from schemas.codec import Codec
from schemas.inner import EventIdentified, OutcomeReported, Tick
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy
from streams.stage import Outgoing, Stage
from streams.tables import StageTables, Timer, count
from tests.agents.ledger.toy import STAGES
from tests.streams.policies import policy

KEYS = [f"k{number}" for number in range(40)]


def alarm(
    tables: StageTables, event: EventIdentified, _policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Wants to be woken after 1 000 ms, and again after 500 more."""
    tables.timers.put(f"wake:{event.event_id}", Timer(now + 1_000, "wake", event.event_id))
    return ()


def wake(tables: StageTables, timer: Timer, _policy: Policy, now: int) -> Iterable[Outgoing]:
    """Tells when it was woken."""
    count(tables, "woken")
    if tables.counts.get(timer.subject) is None:
        count(tables, timer.subject)
        tables.timers.put(f"wake:{timer.subject}", Timer(now + 500, "wake", timer.subject))
    event = OutcomeReported(
        event_id=f"{timer.subject}/{now}", caused_by="c", at=now, home="h", lead_id="l",
        outcome="placed", place="p", reason=timer.subject,
    )  # fmt: skip
    yield Outgoing("leads.lifecycle", "h", event)


QUALIFY = Stage(
    name="qualify", sources=("accounts.inbox",), tables=StageTables,
    steps={EventIdentified: alarm}, timers={"wake": wake}, writes=("leads.lifecycle",),
)  # fmt: skip


class Run:
    """A simulation of the toy's stages and a third one with timers."""

    def __init__(self) -> None:
        """The policy is in force from 0."""
        self.seen: list[Appended] = []
        self.simulation = Simulation((*STAGES, QUALIFY), Codec(), self.seen.append)
        self.simulation.publish(policy(), 0)

    def feed(self, key: str, value: str, at: int) -> None:
        """One raw record."""
        self.simulation.feed(Line("leads.raw", at, value.encode(), key.encode()))

    def on(self, topic: str) -> list[Appended]:
        """What was appended to a topic."""
        return [one for one in self.seen if one.sent.topic == topic]


def test_a_record_runs_through_all_stages_before_the_next() -> None:
    """Hops take no time and nothing is lost, doubled or overtaken."""
    run = Run()
    for number in range(200):
        run.feed(KEYS[number % 40], str(number), number)
    out = [one.sent.event for one in run.on("accounts.inbox")]
    assert [one.values()["event_id"] for one in out] == [str(number) for number in range(200)]
    assert [one.values()["event"] for one in out] == [
        f"{number // 40 + 1}|{number // 40 + 1}".encode() for number in range(200)
    ]


def test_a_key_lands_where_the_broker_would_put_it() -> None:
    """The same partitions as librdkafka's murmur2_random, with offsets of their own."""
    run = Run()
    for number, key in enumerate(KEYS):
        run.feed(key, str(number), number)
    offsets: dict[int, list[int]] = {}
    for one in run.on("accounts.inbox"):
        assert one.sent.key is not None
        assert one.partition == partition_of(one.sent.key, CATALOGUE["accounts.inbox"].partitions)
        offsets.setdefault(one.partition, []).append(one.offset)
    # Offset 0 of every inbox partition is the policy's activation.
    assert all(found == list(range(1, len(found) + 1)) for found in offsets.values())


def test_timers_fire_at_their_due_between_lines() -> None:
    """Time is what the input says; a timer set by a timer fires too."""
    run = Run()
    run.feed("a", "one", 100)
    run.feed("b", "two", 5_000)
    assert [(one.sent.event.values()["reason"], one.at) for one in run.on("leads.lifecycle")] == [
        ("one", 1_100), ("one", 1_600),
    ]  # fmt: skip
    assert run.simulation.next_due() == 6_000
    run.simulation.run_until(10_000)
    assert [one.at for one in run.on("leads.lifecycle")][2:] == [6_000, 6_500]
    assert run.simulation.next_due() is None


def test_a_line_from_the_past_does_not_turn_the_clock_back() -> None:
    """The log-append time of a log only grows."""
    run = Run()
    run.feed("a", "one", 500)
    run.feed("a", "two", 100)
    assert [one.at for one in run.on("accounts.inbox")] == [500, 500]


def test_two_runs_give_the_same_bytes() -> None:
    """Promise 4, in one process; the command's test varies hash seed, zone and locale."""
    runs = [Run(), Run()]
    for run in runs:
        for number in range(50):
            run.feed(KEYS[number % 7], str(number), number * 300)
    assert runs[0].seen == runs[1].seen


def test_a_policy_that_is_not_there_is_told() -> None:
    """A simulation has the versions that were published in it."""
    with pytest.raises(LookupError, match="version 9 was not published"):
        Versions(policy(4)).get(9)


def test_an_appended_event_is_one_json_line() -> None:
    """Topic, key, time, value."""
    run = Run()
    run.feed("a", "one", 500)
    line = as_line(run.on("accounts.inbox")[0], {"x": 1})
    assert line.endswith(b"\n")
    assert orjson.loads(line) == {
        "topic": "accounts.inbox", "key": "a", "at": "1970-01-01T00:00:00.500Z", "value": {"x": 1},
    }  # fmt: skip


def test_ticks_are_not_shown() -> None:
    """The owner's own records are not output of a stage."""
    run = Run()
    run.feed("a", "one", 0)
    run.simulation.run_until(9_000)
    assert not [one for one in run.seen if isinstance(one.sent.event, Tick)]
