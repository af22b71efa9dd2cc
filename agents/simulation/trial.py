"""A pipeline in memory in which something is tried, to see what would be said."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import orjson

from agents.explain.events import Said, of_line
from agents.inputs import key_of
from agents.ledger.partition import Policies
from agents.simulation.simulation import Appended, Line, Simulation
from schemas.codec import Codec, to_json
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Stage

INBOX = "routing.inbox"


class Trial:
    """What is decided in it stays in it."""

    def __init__(
        self, stages: tuple[Stage, ...], codec: Codec, policies: Policies | None = None
    ) -> None:
        """Empty; its partitions may be loaded. For `policies` see `Simulation`."""
        self._sent: list[Appended] = []
        self.pipeline = Simulation(stages, codec, self._sent.append, policies)

    def fed(self, topic: str, value: bytes, now: int) -> list[Appended]:
        """Every record that would be sent because of an input event at an instant, in order."""
        self._sent.clear()
        self.pipeline.feed(Line(topic, now, value, key_of(value)))
        return [*self._sent]

    def desks(self) -> Iterator[tuple[RouteTables, Policy]]:
        """Tables and policy of each partition of route that has a policy in force."""
        for (topic, _), partition in self.pipeline.partitions.items():
            if topic == INBOX and partition.policy is not None:
                yield cast("RouteTables", partition.tables), partition.policy

    def said(self, topic: str, event: Mapping[str, Any], now: int) -> list[Said]:
        """What would be said because of an input event at an instant, in order."""
        sent = self.fed(topic, orjson.dumps(event), now)
        found = enumerate(to_json(each.sent.event) for each in sent)
        topics = (each.sent.topic for each in sent)
        return [
            of_line(topic, number, value)
            for topic, (number, value) in zip(topics, found, strict=True)
            if "at" in value
        ]
