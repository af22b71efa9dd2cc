"""Metrics of what was decided, from committed batches, handed to OpenTelemetry.

They hold names of rotations, methods and kinds of alerts, and numbers. Importing this takes a
second: only a worker with an endpoint does.
"""

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource

from agents.exporting import EXPORT_S, Exporting
from agents.fairness.distance import furthest
from agents.ledger.book import Committed
from schemas.outputs import Alert, RepAssigned

EVERY_MS = 15_000
"""How often metrics are exported."""
LEADS = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 10, 20, 50)
SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600, 14_400, 86_400, 259_200)


class Meter(Exporting):
    """Counts and measures committed batches."""

    def __init__(self, endpoint: str, instance: str) -> None:
        """`endpoint` without `/v1/metrics`; `instance` is the worker's name."""
        exporter = OTLPMetricExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/metrics",
            timeout=EXPORT_S,
            compression=Compression.Gzip,
        )
        reader = PeriodicExportingMetricReader(exporter, export_interval_millis=EVERY_MS)
        names = {SERVICE_NAME: "leadstream", SERVICE_INSTANCE_ID: instance}
        provider = MeterProvider([reader], Resource.create(names), shutdown_on_exit=False)
        super().__init__(provider.shutdown, exporter.shutdown)
        meter = provider.get_meter("leadstream")
        self._deviation = meter.create_histogram(
            "leadstream.rotation.deviation",
            unit="{lead}",
            description="Furthest that anybody of the rotation is from the share due, at each pick",
            explicit_bucket_boundaries_advisory=LEADS,
        )
        self._wait = meter.create_histogram(
            "leadstream.assignment.wait",
            unit="s",
            description="From capture to the assignment to a rep",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self._alerts = meter.create_counter(
            "leadstream.alerts", unit="{alert}", description="Alerts by kind"
        )

    def batch(self, batch: Committed) -> None:
        """Measures a batch that was committed just now."""
        for sent in batch.sent:
            if isinstance(sent.event, RepAssigned):
                self._assigned(sent.event)
            elif isinstance(sent.event, Alert):
                self._alerts.add(1, {"leadstream.alert": sent.event.kind})

    def _assigned(self, event: RepAssigned) -> None:
        if event.attempt == 1:
            seconds = (event.at - event.captured_at) / 1000
            self._wait.record(seconds, {"leadstream.method": event.method})
        distance = furthest(event)
        if distance is not None:
            rotation = {"leadstream.rotation": event.explanation.rotation or ""}
            self._deviation.record(float(distance), rotation)
