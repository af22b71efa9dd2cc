"""Spans: what each sent record took, handed to OpenTelemetry after its batch was committed.

Every sent record is one span, whose ids stand in its `traceparent`: aborted batches leave none, and
a replay gives the same ids. A span begins when its cause was appended to the log and ends with the
commit, so that the time in the queue is seen. Its parent is the span that sent the cause; a timer
begins a trace. The batch in which it was decided has a span of its own, in a trace of its own: it
links to the contexts in which its sampled records were made, and each of their spans links to it.
Attributes follow the messaging conventions 1.44 and hold ids, names and numbers.

Importing this takes a second: only a worker with an endpoint does.
"""

import re
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from agents.clock import wall_ms
from agents.exporting import EXPORT_S, Exporting
from agents.kafka import names
from agents.ledger.happened import Committed
from agents.ledger.records import Incoming, Sent
from agents.ledger.trace import EVENT_ID, Context, context_of, digest, header, sampled_context
from schemas.outputs import LeadRejected
from streams.stage import Stage

QUEUE_SPANS = 16_384
"""What waits for the exporter: some batches' spans, 30 MB. Beyond it the oldest are dropped."""
LINKS_MAX = 128
"""OpenTelemetry's own limit of links in a span."""
EXPORT_MS = 1_000
"""How often spans are exported."""
Sampled = list[tuple[Sent, Context]]
_OUR_ID = re.compile(rb"[0-9a-f]{32}")
_NS_PER_MS = 1_000_000
_SCOPE = InstrumentationScope("leadstream", schema_url="https://opentelemetry.io/schemas/1.44.0")


class Tracer(Exporting):
    """Makes spans of committed batches."""

    def __init__(self, endpoint: str, instance: str, prefix: str, stages: Sequence[Stage]) -> None:
        """`endpoint` without `/v1/traces`; `instance` is the worker's name."""
        self._prefix = prefix
        self._groups = {stage.name: names.group(prefix, stage) for stage in stages}
        self._resources = {
            stage.name: Resource.create(
                {SERVICE_NAME: f"leadstream-{stage.name}", SERVICE_INSTANCE_ID: instance}
            )
            for stage in stages
        }
        exporter: SpanExporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces",
            timeout=EXPORT_S,
            compression=Compression.Gzip,
        )
        self._processor = BatchSpanProcessor(
            exporter, max_queue_size=QUEUE_SPANS, schedule_delay_millis=EXPORT_MS
        )
        super().__init__(self._processor.shutdown, exporter.shutdown)

    def batch(self, batch: Committed) -> None:
        """Queues the spans of a batch that was committed just now."""
        found = ((sent, sampled_context(sent.headers)) for sent in batch.sent)
        sampled = [(sent, context) for sent, context in found if context is not None]
        if not sampled:
            return
        end = wall_ms()
        began = end - round((batch.decide_s + batch.commit_s) * 1000)
        whole = batch_context(batch.stage, sampled[0][1])
        for sent, context in sampled:
            self._processor.on_end(self._span(batch.stage, sent, (context, whole), began, end))
        self._processor.on_end(self._batch_span(batch, sampled, whole, began, end))

    def _batch_span(
        self, batch: Committed, sampled: Sampled, whole: Context, began: int, end: int
    ) -> ReadableSpan:
        """The span of a batch: what it was for the group that read it, whoever its records are."""
        topics = {names.topic(self._prefix, sent.cause.topic) for sent, _ in sampled}
        only = dict.fromkeys(["messaging.destination.name"], *topics) if len(topics) == 1 else {}
        return ReadableSpan(
            name=" ".join(["receive", *only.values()]),
            context=_span_context(whole, remote=False),
            resource=self._resources[batch.stage],
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.name": "receive",
                "messaging.operation.type": "receive",
                "messaging.batch.message_count": batch.records,
                "messaging.consumer.group.name": self._groups[batch.stage],
                "leadstream.sent": len(batch.sent),
                "leadstream.decide_ms": round(batch.decide_s * 1000),
                "leadstream.commit_ms": round(batch.commit_s * 1000),
                **only,
            },
            links=[Link(made) for made in _made(sampled)[:LINKS_MAX]],
            kind=SpanKind.CLIENT,
            status=Status(StatusCode.UNSET),
            instrumentation_scope=_SCOPE,
            start_time=began * _NS_PER_MS,
            end_time=end * _NS_PER_MS,
        )

    def _span(
        self, stage: str, sent: Sent, contexts: tuple[Context, Context], began: int, end: int
    ) -> ReadableSpan:
        """The finished span of a sent record; `began` is when its batch was taken up.

        `contexts`: its own, and that of the batch.
        """
        cause, (context, whole) = sent.cause, contexts
        topic = names.topic(self._prefix, cause.topic)
        parent = context_of(cause.headers)
        error = error_of(sent)
        return ReadableSpan(
            name=f"process {topic}",
            context=_span_context(context, remote=False),
            parent=None if parent is None else _span_context(parent, remote=True),
            resource=self._resources[stage],
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                "messaging.destination.name": topic,
                "messaging.destination.partition.id": str(cause.partition),
                "messaging.kafka.offset": cause.offset,
                "messaging.consumer.group.name": self._groups[stage],
                "leadstream.event": type(sent.event).__name__,
                "leadstream.event_id": (header(sent.headers, EVENT_ID) or b"").decode(),
                "leadstream.queue_ms": max(0, began - cause.timestamp),
                **lead_of(sent),
                **message_id(cause),
                **({} if error is None else {"error.type": error}),
            },
            links=[Link(_span_context(whole, remote=False))],
            kind=SpanKind.CONSUMER,
            status=Status(StatusCode.UNSET if error is None else StatusCode.ERROR),
            instrumentation_scope=_SCOPE,
            start_time=min(cause.timestamp, end) * _NS_PER_MS,
            end_time=end * _NS_PER_MS,
        )


def batch_context(stage: str, first: Context) -> Context:
    """A trace and span for a batch: they follow from the span of its first sampled record."""
    trace_id, span_id = digest(f"batch\x00{stage}\x00{first.span_id}", 16), first.span_id
    return Context(trace_id, digest(f"batch\x00{stage}\x00{span_id}", 8), "01")


def _made(sampled: Sampled) -> list[SpanContext]:
    """In which contexts the records of a batch were made, each once; of input our own span."""
    found = {context_of(sent.cause.headers) or context: None for sent, context in sampled}
    return [_span_context(one, remote=True) for one in found]


def lead_of(sent: Sent) -> dict[str, str]:
    """The lead that an event is about: by it all traces of a lead are found."""
    lead_id = getattr(sent.event, "lead_id", None)
    return {"leadstream.lead_id": lead_id} if isinstance(lead_id, str) else {}


def message_id(cause: Incoming) -> dict[str, str]:
    """The decided event's id; left out where a sender of ours did not make it.

    In a sender's header anything may stand, an e-mail address too.
    """
    found = header(cause.headers, EVENT_ID) or b""
    return {"messaging.message.id": found.decode()} if _OUR_ID.fullmatch(found) else {}


def error_of(sent: Sent) -> str | None:
    """The kind of error of a step that failed; a lead refused with a reason is no failure."""
    return sent.event.error_type if isinstance(sent.event, LeadRejected) else None


def _span_context(context: Context, *, remote: bool) -> SpanContext:
    return SpanContext(
        int(context.trace_id, 16),
        int(context.span_id, 16),
        is_remote=remote,
        trace_flags=TraceFlags(int(context.flags, 16)),
    )
