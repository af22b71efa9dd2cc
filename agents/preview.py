"""What would become of a lead now: the pipeline's committed state in memory, and no effect."""

from collections.abc import Iterable, Mapping
from threading import Event as Flag
from typing import Any

import orjson

from agents.explain.events import Said, of_line
from agents.inputs import key_of
from agents.kafka import names
from agents.kafka.policies import PolicyTopic
from agents.ledger.restoring import restore
from agents.settings import Kafka
from agents.simulation.simulation import Appended, Line, Simulation
from schemas.codec import Codec, to_json
from schemas.record import format_time
from streams.stage import Stage, event_id

TOPIC = "leads.raw"


class NothingPublished(Exception):
    """No policy was published yet, so nobody can say what would become of a lead."""


class Preview:
    """A copy of the state that is committed on the broker; what is decided in it stays in it.

    Records that a stage has not read yet are not in it.
    """

    def __init__(self, kafka: Kafka, stages: tuple[Stage, ...], codec: Codec) -> None:
        """Loads every partition's rows. Raises `NothingPublished`, and as `restore` does."""
        policies = PolicyTopic(kafka)
        if policies.latest() is None:
            raise NothingPublished
        self._sent: list[Appended] = []
        self._pipeline = Simulation(stages, codec, self._sent.append, policies)
        for stage in stages:
            sources = {names.topic(kafka.prefix, source): source for source in stage.sources}
            partitions = {
                (topic, number): partition
                for topic, source in sources.items()
                for (name, number), partition in self._pipeline.partitions.items()
                if name == source
            }
            restore(
                kafka,
                names.group(kafka.prefix, stage),
                dict(partitions),
                lambda topic, stage=stage, sources=sources: names.changelog(  # type: ignore[misc]
                    kafka.prefix, stage, sources[topic]
                ),
                Flag(),
            )

    def captured(self, lead: Mapping[str, Any], now: int) -> list[Said]:
        """What would be said because of a `lead.captured` event at an instant, in order.

        The event gets an id of its own: one that came before would be passed over as a repeat.
        """
        text = orjson.dumps(lead)
        event = dict(lead) | {
            "event_id": f"preview-{event_id(text.hex(), str(now))}",
            "occurred_at": lead.get("occurred_at") or format_time(now),
        }
        value = orjson.dumps(event)
        before = len(self._sent)
        self._pipeline.feed(Line(TOPIC, now, value, key_of(value)))
        return list(_said(self._sent[before:]))


def _said(sent: Iterable[Appended]) -> Iterable[Said]:
    for number, appended in enumerate(sent):
        value = to_json(appended.sent.event)
        if "at" in value:
            yield of_line(appended.sent.topic, number, value)
