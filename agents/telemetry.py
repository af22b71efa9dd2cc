"""Logs: one canonical JSON line per batch and per decision, on stderr, without personal data."""

import logging
import sys
from typing import Literal

import orjson
import structlog

from agents.ledger.happened import Aborted, Committed, Happened, Stands
from agents.ledger.records import Sent
from agents.ledger.trace import TRACEPARENT, header
from schemas.outputs import Alert, LeadRejected, LeadScored, LifecycleChanged, SlaBreached
from schemas.record import Event

DECISIONS = {
    "leads.scored": ("lead_id", "score", "grade", "status", "hot", "next_action", "at"),
    "leads.lifecycle": (
        "lead_id", "from_place", "to_place", "status", "reason", "pool", "held_by",
        "counts_by_reason", "at",
    ),
    "assignments.rep": (
        "lead_id", "assignment_id", "rep_id", "method", "attempt", "score", "grade", "priority",
        "reason", "policy_version", "desk", "team", "at", "captured_at",
    ),
    "assignments.ended": ("lead_id", "assignment_id", "rep_id", "reason", "policy_version", "at"),
    "assignments.offers": ("lead_id", "offer_id", "offered_to", "withdrawn", "reason", "at"),
    "assignments.pool": ("lead_id", "pool", "score", "grade", "reason", "policy_version", "at"),
    "leads.recycled": ("lead_id", "from_place", "to_place", "reason", "policy_version", "at"),
    "sla.breaches": (
        "lead_id", "assignment_id", "rep_id", "sla", "kind", "action", "count", "at",
    ),
    "leads.rejected": ("event_id", "reason", "field", "error_type", "at"),
    "decisions.shadow": ("lead_id", "shadow_version", "policy_version", "error_type", "at"),
    "alerts": ("kind", "severity", "subject", "value", "limit", "at"),
}  # fmt: skip
"""What a decision's line says, by topic: ids, names and numbers, never a person's data."""

Level = Literal["debug", "info", "warning", "error"]
NUMBERS = logging.getLevelNamesMapping()
SEVERITIES: dict[str, Level] = {
    "info": "info",
    "warning": "warning",
    "critical": "error",
}

log = structlog.get_logger("leadstream")


def configure(level: str = "info") -> None:
    """Structured lines on stderr; Faust's own chatter from warnings up."""
    number = NUMBERS[level.upper()]
    structlog.configure(
        cache_logger_on_first_use=True,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
    )
    for name in ("faust", "mode", "aiokafka"):
        logging.getLogger(name).setLevel(logging.WARNING)


def log_happened(what: Happened) -> None:
    """The lines of a batch; what else happens to a stage its ledger logs itself."""
    if isinstance(what, Committed):
        log_batch(what)
    elif isinstance(what, Aborted):
        log.warning(
            "batch aborted",
            stage=what.stage,
            records=what.records,
            tried_ms=round(what.tried_s * 1000, 1),
        )
    elif isinstance(what, Stands):
        log.debug("lag", stage=what.stage, records=sum(what.lags.values()))


def log_batch(batch: Committed) -> None:
    """The line of a batch and a line for each decision in it."""
    log.info(
        "batch",
        stage=batch.stage,
        records=batch.records,
        sent=len(batch.sent),
        waited_ms=round(batch.waited_s * 1000, 1),
        decide_ms=round(batch.decide_s * 1000, 1),
        commit_ms=round(batch.commit_s * 1000, 1),
    )
    for one in batch.sent:
        if one.topic in DECISIONS:
            log_decision(batch.stage, one)


def log_decision(stage: str, sent: Sent) -> None:
    """The line of one decision, at the level of what it means to whoever looks after the system."""
    level = level_of(sent.event)
    if not log.is_enabled_for(NUMBERS[level.upper()]):
        return
    values = sent.event.values()
    trace = (header(sent.headers, TRACEPARENT) or b"").decode()
    fields = {name: values[name] for name in DECISIONS[sent.topic]}
    say = getattr(log, level)
    say("decision", stage=stage, topic=sent.topic, trace=trace[3:35], **fields)


def level_of(event: Event) -> Level:
    """error: somebody must look now. warning: somebody should see it. info: it is daily business.

    A step that failed is an error, input that was refused is the sender's. A clock that ran out
    concerns people, a critical alert is for whoever is on call. debug: scores, which come with
    every change of a lead, and moves that another line tells, too.
    """
    if isinstance(event, LeadScored):
        return "debug"
    if isinstance(event, LifecycleChanged):
        return "debug" if _is_told_elsewhere(event) else "info"
    if isinstance(event, LeadRejected):
        return "warning" if event.error_type is None else "error"
    if isinstance(event, SlaBreached):
        return "warning" if event.kind == "breach" else "info"
    if isinstance(event, Alert):
        return SEVERITIES[event.severity]
    return "info"


def _is_told_elsewhere(event: LifecycleChanged) -> bool:
    """On assignments.rep or assignments.pool: no import, and nothing that leaves it where it is."""
    told = event.to_place == "pooled" or (event.to_place == "assigned" and event.held_by is None)
    return told and event.from_place != event.to_place
