"""How a step says no: an event on `leads.rejected` with reason and bytes, and a count."""

from schemas.inner import InnerEvent
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
    topic takes again, so that a replay goes the whole way.
    """
    count(tables, f"rejected:{reason}")
    refusal = LeadRejected(
        event_id=event_id(event.event_id, f"rejected:{stage}"),
        caused_by=event.event_id,
        at=now,
        policy_version=policy_version,
        reason=reason,
        field=field,
        detail=detail,
        original=event.event,
        source=event.origin,
        stage=stage,
    )
    return Outgoing(TOPIC, refusal.event_id, refusal)
