"""How a step says no: an event on `leads.rejected` with reason and bytes, and a count."""

from schemas.inner import InnerEvent, Refusal
from schemas.outputs import LeadRejected
from streams.stage import Outgoing, event_id
from streams.tables import StageTables, count

TOPIC = "leads.rejected"


def rejected(  # noqa: PLR0913 - a rejection's own parts; all but the first three are named
    tables: StageTables,
    event: InnerEvent,
    now: int,
    *,
    stage: str,
    reason: str,
    detail: str,
    field: str | None = None,
    policy_version: int | None = None,
) -> Outgoing:
    """Counts and describes an event that a stage behind intake refuses.

    Its `original` is the input event as intake normalised it, Avro single object: what an input
    topic takes again, so that a replay goes the whole way. The id follows from the raw record's
    place too: the same event that is sent in again and refused again is a letter of its own.
    """
    count(tables, f"rejected:{reason}")
    origin = event.origin
    cause = f"{origin.topic}/{origin.partition}/{origin.offset}/{event.event_id}"
    refusal = LeadRejected(
        event_id=event_id(cause, f"rejected:{stage}"),
        caused_by=event.event_id,
        at=now,
        policy_version=policy_version,
        reason=reason,
        field=field,
        detail=detail,
        original=event.event,
        source=origin,
        stage=stage,
    )
    return Outgoing(TOPIC, refusal.event_id, refusal)


def taken_back(tables: StageTables, stage: str, refusal: Refusal | None) -> bool:
    """Lowers a stage's count of what it had refused and now gets again; whether it did.

    The mark comes from outside, so it lowers no count that is not there, nor another stage's.
    """
    if refusal is None or refusal.stage != stage:
        return False
    name = f"rejected:{refusal.reason}"
    counted = tables.counts.get(name)
    if counted is None or counted.value <= 0:
        return False
    count(tables, name, -1)
    return True
