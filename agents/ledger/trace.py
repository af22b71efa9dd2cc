"""W3C trace context from hop to hop, derived from ids so that a replay gives the same one.

Which traces are sampled follows from their ids and the setting LEADSTREAM_TRACE_RATIO: another
ratio gives other flags in the headers, and the same values.
"""

import hashlib
import re
from typing import NamedTuple

from agents.ledger.records import Headers, Incoming, Sent

TRACEPARENT = "traceparent"
CONTENT_TYPE = ("content-type", b"application/avro")
EVENT_ID = "event_id"
CAUSE = "cause"
"""Header: where the record stands that caused this one, `<topic>/<partition>/<offset>`."""
TAKEN_UP_AT = "taken_up_at"
"""Header: when that record was taken up, in milliseconds since the epoch, by the worker's clock."""
TIMER_DUE = "timer_due"
"""Header of what a timer caused: when it was due, in milliseconds since the epoch."""
Trace = tuple[str, str]
"""Trace id and flags, hexadecimal."""
EVERY_TRACE = 1 << 64
"""The bound under which every new trace is sampled."""
NOT_SAMPLED = b"-00"
_FORM = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16
"""W3C: ids of zeros alone are none."""


def digest(text: str, size: int) -> str:
    """So many bytes of a hash, hexadecimal: an id that follows from a text."""
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def header(headers: Headers, name: str) -> bytes | None:
    """The first header of a name, or None."""
    for key, value in headers:
        if key == name:
            return value
    return None


class Context(NamedTuple):
    """What a `traceparent` says, hexadecimal."""

    trace_id: str
    span_id: str
    flags: str

    @property
    def sampled(self) -> bool:
        """Whether the trace's spans are recorded."""
        return bool(int(self.flags, 16) & 1)


def context_of(headers: Headers) -> Context | None:
    """What the `traceparent` header says; None where there is none or it is malformed."""
    found = _FORM.fullmatch(header(headers, TRACEPARENT) or b"")
    if found is None:
        return None
    context = Context(*found[0].decode().split("-")[1:])
    return None if context.trace_id == _NO_TRACE or context.span_id == _NO_SPAN else context


def sampled_context(headers: Headers) -> Context | None:
    """What `traceparent` says of a sampled trace; None of any other, at the cost of a look."""
    if (header(headers, TRACEPARENT) or NOT_SAMPLED).endswith(NOT_SAMPLED):
        return None
    found = context_of(headers)
    return found if found is not None and found.sampled else None


def bound_of(ratio: float) -> int:
    """The bound for a share of traces: those are sampled whose id's low 64 bits lie under it.

    OpenTelemetry's TraceIdRatioBased draws the same line, so that both keep the same traces.
    """
    return round(ratio * EVERY_TRACE)


def trace_of(record: Incoming, bound: int = EVERY_TRACE) -> Trace:
    """Trace id and flags: those of the record's `traceparent`, or new ones from its place."""
    found = context_of(record.headers)
    if found is not None:
        return found.trace_id, found.flags
    return _begun(f"{record.topic}\x00{record.partition}\x00{record.offset}", bound)


def trace_of_timer(timer_id: str, due: int, bound: int = EVERY_TRACE) -> Trace:
    """A trace of its own: one that stayed open while a lead waits could never be sampled whole."""
    return _begun(f"{timer_id}\x00{due}", bound)


def _begun(place: str, bound: int) -> Trace:
    trace_id = digest(place, 16)
    return trace_id, "01" if int(trace_id[16:], 16) < bound else "00"


def outgoing_headers(trace: Trace, topic: str, event_id: str) -> Headers:
    """The headers of an event sent to a catalogue topic; the span's id follows from both.

    The topic too, because an input event keeps its id from hop to hop: with one span id for all,
    its spans would be their own parents.
    """
    trace_id, flags = trace
    span_id = digest(f"{topic}\x00{event_id}", 8)
    return (
        (TRACEPARENT, f"00-{trace_id}-{span_id}-{flags}".encode()),
        (EVENT_ID, event_id.encode()),
        CONTENT_TYPE,
    )


def stamped(sent: list[Sent], record: Incoming, taken_up_ms: int) -> list[Sent]:
    """What a record caused, with headers that say so: the record's place, and when it was taken up.

    Not part of what is decided: they tell about this run, and a replay has others.
    """
    place = f"{record.topic}/{record.partition}/{record.offset}".encode()
    stamps = ((CAUSE, place), (TAKEN_UP_AT, b"%d" % taken_up_ms))
    return [
        Sent(
            one.topic, one.partition, one.key, one.value,
            one.headers + stamps + (() if one.cause is record else _due(one.cause)),
            one.event, one.cause,
        )
        for one in sent
    ]  # fmt: skip


def causing_topic(headers: Headers) -> str | None:
    """The topic of the record that caused this one, or None where no stage of ours did."""
    cause = header(headers, CAUSE)
    return None if cause is None else cause.partition(b"/")[0].decode(errors="replace")


def _due(waker: Incoming) -> Headers:
    """When the timer was due. What stands for a timer is made here: nothing comes from outside."""
    due = header(waker.headers, TIMER_DUE)
    return () if due is None else ((TIMER_DUE, due),)
