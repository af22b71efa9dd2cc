"""A tick goes where something is due, and no second one before it is read."""

import pytest

from agents.kafka.committed import Place
from agents.ledger import ticks
from agents.ledger.membership import Owned
from agents.ledger.ticks import BEHIND_MAX_S, TICK_AGAIN_S, Ticks
from agents.ledger.trace import EVENT_ID, EVERY_TRACE, header
from schemas.codec import Codec
from schemas.inner import Tick
from tests.agents.ledger.counting_stage import TOPIC, Inbox, happens

FULL_NAME = f"test-{TOPIC}"
WOKEN, ASLEEP = (FULL_NAME, 3), (FULL_NAME, 4)
NOW = 1_772_442_000_000


class Inboxes:
    """Two partitions of which one has a timer that is due, and a clock that is set by hand."""

    def __init__(self) -> None:
        """Nothing was ticked yet."""
        self.codec = Codec()
        self.ticks = Ticks({FULL_NAME: TOPIC}, self.codec, EVERY_TRACE)
        self.owned = {WOKEN: self.with_timer(NOW), ASLEEP: self.with_timer(NOW + 1)}
        self.at_s = 100.0

    @staticmethod
    def with_timer(due: int, now: int = 1) -> Owned:
        """A partition whose time is `now`."""
        inbox = Inbox()
        inbox.feed(happens(f"timer {due}:ring"), now)
        return Owned(inbox.partition)

    def ticked(self) -> list[Place]:
        """Where a tick is wanted now."""
        return [one.place for one in self.ticks.due(self.owned)]


@pytest.fixture
def inboxes(monkeypatch: pytest.MonkeyPatch) -> Inboxes:
    """The two partitions, at the instant of the first one's timer."""
    made = Inboxes()
    monkeypatch.setattr(ticks, "wall_ms", lambda: NOW)
    monkeypatch.setattr(ticks, "steady_s", lambda: made.at_s)
    return made


def test_a_tick_goes_to_the_partition_in_which_something_is_due(inboxes: Inboxes) -> None:
    """It says nothing but its id, which follows from what is due: a repeat has the same."""
    due = inboxes.ticks.due(inboxes.owned)
    (topic, key, value, number, headers), *others = inboxes.ticks.produced(due)

    assert (topic, number, key, others) == (*WOKEN, None, [])
    tick = inboxes.codec.decode(value or b"")
    assert isinstance(tick, Tick)
    assert header(headers, EVENT_ID) == tick.event_id.encode()
    assert inboxes.ticks.due(inboxes.owned)[0].event == tick


def test_a_tick_on_its_way_is_waited_for(inboxes: Inboxes) -> None:
    """Until the partition has read it; a slow worker would fill its own inbox otherwise."""
    due = inboxes.ticks.due(inboxes.owned)
    inboxes.ticks.note(due, committed=True)

    inboxes.at_s += 10 * TICK_AGAIN_S
    assert inboxes.ticked() == []
    inboxes.owned[WOKEN].tick = None
    assert inboxes.ticked() == [WOKEN]


def test_a_tick_that_was_not_committed_is_tried_again_in_a_moment(inboxes: Inboxes) -> None:
    """Not at once: the broker may be in trouble."""
    inboxes.ticks.note(inboxes.ticks.due(inboxes.owned), committed=False)

    assert inboxes.ticked() == []
    inboxes.at_s += TICK_AGAIN_S
    assert inboxes.ticked() == [WOKEN]


def read(inboxes: Inboxes, now: int) -> Owned:
    """The tick is asked for, appended at such a time, decided and committed."""
    woken = inboxes.owned[WOKEN]
    asked = inboxes.ticks.due(inboxes.owned)
    inboxes.ticks.note(asked, committed=True)
    woken.partition = inboxes.with_timer(NOW, now).partition
    inboxes.ticks.came(woken, ((EVENT_ID, asked[0].event.event_id.encode()),))
    inboxes.ticks.settle()
    inboxes.at_s += TICK_AGAIN_S
    return woken


@pytest.mark.parametrize(
    ("behind_ms", "wait_s"), [(500, 0.5), (1_500, 1.5), (3_600_000, BEHIND_MAX_S)]
)
def test_a_broker_whose_clock_is_behind_is_not_ticked_before_it_can_be_due(
    inboxes: Inboxes, behind_ms: int, wait_s: float
) -> None:
    """Nor does the worker turn round and round meanwhile."""
    began_s = inboxes.at_s
    read(inboxes, NOW - behind_ms)
    inboxes.at_s = began_s + wait_s - 0.01
    assert inboxes.ticked() == []
    assert min(inboxes.ticks.wait_s([inboxes.owned[WOKEN]])) == pytest.approx(0.01)
    inboxes.at_s += 0.02
    assert inboxes.ticked() == [WOKEN]


def test_a_tick_that_was_read_late_keeps_no_other_timer_waiting(inboxes: Inboxes) -> None:
    """What became due since it was appended says nothing about the clocks."""
    woken = read(inboxes, NOW)
    woken.partition = inboxes.with_timer(NOW - 1, NOW - 2).partition
    assert inboxes.ticked() == [WOKEN]


def test_a_tick_that_was_not_committed_is_still_under_way(inboxes: Inboxes) -> None:
    """It is read again, and until then no second one is wanted, nor waited for."""
    woken = inboxes.owned[WOKEN]
    asked = inboxes.ticks.due(inboxes.owned)
    inboxes.ticks.note(asked, committed=True)
    inboxes.ticks.came(woken, ((EVENT_ID, asked[0].event.event_id.encode()),))
    inboxes.ticks.forget()
    inboxes.ticks.settle()
    inboxes.at_s += TICK_AGAIN_S
    assert inboxes.ticked() == []
    assert list(inboxes.ticks.wait_s([woken])) == []


def test_another_record_is_no_tick(inboxes: Inboxes) -> None:
    """Whatever its id."""
    woken = inboxes.owned[WOKEN]
    inboxes.ticks.note(inboxes.ticks.due(inboxes.owned), committed=True)
    inboxes.ticks.came(woken, ((EVENT_ID, b"another"),))
    inboxes.ticks.settle()
    assert woken.tick is not None
