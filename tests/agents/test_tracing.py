"""Spans, as a real OTLP receiver gets them: one trace a lead, and nobody's personal data."""

import gzip
import logging
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import run
from typing import Any, NamedTuple

import orjson
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from agents import tracing
from agents.ledger.book import Committed
from agents.ledger.partition import Partition
from agents.ledger.records import Headers, Incoming, Sent
from agents.ledger.trace import EVERY_TRACE, TRACEPARENT, bound_of, header
from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import OnePolicy
from agents.tracing import FLUSH_S, QUEUE_SPANS, Complaints, Tracer
from schemas.codec import Codec, encode
from schemas.inner import PolicyActivated
from schemas.topics import CATALOGUE
from streams.pipeline import pipeline
from tests.agents.test_telemetry import AT, LEAD, personal
from tests.broker import Broker
from tests.proof.made_leads import made_leads
from tests.proof.policies import roomy
from tests.proof.running import Places, make
from tests.streams.policies import policy

STAGES = pipeline(PUBLIC_SECRET.encode(), Codec())
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SENDER = "00f067aa0ba902b7"
NOBODY = "http://127.0.0.1:9"
"""Nobody listens on the discard port."""
WAY = [
    ("leadstream-intake", "process leads.raw", "EventReceived"),
    ("leadstream-identify", "process identity.inbox", "EventIdentified"),
    ("leadstream-qualify", "process accounts.inbox", "LeadQualified"),
    ("leadstream-route", "process routing.inbox", "LeadAssigned"),
]
"""Service, name and event of a lead's spans from its capture to its rep."""


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


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A running receiver."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Pipeline:
    """Every stage's first partition: what one sends, the next decides at once."""

    def __init__(self, bound: int = EVERY_TRACE) -> None:
        """The policy is in force everywhere."""
        known, codec = OnePolicy(policy()), Codec()
        self._stages = {source: stage for stage in STAGES for source in stage.sources}
        self._partitions = {
            source: Partition(stage, source, 0, known, codec, bound)
            for source, stage in self._stages.items()
        }
        self.sent: list[Sent] = []
        self._offset = 0
        activated = PolicyActivated(event_id="a", version=1, effective_at=AT)
        for source in self._stages:
            if PolicyActivated in CATALOGUE[source].events:
                self.feed(source, encode(activated))

    def feed(self, topic: str, value: bytes, headers: Headers = (), at: int = AT) -> None:
        """Decides a record and all that it causes."""
        self._offset += 1
        record = Incoming(topic, 0, self._offset, at, None, value, headers)
        sent = self._partitions[topic].decide(record)
        self._partitions[topic].commit()
        self.sent += sent
        for one in sent:
            if one.topic in self._stages:
                self.feed(one.topic, one.value, one.headers, at)

    def next_due(self) -> tuple[int, str]:
        """When something is next due, and in which inbox."""
        dues = {source: one.next_due() for source, one in self._partitions.items()}
        return min((due, source) for source, due in dues.items() if due is not None)

    def committed(self) -> Iterator[Committed]:
        """What was sent, as each stage's ledger tells it."""
        for stage in STAGES:
            sent = [one for one in self.sent if one.cause.topic in stage.sources]
            yield Committed(stage.name, len(sent), sent, 0.25, 0.5)


def trace(ran: Pipeline, endpoint: str) -> None:
    """Exports what a pipeline sent."""
    with Tracer(endpoint, "worker-0", "", STAGES) as tracer:
        for batch in ran.committed():
            tracer.batch(batch)


def parent_header(flags: str) -> Headers:
    """The traceparent of a sender."""
    return ((TRACEPARENT, f"00-{TRACE_ID}-{SENDER}-{flags}".encode()),)


def way_of(spans: list[Span]) -> list[tuple[str, str, str]]:
    """From the assignment's span back by parents to the first of ours."""
    by_id = {span.span_id: span for span in spans}
    current = next((span for span in spans if span.event == "LeadAssigned"), None)
    way = []
    while current is not None:
        way.append((current.service, current.name, current.event))
        current = by_id.get(current.parent_id)
    return way[::-1]


def test_a_lead_is_one_trace_from_capture_to_assignment(receiver: Receiver) -> None:
    """Each hop's span is the child of the one that sent to it; the first has no parent."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    trace(ran, receiver.endpoint)
    spans = receiver.spans()
    assert way_of(spans) == WAY
    assert len({span.trace_id for span in spans}) == 1
    assert [span.name for span in spans if not span.parent_id] == ["process leads.raw"]
    assert receiver.paths == {"/v1/traces"}


def test_a_broken_link_would_be_noticed(receiver: Receiver) -> None:
    """Twin: without the headers from hop to hop the chain ends."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    ran.sent = [one._replace(cause=one.cause._replace(headers=())) for one in ran.sent]
    trace(ran, receiver.endpoint)
    assert way_of(receiver.spans()) == WAY[-1:]


def test_every_sent_record_has_the_span_that_its_traceparent_names(receiver: Receiver) -> None:
    """What a consumer of ours sees in the header can be looked up."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    trace(ran, receiver.endpoint)
    named = sorted((header(one.headers, TRACEPARENT) or b"").decode() for one in ran.sent)
    assert named == sorted(f"00-{span.trace_id}-{span.span_id}-01" for span in receiver.spans())


def test_spans_follow_the_messaging_conventions(receiver: Receiver) -> None:
    """Names of 1.44, the time from the append to the commit, and what of it was waiting."""
    ran, before = Pipeline(), time.time_ns()
    at = before // 1_000_000 - 5_000
    ran.feed("leads.raw", orjson.dumps(LEAD), at=at)
    trace(ran, receiver.endpoint)
    span = next(span for span in receiver.spans() if span.event == "EventIdentified")
    cause = next(one.cause for one in ran.sent if type(one.event).__name__ == "EventIdentified")
    assert (span.kind, span.instance, span.failed) == (5, "worker-0", False)
    assert span.begin_ns == at * 1_000_000
    assert before - 1_000_000 <= span.end_ns <= time.time_ns()
    queue_ms = span.attributes.pop("leadstream.queue_ms")
    assert queue_ms == (span.end_ns - span.begin_ns) // 1_000_000 - 750
    assert len(span.attributes.pop("leadstream.event_id")) == 32
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "identity.inbox",
        "messaging.destination.partition.id": "0",
        "messaging.kafka.offset": cause.offset,
        "messaging.consumer.group.name": "leadstream-identify",
        "messaging.message.id": (header(cause.headers, "event_id") or b"").decode(),
        "leadstream.event": "EventIdentified",
    }


def test_the_senders_trace_goes_on(receiver: Receiver) -> None:
    """A traceparent that comes in is the parent of our first span, whatever our ratio."""
    ran = Pipeline(bound_of(0))
    ran.feed("leads.raw", orjson.dumps(LEAD), parent_header("01"))
    trace(ran, receiver.endpoint)
    spans = receiver.spans()
    assert way_of(spans) == WAY
    assert {span.trace_id for span in spans} == {TRACE_ID}
    assert [span.name for span in spans if span.parent_id == SENDER] == ["process leads.raw"]


def test_what_is_not_sampled_has_no_span(receiver: Receiver) -> None:
    """By the sender's flag or by our ratio; no request is made at all."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD), parent_header("00"))
    rarely = Pipeline(bound_of(0))
    rarely.feed("leads.raw", orjson.dumps(LEAD))
    trace(ran, receiver.endpoint)
    trace(rarely, receiver.endpoint)
    assert len(ran.sent) == len(rarely.sent) >= len(WAY)
    assert receiver.bodies == []


def test_the_ratio_changes_flags_and_nothing_else() -> None:
    """A replay under another ratio has equal keys, values and trace ids."""
    every, none = Pipeline(), Pipeline(bound_of(0))
    for ran in (every, none):
        ran.feed("leads.raw", orjson.dumps(LEAD))
    assert [one[:4] for one in every.sent] == [one[:4] for one in none.sent]
    flags = [[one.headers[0][1][-2:] for one in ran.sent] for ran in (every, none)]
    assert flags == [[b"01"] * len(every.sent), [b"00"] * len(every.sent)]
    ids = [[one.headers[0][1][:-2] for one in ran.sent] for ran in (every, none)]
    assert ids[0] == ids[1]


def test_a_timer_begins_a_trace(receiver: Receiver) -> None:
    """What comes of waiting is not part of the lead's first trace, and starts when it is due."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    first = {one.headers[0][1][3:35].decode() for one in ran.sent}
    ran.sent.clear()
    while not ran.sent:
        due, topic = ran.next_due()
        ran.feed(topic, encode(PolicyActivated(event_id="b", version=1, effective_at=AT)), at=due)
    trace(ran, receiver.endpoint)
    spans = receiver.spans()
    assert spans
    assert not first & {span.trace_id for span in spans}
    (root,) = {(span.name, span.begin_ns) for span in spans if not span.parent_id}
    assert root == (f"process {topic}", due * 1_000_000)


def test_no_span_holds_personal_data(receiver: Receiver) -> None:
    """A planted person runs through the pipeline, in the sender's own headers too."""
    ran = Pipeline()
    planted = orjson.dumps(LEAD)
    ran.feed("leads.raw", planted, (("event_id", LEAD["lead"]["email"].encode()),))  # type: ignore[index]  # the example's values have several types
    ran.feed("leads.raw", b"{broken " + planted)
    trace(ran, receiver.endpoint)
    assert way_of(receiver.spans()) == WAY
    assert "LeadRejected" in {span.event for span in receiver.spans()}
    assert personal(receiver.bodies) == []


def test_personal_data_in_a_span_would_be_noticed(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: a careless attribute is found."""
    careless: Any = lambda cause: {"value": (cause.value or b"").decode(errors="replace")}  # noqa: E731 - one line
    monkeypatch.setattr(tracing, "message_id", careless)
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    trace(ran, receiver.endpoint)
    assert personal(receiver.bodies) != []


def test_a_step_that_failed_is_an_error_and_refused_input_is_none(receiver: Receiver) -> None:
    """Who looks for errors finds bugs, not bad leads."""
    ran = Pipeline()
    ran.feed("leads.raw", b"no json")
    ran.feed("identity.inbox", b"no event of ours")
    trace(ran, receiver.endpoint)
    found = {span.service: span for span in receiver.spans() if span.event == "LeadRejected"}
    assert not found["leadstream-intake"].failed
    assert found["leadstream-identify"].failed
    assert found["leadstream-identify"].attributes["error.type"] == "Unreadable"


class Heard:
    """Stands for the log."""

    def __init__(self) -> None:
        """Nothing was said."""
        self.said: list[str] = []

    def warning(self, event: str, *, why: str) -> None:
        """Keeps a warning."""
        self.said.append(f"{event}: {why}")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What is logged."""
    found = Heard()
    monkeypatch.setattr(tracing, "log", found)
    return found


def test_a_receiver_that_is_down_neither_delays_nor_ends_anything(heard: Heard) -> None:
    """More batches than the queue takes; the end waits two seconds at most; one warning."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    batches = [batch for batch in ran.committed() if batch.sent]
    with Tracer(NOBODY, "worker-0", "", STAGES) as tracer:
        while not heard.said:
            tracer.batch(batches[0])
            time.sleep(0.01)
        slowest_s = 0.0
        for _ in range(2 * QUEUE_SPANS // len(ran.sent)):
            began = time.monotonic()
            for batch in batches:
                tracer.batch(batch)
            slowest_s = max(slowest_s, time.monotonic() - began)
        stopping = time.monotonic()
    assert slowest_s < 0.5
    assert time.monotonic() - stopping < FLUSH_S + 1
    assert len(heard.said) == 1
    assert heard.said[0].startswith("spans not exported: ")


def test_a_lasting_complaint_is_repeated_once_a_minute(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that fills with one sentence hides the others."""
    now = 0.0
    monkeypatch.setattr(tracing, "steady_s", lambda: now)
    complaints = Complaints()
    for second in range(0, 180, 5):
        now = float(second)
        complaints.emit(logging.LogRecord("o", logging.WARNING, "", 1, f"at {second}", None, None))
    assert [said[-3:].strip() for said in heard.said] == ["0", "60", "120"]


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported() -> None:
    """A worker that exports nothing starts as fast as before."""
    script = "import agents.worker, sys; sys.exit('opentelemetry' in sys.modules)"
    assert run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


def test_a_real_worker_sends_spans_and_flushes_them_at_its_end(
    broker: Broker, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`leadstream worker` with the two settings; SIGTERM leaves no span behind."""
    monkeypatch.setenv("LEADSTREAM_OTLP_ENDPOINT", receiver.endpoint)
    monkeypatch.setenv("LEADSTREAM_TRACE_RATIO", "1")
    made = list(made_leads(20, seed=9))
    real = make(broker.bootstrap, tmp_path, roomy())
    try:
        real.start("one")
        real.wait_ready("one")
        places = Places(real.kafka)
        real.send(made)
        places.wait(sum(one.fate == "lead" for one in made), 0, 30)
        places.close()
        assert real.terminate("one") == 0
    finally:
        real.stop()
    spans = receiver.spans()
    prefix = real.kafka.prefix
    assert {span.instance for span in spans} == {"one"}
    assert way_of(spans) == [
        (service, name.replace(" ", f" {prefix}"), event) for service, name, event in WAY
    ]
    assert b"spans not exported" not in real.log("one").read_bytes()
