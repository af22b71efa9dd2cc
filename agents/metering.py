"""Metrics of what happens in the stages, handed to OpenTelemetry.

A recorded value takes OpenTelemetry some 20 us, so that of a lead only its latency is recorded, and
how fair it was; batches are measured whole, and counts are kept here and asked for at an export.
Importing this takes a second: only a worker with an endpoint does.
"""

import threading
from collections import Counter as Number
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Histogram, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from agents import instruments as known
from agents.clock import wall_ms
from agents.exporting import EXPORT_S, Exporting
from agents.fairness.distance import furthest
from agents.kafka import names
from agents.ledger.happened import Aborted, Committed, Happened, Moved, Restored, Stands
from agents.ledger.records import Sent
from agents.ledger.trace import sampled_context
from schemas.codec import Codec, Unreadable
from schemas.inner import LeadQualified
from schemas.outputs import Alert, LeadRejected, LifecycleChanged, RepAssigned

EVERY_MS = 15_000
"""How often metrics are exported."""
COUNTED = ("admitted", "received", "fallen")
PLACE = "place:"
Attributes = tuple[tuple[str, str], ...]
Look = Callable[[CallbackOptions], list[Observation]]
_KAFKA = {known.SYSTEM: "kafka"}
_NOWHERE = Context()


class Meter(Exporting):
    """Counts and measures what it is told."""

    def __init__(self, endpoint: str, instance: str, prefix: str, codec: Codec) -> None:
        """`endpoint` without `/v1/metrics`; `instance` is the worker's name."""
        exporter = OTLPMetricExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/metrics",
            timeout=EXPORT_S,
            compression=Compression.Gzip,
        )
        reader = PeriodicExportingMetricReader(exporter, export_interval_millis=EVERY_MS)
        service = {SERVICE_NAME: "leadstream", SERVICE_INSTANCE_ID: instance}
        provider = MeterProvider([reader], Resource.create(service), shutdown_on_exit=False)
        super().__init__(provider.shutdown, exporter.shutdown)
        self._prefix, self._codec = prefix, codec
        self._standing: dict[str, Stands] = {}
        self._lock = threading.Lock()
        self._totals: dict[str, Number[Attributes]] = {}
        self._histograms: dict[str, Histogram] = {}
        self._make(provider.get_meter("leadstream"))

    def _make(self, meter: Any) -> None:
        looks: dict[str, Callable[[], Iterator[Observation]]] = {
            known.LAG.name: self._lags,
            known.COUNTED.name: self._counts,
            known.STANDING.name: self._places,
        }
        for one in known.INSTRUMENTS:
            text = {"unit": one.unit, "description": one.meaning}
            if one.kind == "histogram":
                self._histograms[one.name] = meter.create_histogram(
                    one.name, explicit_bucket_boundaries_advisory=one.boundaries, **text
                )
            elif one.kind == "counter":
                totals = self._totals[one.name] = Number()
                look = self._observed(partial(_observations, totals))
                meter.create_observable_counter(one.name, callbacks=[look], **text)
            else:
                look = self._observed(looks[one.name])
                meter.create_observable_gauge(one.name, callbacks=[look], **text)

    def _observed(self, look: Callable[[], Iterator[Observation]]) -> Look:
        """Asked by the exporter's thread, while no stage counts."""

        def locked(_options: CallbackOptions) -> list[Observation]:
            with self._lock:
                return list(look())

        return locked

    def note(self, what: Happened) -> None:
        """Measures what happened just now; called by every stage's own thread."""
        with self._lock:
            self._note(what)

    def _note(self, what: Happened) -> None:
        match what:
            case Committed():
                self._committed(what)
            case Aborted(stage, _, tried_s):
                attributes = {known.STAGE: stage, known.OUTCOME: "aborted"}
                self._record(known.TRANSACTION, tried_s, attributes)
            case Moved(stage, gained, _):
                attributes = {known.STAGE: stage, known.CHANGE: "gained" if gained else "lost"}
                self._add(known.REBALANCES, 1, attributes)
            case Restored(stage, _, rows, took_s):
                self._record(known.RESTORE, took_s, {known.STAGE: stage})
                self._add(known.ROWS, rows, {known.STAGE: stage})
            case Stands(stage):
                self._standing[stage] = what

    # -- batches

    def _committed(self, batch: Committed) -> None:
        self._batch(batch)
        captured = _captured(batch.sent)
        now = wall_ms()
        for sent in batch.sent:
            match sent.event:
                case LifecycleChanged(from_place=None) as event:
                    self._placed(sent, event, captured, now)
                case RepAssigned() as event:
                    self._assigned(event)
                case LeadQualified(kind="new") as event:
                    self._add(known.ADMITTED, 1, {known.SOURCE: event.source})
                case Alert() as event:
                    self._add(known.ALERTS, 1, {known.ALERT: event.kind})
                case LeadRejected() as event:
                    self._rejected(batch.stage, event)

    def _batch(self, batch: Committed) -> None:
        stage = {known.STAGE: batch.stage}
        group = {
            **_KAFKA,
            **stage,
            known.GROUP: names.group_of(self._prefix, batch.stage),
        }
        self._record(known.BATCH, batch.records, stage)
        self._record(known.WAITED, batch.waited_s, stage)
        self._record(known.PROCESS, batch.decide_s, group | {known.OPERATION: "process"})
        self._record(known.TRANSACTION, batch.commit_s, stage | {known.OUTCOME: "committed"})
        self._add(known.CONSUMED, batch.records, group | {known.OPERATION: "poll"})
        for topic, number in Number(sent.topic for sent in batch.sent).items():
            attributes = {known.OPERATION: "send", known.TOPIC: names.topic(self._prefix, topic)}
            self._add(known.SENT, number, _KAFKA | stage | attributes)

    def _placed(
        self, sent: Sent, event: LifecycleChanged, captured: dict[str, int], now: int
    ) -> None:
        outcome: dict[str, str] = {known.OUTCOME: event.to_place}
        self._add(known.PLACED, 1, outcome)
        captured_at = captured.get(event.lead_id) or self._captured_at(sent)
        if captured_at is not None:
            seconds = max(0, now - captured_at) / 1000
            self._record(known.LATENCY, seconds, outcome, _exemplar(sent))

    def _captured_at(self, sent: Sent) -> int | None:
        """As the decided event says; None where a new place came of something else, of a timer."""
        try:
            cause = self._codec.decode(sent.cause.value or b"")
        except Unreadable:
            return None
        return cause.captured_at if isinstance(cause, LeadQualified) else None

    def _assigned(self, event: RepAssigned) -> None:
        if event.attempt == 1:
            seconds = (event.at - event.captured_at) / 1000
            self._record(known.WAIT, seconds, {known.METHOD: event.method})
        distance = furthest(event)
        if distance is not None:
            rotation = {known.ROTATION: event.explanation.rotation or ""}
            self._record(known.DEVIATION, float(distance), rotation)

    def _rejected(self, stage: str, event: LeadRejected) -> None:
        attributes = {known.STAGE: stage, known.REASON: event.reason}
        if event.error_type is not None:
            attributes[known.ERROR] = event.error_type
        self._add(known.REJECTED, 1, attributes)

    def _add(self, one: known.Instrument, number: int, attributes: dict[str, str]) -> None:
        self._totals[one.name][tuple(attributes.items())] += number

    def _record(
        self,
        one: known.Instrument,
        value: float,
        attributes: dict[str, str],
        context: Context = _NOWHERE,
    ) -> None:
        self._histograms[one.name].record(value, attributes, context)

    # -- how it stands, asked by the exporter's thread

    def _lags(self) -> Iterator[Observation]:
        for stands in self._standing.values():
            for (topic, number), lag in stands.lags.items():
                attributes = {
                    known.STAGE: stands.stage,
                    known.TOPIC: names.topic(self._prefix, topic),
                    known.PARTITION: str(number),
                }
                yield Observation(lag, attributes)

    def _counts(self) -> Iterator[Observation]:
        for stands in self._standing.values():
            for name in COUNTED:
                if name in stands.counts:
                    yield Observation(stands.counts[name], {known.COUNT: name})

    def _places(self) -> Iterator[Observation]:
        for stands in self._standing.values():
            for name, number in stands.counts.items():
                if name.startswith(PLACE):
                    yield Observation(number, {known.PLACE: name.removeprefix(PLACE)})


def _observations(totals: Number[Attributes]) -> Iterator[Observation]:
    for attributes, number in totals.items():
        yield Observation(number, dict(attributes))


def _captured(sent: list[Sent]) -> dict[str, int]:
    """When the leads that were assigned in a batch were captured."""
    return {
        one.event.lead_id: one.event.captured_at
        for one in sent
        if isinstance(one.event, RepAssigned)
    }


def _exemplar(sent: Sent) -> Context:
    """The record's span where it is sampled: OpenTelemetry keeps its ids beside the bucket."""
    found = sampled_context(sent.headers)
    if found is None:
        return _NOWHERE
    span = SpanContext(
        int(found.trace_id, 16), int(found.span_id, 16), is_remote=False,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )  # fmt: skip
    return set_span_in_context(NonRecordingSpan(span), _NOWHERE)
