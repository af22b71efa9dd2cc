"""What is compared, and what is not: each part of a record, changed by itself."""

import json
from typing import Any

import pytest

from agents.kafka.scan import Found
from agents.ledger.records import Headers, Incoming, Sent
from agents.ledger.trace import CAUSE, CONTENT_TYPE, EVENT_ID, TAKEN_UP_AT, TRACEPARENT
from agents.recording.comparison import Difference, first_difference
from agents.simulation.partitioner import partition_of
from schemas.codec import Codec, encode, from_json
from schemas.topics import CATALOGUE
from tests.schemas.messages import EXAMPLES

TOPIC = "assignments.ended"
CONTENT = json.loads((EXAMPLES / "AssignmentEnded.2.json").read_text("utf-8"))
HEADERS: Headers = (
    (TRACEPARENT, b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"),
    (EVENT_ID, b"one"),
    CONTENT_TYPE,
    (CAUSE, b"routing.inbox/0/7"),
    (TAKEN_UP_AT, b"1000"),
)
KEY = b"lead-1"
NUMBER = partition_of(KEY, CATALOGUE[TOPIC].partitions)
RECORD = Incoming("routing.inbox", 0, 7, 1_000, None, b"")


def sent(headers: Headers = HEADERS, key: bytes = KEY, **changes: Any) -> Sent:
    """What a stage says now."""
    event = from_json(TOPIC, CONTENT | changes)
    return Sent(TOPIC, None, key, encode(event), headers, event, RECORD)


def said(offset: int = 40, key: bytes = KEY, **changes: Any) -> Found:
    """What it said then."""
    value = encode(from_json(TOPIC, CONTENT | changes))
    return Found(TOPIC, NUMBER, offset, 1_000, key, value, HEADERS)


def differs(now: list[Sent], then: list[Found]) -> Difference | None:
    """Compares them."""
    return first_difference(now, then, Codec())


def test_the_same_is_the_same() -> None:
    """One record, several in their order, none at all."""
    assert differs([sent()], [said()]) is None
    assert differs([sent(reason="closed"), sent()], [said(40, reason="closed"), said(41)]) is None
    assert differs([], []) is None


def with_header(name: str, value: bytes) -> Headers:
    """The headers with another value of one."""
    return tuple((each, value if each == name else old) for each, old in HEADERS)


@pytest.mark.parametrize(
    "headers",
    [
        with_header(TAKEN_UP_AT, b"2000"),
        with_header(TRACEPARENT, HEADERS[0][1][:-2] + b"00"),
    ],
)
def test_what_tells_about_the_run_is_not_compared(headers: Headers) -> None:
    """When a record was taken up, and whether its trace is sampled."""
    assert differs([sent(headers)], [said()]) is None


@pytest.mark.parametrize(
    ("now", "field"),
    [
        (sent(reason="closed"), "value.reason"),
        (sent(with_header(EVENT_ID, b"two")), "header.event_id"),
        (
            sent(with_header(TRACEPARENT, b"00-" + b"c" * 32 + HEADERS[0][1][35:])),
            "header.traceparent",
        ),
        (sent(HEADERS[:-2]), "header.cause"),
        (sent()._replace(key=None, partition=NUMBER), "key"),
        (sent()._replace(value=b"no event"), "value"),
    ],
)
def test_whatever_was_decided_is_compared(now: Sent, field: str) -> None:
    """Each part by itself; the sentence names it and says nobody's data."""
    found = differs([now], [said()])
    assert found == Difference(TOPIC, NUMBER, 40, field)
    assert str(found) == f"sends another {field} in record 40 of {TOPIC}/{NUMBER}"


def test_a_record_too_few_or_too_many_or_elsewhere() -> None:
    """The first one that is on one side only."""
    missing = differs([sent()], [said(40), said(41)])
    assert missing == Difference(TOPIC, NUMBER, 41, "record")
    assert str(missing) == f"does not send record 41 of {TOPIC}/{NUMBER} again"
    more = differs([sent(), sent()], [said()])
    assert more == Difference(TOPIC, NUMBER, None, "record")
    assert str(more) == f"sends {TOPIC}/{NUMBER} a record that was not recorded"
    other = next(key for key in (b"a", b"b", b"c", b"d", b"e") if elsewhere(key))
    assert differs([sent(key=other)], [said()]) is not None


def elsewhere(key: bytes) -> bool:
    """Whether a key's records stand in another partition."""
    return partition_of(key, CATALOGUE[TOPIC].partitions) != NUMBER


def test_order_counts() -> None:
    """Two records of one cause, swapped."""
    found = differs([sent(), sent(reason="closed")], [said(40, reason="closed"), said(41)])
    assert found == Difference(TOPIC, NUMBER, 40, "value.reason")


def test_the_place_of_a_difference_inside_lists_is_told() -> None:
    """As a path."""
    content = json.loads((EXAMPLES / "RepAssigned.3.json").read_text("utf-8"))
    before = from_json("assignments.rep", content)
    content["explanation"]["candidates"][1]["load"] += 1
    after = from_json("assignments.rep", content)
    now = Sent("assignments.rep", NUMBER, KEY, encode(after), HEADERS, after, RECORD)
    then = Found("assignments.rep", NUMBER, 3, 1_000, KEY, encode(before), HEADERS)
    found = differs([now], [then])
    assert found is not None
    assert found.field == "value.explanation.candidates.1.load"
