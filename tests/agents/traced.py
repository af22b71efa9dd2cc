"""Leads through every stage without a broker, and their spans exported."""

from collections.abc import Iterator

from agents.ledger.happened import Committed
from agents.ledger.partition import Partition
from agents.ledger.records import Headers, Incoming, Sent
from agents.ledger.trace import EVERY_TRACE, TRACEPARENT
from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import Versions
from agents.tracing import Tracer
from schemas.codec import Codec, encode
from schemas.inner import PolicyActivated
from schemas.topics import CATALOGUE
from streams.pipeline import pipeline
from tests.agents.otlp import Span
from tests.agents.test_telemetry import AT
from tests.streams.policies import policy

STAGES = pipeline(PUBLIC_SECRET.encode(), Codec())
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SENDER = "00f067aa0ba902b7"
WAY = [
    ("leadstream-intake", "process leads.raw", "EventReceived"),
    ("leadstream-identify", "process identity.inbox", "EventIdentified"),
    ("leadstream-qualify", "process accounts.inbox", "LeadQualified"),
    ("leadstream-route", "process routing.inbox", "RepAssigned"),
]
"""Service, name and event of a lead's spans from its capture to its rep."""


class Pipeline:
    """Every stage's first partition: what one sends, the next decides at once."""

    def __init__(self, bound: int = EVERY_TRACE) -> None:
        """The policy is in force everywhere."""
        known, codec = Versions(policy()), Codec()
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
    current = next((span for span in spans if span.event == "RepAssigned"), None)
    way = []
    while current is not None:
        way.append((current.service, current.name, current.event))
        current = by_id.get(current.parent_id)
    return way[::-1]
