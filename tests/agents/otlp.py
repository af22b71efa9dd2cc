"""An OTLP/HTTP receiver for tests: keeps the spans that a real exporter sends."""

import gzip
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

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

    @property
    def event(self) -> str:
        """The type of the event that was sent."""
        return str(self.attributes["leadstream.event"])


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
                )


class Receiver(ThreadingHTTPServer):
    """An OTLP/HTTP receiver on a free port; keeps what it gets."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listens at once."""
        super().__init__(("127.0.0.1", 0), Taking)
        self.bodies: list[bytes] = []
        self.paths: set[str] = set()
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"

    def spans(self) -> list[Span]:
        """Everything that came, in order of time."""
        found = [span for body in self.bodies for span in spans_in(body)]
        return sorted(found, key=lambda span: (span.begin_ns, span.span_id))


class Taking(BaseHTTPRequestHandler):
    """Takes every request."""

    server: Receiver

    def do_POST(self) -> None:
        """Keeps the body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Encoding"] == "gzip"
        self.server.paths.add(self.path)
        self.server.bodies.append(gzip.decompress(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""
