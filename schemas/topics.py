"""The catalogue: every topic with its key, events, writers, readers and settings.

No topic is named anywhere else. Partitions of a keyed inbox are fixed at creation.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from schemas import crm, inner, lead, outputs, pools, reps, shadow
from schemas.record import Event

DAY_MS = 86_400_000
PERSONAL_DATA_MS = 30 * DAY_MS
"""Topics with personal data keep 30 days at most (design, section 3)."""
INPUT_BYTES_MAX = 512 * 1024
"""Larger input records are rejected (design, section 4)."""
REJECTED_BYTES_MAX = 2 * 1024 * 1024
"""A dead letter holds the original beside its reason, so it may be larger than any input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. Retention in milliseconds, None for ever; sizes in bytes."""

    name: str
    key: str
    events: tuple[type[Event], ...]
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    partitions: int
    retention_ms: int | None = PERSONAL_DATA_MS
    cleanup: Literal["delete", "compact"] = "delete"
    timestamp_type: Literal["CreateTime", "LogAppendTime"] = "LogAppendTime"
    bytes_max: int = 1024 * 1024


INPUTS = (
    Topic(
        name="leads.raw",
        key="any",
        events=(lead.LeadCaptured, lead.LeadBehaviour, lead.ConsentChanged),
        producers=("marketing systems",),
        consumers=("intake",),
        partitions=4,
    ),
    Topic(
        name="leads.bulk",
        key="any",
        events=(lead.LeadCaptured,),
        producers=("uploads and imports",),
        consumers=("intake",),
        partitions=4,
    ),
    Topic(
        name="crm.events",
        key="any",
        events=(
            crm.AccountChanged,
            crm.LeadActivity,
            crm.LeadOwnerChanged,
            crm.LeadReassigned,
        ),
        producers=("CRM", "enrich"),
        consumers=("intake",),
        partitions=4,
    ),
    Topic(
        name="reps.events",
        key="any",
        events=(reps.RepChanged,),
        producers=("HR and calendar systems",),
        consumers=("intake",),
        partitions=1,
    ),
    Topic(
        name="pools.commands",
        key="any",
        events=(
            pools.LeadClaim,
            pools.PoolMoveRequested,
            pools.PoolMoveDecided,
            pools.LeadReviewed,
            pools.OfferAccepted,
            pools.OfferDeclined,
            pools.TurnAdjusted,
            pools.RepPaused,
            pools.AssignmentSkipped,
            pools.LeadRerouteRequested,
            pools.MatchUndone,
            pools.PoolSettingChanged,
            pools.PersonErased,
        ),
        producers=("sales tools",),
        consumers=("intake",),
        partitions=1,
    ),
)
INNER = (
    Topic(
        name="identity.inbox",
        key="none",
        events=(inner.EventReceived, inner.Tick, inner.PolicyActivated),
        producers=("intake", "identify", "policy publish"),
        consumers=("identify",),
        partitions=1,
    ),
    Topic(
        name="accounts.inbox",
        key="home account",
        events=(
            inner.EventIdentified,
            inner.OwnerInherited,
            inner.OutcomeReported,
            inner.Tick,
            inner.PolicyActivated,
            inner.ShadowSet,
        ),
        producers=("identify", "route", "qualify", "policy publish"),
        consumers=("qualify",),
        partitions=8,
    ),
    Topic(
        name="routing.inbox",
        key="desk",
        events=(
            inner.LeadQualified,
            inner.CommandReceived,
            inner.Tick,
            inner.PolicyActivated,
            inner.ShadowSet,
        ),
        producers=("qualify", "identify", "route", "policy publish"),
        consumers=("route",),
        partitions=4,
    ),
    Topic(
        name="enrichment.requests",
        key="home account",
        events=(inner.EnrichmentRequested,),
        producers=("qualify", "enrich"),
        consumers=("enrich",),
        partitions=4,
    ),
    Topic(
        name="policy",
        key="none",
        events=(),
        producers=("policy publish",),
        consumers=("identify", "qualify", "route"),
        partitions=1,
        retention_ms=None,
    ),
)
INBOXES = tuple(topic for topic in INNER if inner.PolicyActivated in topic.events)
"""Whose agents decide by policies; what waits in them is the pipeline's backlog."""


def _output(
    name: str,
    event: type[Event],
    *producers: str,
    key: str = "lead_id",
    consumers: tuple[str, ...] = ("CRM", "notification services"),
    retention_ms: int | None = PERSONAL_DATA_MS,
    bytes_max: int = 1024 * 1024,
) -> Topic:
    return Topic(
        name=name,
        key=key,
        events=(event,),
        producers=producers or ("route",),
        consumers=consumers,
        partitions=4,
        retention_ms=retention_ms,
        bytes_max=bytes_max,
    )


OUTPUTS = (
    _output("assignments.rep", outputs.RepAssigned),
    _output("assignments.ended", outputs.AssignmentEnded),
    _output("assignments.offers", outputs.LeadOffered),
    _output("assignments.pool", outputs.LeadPooled),
    _output("leads.scored", outputs.LeadScored, "qualify"),
    _output(
        "leads.rejected",
        outputs.LeadRejected,
        "every agent",
        key="event_id",
        consumers=("deadletters",),
        bytes_max=REJECTED_BYTES_MAX,
    ),
    _output("claims.results", outputs.ClaimDecided, key="rep_id"),
    _output("sla.breaches", outputs.SlaBreached),
    _output("leads.recycled", outputs.LeadRecycled),
    _output("marketing.actions", outputs.MarketingActionDue),
    _output("sales.tasks", outputs.SalesTaskDue),
    _output("leads.lifecycle", outputs.LifecycleChanged, retention_ms=None),
    _output("alerts", outputs.Alert, key="subject"),
    _output(
        "decisions.shadow",
        shadow.DecisionDiffered,
        "qualify",
        "route",
        consumers=("policy shadow",),
    ),
)
CATALOGUE = {topic.name: topic for topic in INPUTS + INNER + OUTPUTS}


@cache
def event_models() -> dict[str, type[Event]]:
    """Every event by its record's name, in the catalogue's order."""
    return {event.__name__: event for topic in CATALOGUE.values() for event in topic.events}


def type_of(event: type[Event]) -> str | None:
    """The `type` by which an input event is known; None for events that are no input."""
    field = event.model_fields.get("type")
    return field.default if field is not None and isinstance(field.default, str) else None


@cache
def input_types() -> dict[tuple[str, str], type[Event]]:
    """The model of an input event by topic and `type`."""
    return {
        (topic.name, kind): event
        for topic in INPUTS
        for event in topic.events
        if (kind := type_of(event)) is not None
    }
