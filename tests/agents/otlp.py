"""An OTLP/HTTP receiver for tests: keeps the spans and metrics that real exporters send."""

import gzip
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Span(NamedTuple):
    """A span as it was received."""

    service: str
    instance: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    begin_ns: int
    end_ns: int
    kind: int
    failed: bool
    attributes: dict[str, Any]
    links: tuple[tuple[str, str], ...] = ()
    """Trace and span id."""

    @property
    def event(self) -> str:
        """The type of the event that was sent."""
        return str(self.attributes.get("leadstream.event", ""))


def values(attributes: Iterable[Any]) -> dict[str, Any]:
    """Attributes by name."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


def spans_in(body: bytes) -> Iterator[Span]:
    """The spans of an export request."""
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = values(group.resource.attributes)
        for scope in group.scope_spans:
            for one in scope.spans:
                yield Span(
                    resource["service.name"],
                    resource["service.instance.id"],
                    one.name,
                    one.trace_id.hex(),
                    one.span_id.hex(),
                    one.parent_span_id.hex(),
                    one.start_time_unix_nano,
                    one.end_time_unix_nano,
                    one.kind,
                    one.status.code == one.status.STATUS_CODE_ERROR,
                    values(one.attributes),
                    tuple((link.trace_id.hex(), link.span_id.hex()) for link in one.links),
                )


class Measured(NamedTuple):
    """A point of a metric: of a counter its total, of a histogram what was recorded."""

    name: str
    unit: str
    attributes: dict[str, Any]
    total: float
    number: int
    most: float
    exemplars: tuple[str, ...] = ()
    """Trace ids."""


def points_in(body: bytes) -> Iterator[Measured]:
    """The points of an export request."""
    for group in ExportMetricsServiceRequest.FromString(body).resource_metrics:
        assert values(group.resource.attributes)["service.name"] == "leadstream"
        for scope in group.scope_metrics:
            for one in scope.metrics:
                for point in one.sum.data_points:
                    total = float(point.as_int)
                    yield Measured(one.name, one.unit, values(point.attributes), total, 1, total)
                for each in one.histogram.data_points:
                    found = values(each.attributes)
                    traces = tuple(kept.trace_id.hex() for kept in each.exemplars)
                    yield Measured(
                        one.name, one.unit, found, each.sum, each.count, each.max, traces
                    )
                for point in one.gauge.data_points:
                    level = float(point.as_int)
                    yield Measured(one.name, one.unit, values(point.attributes), level, 1, level)


class Receiver(ThreadingHTTPServer):
    """An OTLP/HTTP receiver on a free port; keeps what it gets."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listens at once."""
        super().__init__(("127.0.0.1", 0), Taking)
        self.received: list[tuple[str, bytes]] = []
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def bodies(self) -> list[bytes]:
        """What came, wherever it was sent."""
        return [body for _, body in self.received]

    @property
    def paths(self) -> set[str]:
        """Where it was sent."""
        return {path for path, _ in self.received}

    def points(self) -> list[Measured]:
        """The points of the last export of metrics."""
        found = [body for path, body in self.received if path == "/v1/metrics"]
        return sorted(points_in(found[-1]), key=lambda each: (each.name, str(each.attributes)))

    def exemplars(self) -> set[str]:
        """The trace ids of all exports: an export has those since the one before."""
        found = (body for path, body in self.received if path == "/v1/metrics")
        return {one for body in found for each in points_in(body) for one in each.exemplars}

    def spans(self) -> list[Span]:
        """The spans of records, in order of time; those of batches are apart."""
        return [span for span in self._spans() if span.event]

    def batches(self) -> list[Span]:
        """The spans of batches, in order of time."""
        return [span for span in self._spans() if not span.event]

    def _spans(self) -> list[Span]:
        found = [
            span for path, body in self.received if path == "/v1/traces" for span in spans_in(body)
        ]
        return sorted(found, key=lambda span: (span.begin_ns, span.span_id))


class Taking(BaseHTTPRequestHandler):
    """Takes every request."""

    server: Receiver

    def do_POST(self) -> None:
        """Keeps the body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Encoding"] == "gzip"
        self.server.received.append((self.path, gzip.decompress(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver that answers until the end of the block."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
