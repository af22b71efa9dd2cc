"""Log lines: one a batch and one a decision, and nobody's personal data in any."""

import json
import sys
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from typing import Literal, Protocol

import orjson
import pytest
import structlog

from agents import telemetry
from agents.ledger.happened import Aborted, Committed
from agents.ledger.records import Incoming, Sent
from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import Appended, Line, Simulation
from agents.telemetry import DECISIONS
from schemas.codec import Codec
from schemas.inner import Origin
from schemas.outputs import Alert, LeadRejected, LifecycleChanged, Place, SlaBreached
from schemas.record import Event
from schemas.topics import CATALOGUE
from streams.pipeline import pipeline
from streams.policy.compiled import Policy
from tests.streams.policies import policy

MAIL = "planted.person@acme-widgets.com"
PHONE = "+14155550123"
NAMES = ("Plantedfirst", "Plantedlast", "Planted message")
AT = 1_772_442_000_000
LEAD = {
    "type": "lead.captured",
    "event_id": "planted-1",
    "occurred_at": "2026-03-02T09:00:00Z",
    "source": "demo_request",
    "lead": {
        "email": MAIL,
        "phone": PHONE,
        "first_name": NAMES[0],
        "last_name": NAMES[1],
        "message": NAMES[2],
        "company": "Acme Widgets",
        "country": "US",
    },
}


class Lines(Protocol):
    """Gives what was logged since it was last asked."""

    def __call__(self) -> list[bytes]:
        """The lines."""


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What goes to stderr, by a logger of this test's own: loggers keep their stream."""
    stream = TextIOWrapper(BytesIO())
    monkeypatch.setattr(sys, "stderr", stream)
    telemetry.configure("debug")
    monkeypatch.setattr(telemetry, "log", structlog.get_logger("leadstream"))

    def since() -> list[bytes]:
        stream.seek(0)
        found = stream.buffer.read().splitlines()
        stream.seek(0)
        stream.truncate()
        return found

    yield since
    structlog.reset_defaults()


def simulated(values: list[bytes], rules: Policy | None = None) -> list[Sent]:
    """Everything that the pipeline sends for these inputs."""
    sent: list[Sent] = []

    def seen(appended: Appended) -> None:
        sent.append(appended.sent)

    codec = Codec()
    simulation = Simulation(pipeline(PUBLIC_SECRET.encode(), codec), codec, seen)
    simulation.publish(rules or policy(), AT)
    for number, value in enumerate(values):
        simulation.feed(Line("leads.raw", AT + number, value))
    simulation.run_until(AT + 7 * 86_400_000)
    return sent


def inputs() -> list[bytes]:
    """A good lead, one with a broken field, and bytes that are no JSON, all with personal data."""
    broken = LEAD | {"event_id": "planted-2", "occurred_at": MAIL, "source": PHONE}
    return [orjson.dumps(LEAD), orjson.dumps(broken), b'{"email": "' + MAIL.encode()]


def personal(found: list[bytes]) -> list[bytes]:
    """The lines with something of the person's in them."""
    planted = (MAIL, "planted.person", PHONE, "4155550123", *NAMES)
    return [line for line in found if any(one.lower().encode() in line.lower() for one in planted)]


def test_no_log_line_holds_personal_data(lines: Lines) -> None:
    """A planted e-mail, phone and name run through the whole pipeline and appear in no line."""
    sent = simulated(inputs())
    telemetry.log_batch(Committed("all", len(inputs()), sent, 0.1, 0.2))
    found = lines()
    assert any(b'"assignments.rep"' in line for line in found)
    assert personal(found) == []


def test_personal_data_in_a_line_would_be_noticed(lines: Lines) -> None:
    """Twin: the events themselves do hold it, and a line with one would be found."""
    sent = simulated(inputs())
    for one in sent:
        telemetry.log.info("careless", said=str(one.event))
    assert personal(lines()) != []


def test_neither_keys_nor_headers_hold_personal_data() -> None:
    """Design, section 3: personal data lives in values only."""
    sent = simulated(inputs())
    assert personal([one.key or b"" for one in sent]) == []
    assert personal([value for one in sent for _, value in one.headers]) == []


def test_every_line_is_a_json_object_with_time_and_level(lines: Lines) -> None:
    """Machines read them."""
    telemetry.log_batch(Committed("all", 1, simulated(inputs()), 0.0, 0.0))
    for line in lines():
        assert {"event", "level", "timestamp", "stage"} <= set(json.loads(line))


def test_a_decisions_line_names_its_trace(lines: Lines) -> None:
    """From a log line to the trace: 32 hexadecimal digits."""
    telemetry.log_batch(Committed("all", 1, simulated(inputs()), 0.0, 0.0))
    decisions = [json.loads(line) for line in lines() if b'"decision"' in line]
    assert decisions
    assert all(len(one["trace"]) == 32 and int(one["trace"], 16) for one in decisions)


def day() -> list[bytes]:
    """Leads for one rep, for the waiting room and for a pool; one was somebody's before."""
    asking = [capture(number, "demo_request") for number in range(9)]
    reading = [capture(number, "content_download") for number in range(9, 12)]
    return [*asking, *reading, capture(12, "webinar", held_by="ann")]


def capture(number: int, source: str, **more: str) -> bytes:
    """One person of one company."""
    lead = {"lead_id": f"lead-{number}", "email": f"doe@firm{number}.com", "employees": 900}
    event = LEAD | {"event_id": f"day-{number}", "source": source, "lead": lead}
    return orjson.dumps(event | more)


def told_of(sent: list[Sent], lines: Lines) -> set[str]:
    """Whose decisions stand in the lines of info and above."""
    telemetry.log_batch(Committed("all", 1, sent, 0.0, 0.0))
    said = [one for one in map(json.loads, lines()) if one["level"] != "debug"]
    return {one["lead_id"] for one in said if one["event"] == "decision" and "lead_id" in one}


def test_every_lead_that_was_decided_has_its_line(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a rep got it, it waits, it lies in a pool, or was somebody's before.

    The twin: without the lines of leads.lifecycle some have none.
    """
    full = {"open_limit": 1}
    sent = simulated(day(), policy(teams={"inside": full, "field": full}))
    moved = [one.event for one in sent if isinstance(one.event, LifecycleChanged)]
    assert {one.to_place for one in moved} == {"assigned", "waiting", "pooled"}
    leads = {one.lead_id for one in moved}
    assert len(leads) == len(day())
    assert told_of(sent, lines) == leads
    monkeypatch.delitem(DECISIONS, "leads.lifecycle")
    assert told_of(sent, lines) < leads


@pytest.mark.parametrize("topic", DECISIONS)
def test_what_a_line_names_is_in_the_event(topic: str) -> None:
    """A field that was renamed in the schema must not end a worker at its first decision."""
    (event,) = CATALOGUE[topic].events
    assert set(DECISIONS[topic]) <= set(event.model_fields)


def alert(severity: Literal["info", "warning", "critical"]) -> Alert:
    """Something that a person should look at."""
    return Alert(
        event_id="e", caused_by="c", at=AT, kind="k", severity=severity,
        subject="s", value="1", limit="2", detail="d",
    )  # fmt: skip


def moved(to: Place, held_by: str | None = None, came: Place | None = None) -> LifecycleChanged:
    """A lead that went somewhere, or whose status changed where it is."""
    return LifecycleChanged.model_validate({
        "event_id": "e", "caused_by": "c", "at": AT, "lead_id": "l", "from": came, "to": to,
        "status": "mql", "reason": "r", "held_by": held_by,
    })  # fmt: skip


def breach(kind: Literal["warning", "breach", "excused"]) -> SlaBreached:
    """A clock."""
    return SlaBreached(
        event_id="e", caused_by="c", at=AT, lead_id="l", assignment_id="a", rep_id="r",
        sla="first", due_at=AT, breached_at=AT, kind=kind, action="backup", count=1,
    )  # fmt: skip


def rejected(error_type: str | None) -> LeadRejected:
    """A dead letter."""
    return LeadRejected(
        event_id="e", caused_by="c", at=AT, reason="r", detail="d", original=b"", stage="route",
        source=Origin(topic="t", partition=0, offset=0), error_type=error_type,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "level"),
    [
        (alert("info"), "info"),
        (alert("warning"), "warning"),
        (alert("critical"), "error"),
        (breach("warning"), "info"),
        (breach("breach"), "warning"),
        (breach("excused"), "info"),
        (moved("waiting"), "info"),
        (moved("assigned", held_by="rep-1"), "info"),
        (moved("assigned", came="assigned"), "info"),
        (moved("assigned"), "debug"),
        (moved("pooled"), "debug"),
        (rejected(None), "warning"),
        (rejected("KeyError"), "error"),
    ],
)
def test_a_line_has_the_level_of_what_it_means(event: Event, level: str, lines: Lines) -> None:
    """Issue 5: whoever reads errors only reads of failed steps and critical alerts."""
    topic = next(one.name for one in CATALOGUE.values() if one.events == (type(event),))
    sent = Sent(topic, None, None, b"", (), event, Incoming("t", 0, 0, 0, None, b""))
    telemetry.log_happened(Committed("route", 1, [sent], 0.0, 0.0))
    found = [json.loads(line) for line in lines()]
    assert [(one["event"], one["level"]) for one in found] == [
        ("batch", "info"),
        ("decision", level),
    ]


def test_a_batch_that_was_not_committed_is_a_warning_of_one_line(lines: Lines) -> None:
    """Once is a rebalance, often is a fault; what it decided is not said, it did not happen."""
    telemetry.log_happened(Aborted("route", 3, 0.25))
    (found,) = map(json.loads, lines())
    assert (found["event"], found["level"], found["records"]) == ("batch aborted", "warning", 3)


def test_a_batch_is_one_line_that_says_all_about_it(lines: Lines) -> None:
    """Canonical: who looks for a slow batch needs no second line."""
    telemetry.log_happened(Committed("route", 3, [], 0.1, 0.2, 1.5))
    (found,) = map(json.loads, lines())
    del found["timestamp"]
    assert found == {
        "event": "batch", "level": "info", "stage": "route", "records": 3, "sent": 0,
        "waited_ms": 1500.0, "decide_ms": 100.0, "commit_ms": 200.0,
    }  # fmt: skip
