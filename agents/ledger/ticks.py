"""Time is a record, too: where something is due, a `Tick` is appended to the partition's inbox."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from agents.clock import steady_s, wall_ms
from agents.kafka.committed import Place
from agents.ledger.membership import Owned
from agents.ledger.partition import id_of
from agents.ledger.records import Headers
from agents.ledger.trace import EVENT_ID, header, outgoing_headers, trace_of_timer
from agents.ledger.transaction import Production
from schemas.codec import Codec
from schemas.inner import Tick
from streams.stage import event_id

TICK_AGAIN_S = 0.2
BEHIND_MAX_S = 5.0
"""So long at most nothing is asked of a broker whose clock is behind; somebody may put it right."""


class DueTick(NamedTuple):
    """A tick that a partition needs now."""

    place: Place
    owned: Owned
    instant: int
    """Since when something is due there, in milliseconds since the epoch."""
    event: Tick


class Ticks:
    """The ticks of one stage's partitions: one at most is under way in each."""

    def __init__(self, topics: Mapping[str, str], codec: Codec, trace_bound: int) -> None:
        """`topics` gives the source's name in the catalogue for each topic's name."""
        self._topics, self._codec, self._trace_bound = topics, codec, trace_bound
        self._came: list[Owned] = []

    def due(self, owned: Mapping[Place, Owned]) -> list[DueTick]:
        """A tick for each partition in which something is due, unless one is on its way."""
        now, steady = wall_ms(), steady_s()
        return [
            DueTick(place, one, instant, self._tick_for(place, instant))
            for place, one in owned.items()
            if (instant := one.partition.next_due()) is not None
            and instant <= now
            and one.tick is None
            and steady >= one.no_tick_before_s
        ]

    @staticmethod
    def wait_s(owned: Iterable[Owned]) -> Iterator[float]:
        """Of each partition, how long until it may want a tick; one under way comes by itself."""
        now, steady = wall_ms(), steady_s()
        for one in owned:
            if one.tick is None and (due := one.partition.next_due()) is not None:
                yield max((due - now) / 1000, one.no_tick_before_s - steady)

    def _tick_for(self, place: Place, instant: int) -> Tick:
        return Tick(event_id=event_id(f"{self._named(place)}/{instant}", "tick"))

    def _named(self, place: Place) -> str:
        """The partition, as ids and traces call it."""
        topic, number = place
        return f"{self._topics[topic]}/{number}"

    def produced(self, ticks: Iterable[DueTick]) -> Iterator[Production]:
        """The ticks as records. Raises `RegistryUnavailable` where nothing can be encoded."""
        for place, _, instant, event in ticks:
            topic, number = place
            source = self._topics[topic]
            value = self._codec.encode(event, source)
            trace = trace_of_timer(self._named(place), instant, self._trace_bound)
            yield topic, None, value, number, outgoing_headers(trace, source, id_of(event))

    def note(self, ticks: Iterable[DueTick], *, committed: bool) -> None:
        """Whether the ticks were appended: then no more come until they are read."""
        again_s = steady_s() + TICK_AGAIN_S
        for tick in ticks:
            tick.owned.no_tick_before_s = again_s
            tick.owned.tick = (tick.event.event_id.encode(), tick.instant) if committed else None

    def came(self, owned: Owned, headers: Headers) -> None:
        """A record is about to be decided: it may be the partition's tick."""
        if owned.tick is not None and header(headers, EVENT_ID) == owned.tick[0]:
            self._came.append(owned)

    def settle(self) -> None:
        """What came was decided and committed: a tick may be wanted again.

        One that was not as late as was asked for came from a broker whose clock is behind ours.
        Nothing will be due there before it has caught up, and ticks would only fill the inbox.
        """
        for owned in self._came:
            behind_ms = owned.tick[1] - owned.partition.now if owned.tick else 0
            owned.tick = None
            if behind_ms > 0:
                owned.no_tick_before_s = steady_s() + min(behind_ms / 1000, BEHIND_MAX_S)
        self._came.clear()

    def forget(self) -> None:
        """What came was not committed and comes again."""
        self._came.clear()
