"""Spans, as a real OTLP receiver gets them: one trace a lead, and nobody's personal data."""

import time
from typing import Any

import orjson
import pytest

from agents import tracing
from agents.ledger.trace import TRACEPARENT, bound_of, header
from schemas.codec import encode
from schemas.inner import PolicyActivated
from tests.agents.otlp import Receiver
from tests.agents.test_telemetry import AT, LEAD, personal
from tests.agents.traced import SENDER, TRACE_ID, WAY, Pipeline, parent_header, trace, way_of


def test_a_lead_is_one_trace_from_capture_to_assignment(receiver: Receiver) -> None:
    """Each hop's span is the child of the one that sent to it; the first has no parent."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    trace(ran, receiver.endpoint)
    spans = receiver.spans()
    assert way_of(spans) == WAY
    assert len({span.trace_id for span in spans}) == 1
    assert len({span.span_id for span in spans}) == len(spans)
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
        "leadstream.lead_id": cause_lead(ran),
    }


def cause_lead(ran: Pipeline) -> str:
    """The lead that the pipeline made."""
    return next(str(one.key, "utf-8") for one in ran.sent if one.topic == "assignments.rep")  # type: ignore[arg-type]  # it has a key


def test_a_batch_is_a_span_of_its_own_that_links_to_what_was_in_it(receiver: Receiver) -> None:
    """Messaging conventions: a span has one parent and a batch many producers, hence links.

    Each record's span links to its batch, and the batch to the contexts in which its records were
    made: those of the spans that sent them, or of who sent the input.
    """
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD), parent_header("01"))
    ran.feed("leads.raw", orjson.dumps(LEAD | {"event_id": "again"}), parent_header("01"))
    trace(ran, receiver.endpoint)
    by_id = {span.span_id: span for span in receiver.spans()}
    batches = {(one.trace_id, one.span_id): one for one in receiver.batches()}
    assert next(iter(batches.values())).name == "receive leads.raw"
    for span in by_id.values():
        (link,) = span.links
        assert batches[link].service == span.service
        assert span.trace_id != link[0]
    for batch in batches.values():
        inside = [
            span for span in by_id.values() if span.links == ((batch.trace_id, batch.span_id),)
        ]
        assert {span_id for _, span_id in batch.links} == {span.parent_id for span in inside}
        assert len(set(batch.links)) == len(batch.links)
    intake = next(one for one in batches.values() if one.service == "leadstream-intake")
    assert (intake.kind, intake.links) == (3, ((TRACE_ID, SENDER),))
    assert intake.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "receive",
        "messaging.operation.type": "receive",
        "messaging.batch.message_count": 2,
        "messaging.consumer.group.name": "leadstream-intake",
        "messaging.destination.name": "leads.raw",
        "leadstream.sent": 2,
        "leadstream.decide_ms": 250,
        "leadstream.commit_ms": 500,
    }


def test_a_batch_of_several_topics_names_none(receiver: Receiver) -> None:
    """`intake` reads five topics in one batch."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    ran.feed("leads.bulk", orjson.dumps(LEAD | {"event_id": "other"}))
    trace(ran, receiver.endpoint)
    intake = next(one for one in receiver.batches() if one.service == "leadstream-intake")
    assert intake.name == "receive"
    assert "messaging.destination.name" not in intake.attributes


def test_a_large_batch_has_no_more_links_than_opentelemetry_allows(receiver: Receiver) -> None:
    """Its records' own spans link to it all the same."""
    ran = Pipeline()
    for number in range(130):
        ran.feed("leads.raw", orjson.dumps(LEAD | {"event_id": f"e{number}"}))
    trace(ran, receiver.endpoint)
    intake = next(one for one in receiver.batches() if one.service == "leadstream-intake")
    assert len(intake.links) == 128
    assert len([one for one in receiver.spans() if one.links[0][1] == intake.span_id]) == 130


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
