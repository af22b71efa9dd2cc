"""What would become of a lead now: the pipeline's committed state in memory, and no effect."""

from collections.abc import Mapping
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import orjson

from agents.explain.events import Said
from agents.kafka import names
from agents.kafka.policies import PolicyTopic
from agents.ledger.restoring import Loadable, restore
from agents.settings import Kafka
from agents.simulation.trial import Trial
from schemas.codec import Codec
from schemas.record import format_time
from streams.stage import Stage, event_id

if TYPE_CHECKING:
    from agents.kafka.committed import Place

TOPIC = "leads.raw"


class NothingPublished(Exception):
    """No policy was published yet, so nobody can say what would become of a lead."""


def live(kafka: Kafka, stages: tuple[Stage, ...], codec: Codec) -> Trial:
    """A copy of the state that is committed on the broker: every partition's rows.

    Records that a stage has not read yet are not in it. Raises `NothingPublished`, and as `restore`
    does.
    """
    policies = PolicyTopic(kafka)
    latest = policies.latest()
    if latest is None:
        raise NothingPublished
    trial = Trial(stages, codec, policies)
    for stage in stages:
        _load(trial, kafka, stage)
    if all(partition.policy is None for partition in trial.pipeline.partitions.values()):
        # No worker has read anything yet: the first policy is in force at once for who does.
        trial.pipeline.publish(policies.get(latest), 0)
    return trial


def _load(trial: Trial, kafka: Kafka, stage: Stage) -> None:
    """Brings a stage's rows back, each partition's from its changelog."""
    sources = {names.topic(kafka.prefix, source): source for source in stage.sources}
    partitions: dict[Place, Loadable] = {
        (topic, number): partition
        for topic, source in sources.items()
        for (name, number), partition in trial.pipeline.partitions.items()
        if name == source
    }

    def changelog_of(topic: str) -> str:
        return names.changelog(kafka.prefix, stage, sources[topic])

    restore(kafka, names.group(kafka.prefix, stage), partitions, changelog_of, Flag())


def captured(trial: Trial, lead: Mapping[str, Any], now: int) -> list[Said]:
    """What would be said because of a `lead.captured` event at an instant, in order.

    The event gets an id of its own: one that came before would be passed over as a repeat.
    """
    text = orjson.dumps(lead)
    event = dict(lead) | {
        "event_id": f"preview-{event_id(text.hex(), str(now))}",
        "occurred_at": lead.get("occurred_at") or format_time(now),
    }
    return trial.said(TOPIC, event, now)
