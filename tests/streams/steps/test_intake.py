"""Intake reads, validates and normalises; what it refuses keeps its bytes and gets a reason."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.ledger.tables import open_tables
from schemas.codec import Codec, decode
from schemas.inner import EventReceived, Refusal
from schemas.lead import LeadCaptured, LeadDetails
from schemas.outputs import LeadRejected
from schemas.topics import INPUT_BYTES_MAX
from streams.rows.intake import IntakeTables
from streams.rules import email_address
from streams.stage import Raw
from streams.steps.intake import take
from tests.streams.steps.journey import NOON, account, activity, behaviour, captured, one


def taken(event: dict[str, Any] | bytes, topic: str = "leads.raw", **raw: Any) -> Any:
    """What intake makes of one record, and its tables."""
    tables = open_tables(IntakeTables)
    value = json.dumps(event).encode() if isinstance(event, dict) else event
    sent = list(take(Codec(), tables, Raw(topic, 3, 7, b"key", value, **raw), None, NOON))
    assert len(sent) == 1
    return sent[0], tables


def details(**lead: Any) -> Any:
    """The lead's details after intake."""
    event = one([taken(captured("1", **lead))[0].event], EventReceived)
    capture = decode(event.event)
    assert isinstance(capture, LeadCaptured)
    return capture.lead


def test_a_capture_comes_out_in_normal_form() -> None:
    """Every field that decides something has one spelling."""
    lead = details(
        email=" Jane@ACME.com", phone="(202) 555-0123 ext. 7", country="USA", state="california",
        domain="https://www.acme.com/x", company=" Acme,  Inc. ", industry=" SOFTWARE ",
        first_name=" Jane ", last_name="Doe", language="EN",
    )  # fmt: skip
    assert (lead.email, lead.phone, lead.country) == ("jane@acme.com", "+12025550123", "US")
    assert (lead.state, lead.domain, lead.company) == ("US-CA", "acme.com", "Acme, Inc.")
    assert (lead.industry, lead.first_name, lead.language) == ("software", "Jane", "en")
    assert lead.extra == {"phone_extension": '"7"'}


def test_who_is_meant_stands_beside_the_event() -> None:
    """Identify needs no look inside; free mail names no company."""
    event = captured(
        "1", email="a@mail.acme.com", company="ACME Inc.", last_name="Doe", lead_id="L"
    )
    received = one([taken(event)[0].event], EventReceived)
    assert received.who.domains == ("acme.com",)
    assert (received.who.company, received.who.person_name) == ("acme", "doe")
    assert (received.captured_at, received.origin.offset) == (NOON, 7)
    free = one([taken(captured("1", email="a@gmail.com"))[0].event], EventReceived)
    assert free.who.domains == ()


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("phone", "not a phone", "invalid_phone"),
        ("country", "Atlantis", "invalid_country"),
        ("state", "Nowhere", "invalid_state"),
        ("domain", "n/a", "invalid_domain"),
    ],
)
def test_an_invalid_field_does_not_cost_the_lead(field: str, value: str, note: str) -> None:
    """What cannot be used is taken out and noted, so that somebody can repair it."""
    lead = details(email="jane@acme.com", **{field: value})
    assert getattr(lead, field) is None
    assert lead.extra == {note: json.dumps(value)}


def test_an_invalid_email_beside_a_phone_is_noted() -> None:
    """One identifier is enough."""
    lead = details(email="foo@", phone="+1 202 555 0123")
    assert (lead.email, lead.extra) == (None, {"invalid_email": '"foo@"'})


def test_a_state_code_names_the_country() -> None:
    """US-CA says it all."""
    assert details(email="a@acme.com", state="US-CA").country == "US"


def test_free_mail_is_no_accounts_domain() -> None:
    """Or one company would own everybody at Gmail."""
    event = one([taken(account("1", "A1", "gmail.com", "WWW.acme.com"), "crm.events")[0].event],
                EventReceived)  # fmt: skip
    assert event.who.domains == ("acme.com",)
    assert event.who.account_id == "A1"


def test_ids_are_trimmed_alike_everywhere() -> None:
    """` L1 ` in an activity is the lead that a capture called L1."""
    event = one([taken(activity("1", " L1 ", rep_id=" bob"), "crm.events")[0].event], EventReceived)
    assert (event.who.lead_id, event.who.rep_id) == ("L1", "bob")


def test_extra_is_limited() -> None:
    """A sender's surplus must not travel three hops without bound."""
    event = captured("1", email="a@acme.com") | {"surplus": "x" * 30_000, "small": 1}
    capture = decode(one([taken(event)[0].event], EventReceived).event)
    assert isinstance(capture, LeadCaptured)
    assert capture.extra == {"extra_dropped": "1", "small": "1"}


@pytest.mark.parametrize(
    ("value", "topic", "reason", "field"),
    [
        (b"", "leads.raw", "empty", None),
        (b"{", "leads.raw", "not_json", None),
        (b"\xff\xfe\x00", "leads.raw", "not_json", None),
        (b"x" * (INPUT_BYTES_MAX + 1), "leads.raw", "too_large", None),
        (b'{"type": "foo"}', "leads.raw", "unknown_type", "type"),
        (captured("1"), "crm.events", "wrong_topic", "type"),
        (captured("1", email="foo@"), "leads.raw", "invalid_field", "lead.email"),
        (captured("1", phone="12"), "leads.raw", "invalid_field", "lead.phone"),
        (captured("1", lead_id=" "), "leads.raw", "invalid_field", "lead"),
        (captured("1", last_name="Doe", company="."), "leads.raw", "invalid_field", "lead"),
        (captured("1", source="tv"), "leads.raw", "invalid_field", "source"),
        (behaviour("1", email="foo@"), "leads.raw", "invalid_field", "email"),
        (behaviour("1", phone="12"), "leads.raw", "invalid_field", "phone"),
    ],
)
def test_what_cannot_be_taken_is_rejected_with_bytes_reason_and_place(
    value: dict[str, Any] | bytes, topic: str, reason: str, field: str | None
) -> None:
    """Nothing is lost: the original is in the dead letter, and it is counted."""
    out, tables = taken(value, topic)
    refusal = one([out.event], LeadRejected)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert refusal.original == (value if isinstance(value, bytes) else json.dumps(value).encode())
    assert (refusal.source.topic, refusal.source.partition, refusal.source.offset) == (topic, 3, 7)
    assert (refusal.stage, refusal.key, out.key) == ("intake", b"key", refusal.event_id)
    assert tables.counts.get(f"rejected:{reason}").value == 1


def test_an_unreleased_event_is_rejected_as_such() -> None:
    """Its shape is known, its decision is not."""
    event = {
        "type": "lead.claim", "event_id": "1", "occurred_at": "2026-03-02T09:00:00Z",
        "rep_id": "bob", "pool": "hot",
    }  # fmt: skip
    out, tables = taken(event, "pools.commands")
    assert out.event.reason == "not_released"
    assert tables.counts.get("rejected:not_released").value == 1


def test_detail_holds_no_personal_data() -> None:
    """It may be logged; the value is in the original only."""
    out, _ = taken(captured("1", email="jane.secret@@x"))
    assert "secret" not in out.event.detail


def test_valid_events_are_counted_by_type_and_replays_apart() -> None:
    """Conservation is counted here first; a dead letter sent in again is not received twice."""
    assert taken(captured("1"))[1].counts.get("received:lead.captured").value == 1
    refusal = Refusal(stage="qualify", reason="no_open_lead")
    out, tables = taken(captured("1"), replayed=refusal)
    assert out.event.replayed == refusal
    assert tables.counts.get("received:lead.captured") is None


def test_the_same_record_gives_the_same_events() -> None:
    """Replay is byte-equal."""
    assert taken(captured("1"))[0] == taken(captured("1"))[0]
    assert taken(b"{")[0] == taken(b"{")[0]


def test_twin_without_normalisation_one_person_would_be_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The identifiers come from the normal form, and nothing else makes them equal."""
    monkeypatch.setattr(email_address, "normalised", lambda text: text)
    one_way = taken(captured("1", email="Jane@acme.com"))[0].event.who.email
    another = taken(captured("1", email="jane@acme.com"))[0].event.who.email
    assert one_way != another


TEXT = st.text(max_size=40) | st.sampled_from(
    ["foo@", "a@b.co", "1-800-FLOWERS", "http://[::1]/", "\u682a\u5f0f\u4f1a\u793e", ".", "US-CA"]
)
LEAD = st.dictionaries(
    st.sampled_from([name for name, field in LeadDetails.model_fields.items()
                     if field.annotation == (str | None)]),
    TEXT,
)  # fmt: skip


@settings(max_examples=200)
@given(LEAD)
def test_whatever_is_written_into_a_lead_is_decided(lead: dict[str, str]) -> None:
    """One answer to each record, never an exception: what identify gets always names somebody."""
    event = taken(captured("1", **lead))[0].event
    if isinstance(event, EventReceived):
        who = event.who
        assert who.lead_id or who.email or who.phone or (who.company and who.person_name)
    else:
        assert event.reason == "invalid_field"


@settings(max_examples=200)
@given(st.binary(max_size=60) | st.binary(max_size=30).map(lambda tail: b"\xc3\x01" + tail))
def test_whatever_bytes_come_are_decided(value: bytes) -> None:
    """Garbage is rejected with its bytes."""
    refusal = one([taken(value)[0].event], LeadRejected)
    assert refusal.original == value
