"""Time is a record, too: where something is due, a `Tick` is appended to the partition's inbox."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from agents.clock import steady_s, wall_ms
from agents.kafka.committed import Place
from agents.ledger.membership import Owned
from agents.ledger.partition import id_of
from agents.ledger.trace import outgoing_headers, trace_of_timer
from agents.ledger.transaction import Production
from schemas.codec import Codec
from schemas.inner import Tick
from streams.stage import event_id

TICK_AGAIN_S = 0.2


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

    def due(self, owned: Mapping[Place, Owned]) -> list[DueTick]:
        """A tick for each partition in which something is due, unless one is on its way."""
        now, steady = wall_ms(), steady_s()
        return [
            DueTick(place, one, instant, self._tick_for(place, instant))
            for place, one in owned.items()
            if (instant := one.partition.next_due()) is not None
            and instant <= now
            and one.tick is None
            and steady - one.ticked_at_s >= TICK_AGAIN_S
        ]

    def _tick_for(self, place: Place, instant: int) -> Tick:
        topic, number = place
        return Tick(event_id=event_id(f"{self._topics[topic]}/{number}/{instant}", "tick"))

    def produced(self, ticks: Iterable[DueTick]) -> Iterator[Production]:
        """The ticks as records. Raises `RegistryUnavailable` where nothing can be encoded."""
        for place, _, instant, event in ticks:
            topic, number = place
            source = self._topics[topic]
            value = self._codec.encode(event, source)
            trace = trace_of_timer(f"{source}/{number}", instant, self._trace_bound)
            yield topic, None, value, number, outgoing_headers(trace, source, id_of(event))

    def note(self, ticks: Iterable[DueTick], *, committed: bool) -> None:
        """Whether the ticks were appended: then no more come until they are read."""
        steady = steady_s()
        for tick in ticks:
            tick.owned.ticked_at_s = steady
            tick.owned.tick = tick.event.event_id.encode() if committed else None
