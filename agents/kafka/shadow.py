"""A candidate policy on the broker: published beside the one in force, ended, and how it stands."""

import msgspec

from agents.clock import wall_ms
from agents.kafka import names
from agents.kafka.policies import append, inboxes, tell, transaction
from agents.kafka.scan import Progress, scan
from agents.ledger.rows import ONLY, Shadow
from agents.settings import Kafka
from schemas.codec import Codec
from schemas.inner import ShadowSet
from streams.stage import event_id

_CHANGELOGS = {
    stage: names.changelog_of("", stage, source)
    for stage, source in (("qualify", "accounts.inbox"), ("route", "routing.inbox"))
}
_KEY = f"ledger.shadow\x00{ONLY}".encode()


def publish_candidate(kafka: Kafka, codec: Codec, document: str) -> int:
    """Appends a released document and has agents decide by it beside the policy in force.

    Gives its version. It takes the place of another candidate. Raises `NotPublished`, and
    `KafkaException`: then nothing changed.
    """
    with transaction(kafka, names.publisher(kafka.prefix)) as producer:
        version = append(producer, kafka, document, candidate=True)
        beside = ShadowSet(event_id=event_id(f"policy/{version}", "shadow"), version=version)
        tell(producer, kafka, codec, beside, inboxes(producer, kafka, ShadowSet))
    return version


def end_candidate(kafka: Kafka, codec: Codec) -> None:
    """No candidate decides any more. Raises as `publish_candidate` does."""
    with transaction(kafka, names.publisher(kafka.prefix)) as producer:
        ended = ShadowSet(event_id=event_id(f"shadow/{wall_ms()}", "ended"))
        tell(producer, kafka, codec, ended, inboxes(producer, kafka, ShadowSet))


def standing(kafka: Kafka, stage: str, progress: Progress) -> dict[int, Shadow]:
    """What `qualify` or `route` has counted so far, by partition of its inbox.

    None where no candidate decides. Reads its changelog. Raises what `scan` raises.
    """
    found: dict[int, bytes] = {}
    for record in scan(kafka, _CHANGELOGS[stage], progress):
        if record.key == _KEY:
            found[record.partition] = record.value
    decoder = msgspec.msgpack.Decoder(Shadow)
    return {number: decoder.decode(row) for number, row in sorted(found.items()) if row}
