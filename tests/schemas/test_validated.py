"""Refusals name the place and the rule, never what the sender wrote."""

from typing import Any

import orjson
import pytest

from schemas import validated as validated_module
from schemas.codec import Codec, Unreadable, from_json
from schemas.crm import AccountChanged
from schemas.topics import event_models
from schemas.validated import field_names, validated

PRIVATE = "jo.doe@private.example"
LEAD: dict[str, Any] = {
    "type": "lead.captured",
    "event_id": "1",
    "occurred_at": "2026-03-02T09:00:00Z",
    "source": "chat",
    "lead": {"email": PRIVATE},
}
REP: dict[str, Any] = {
    "type": "rep.changed", "event_id": "1", "occurred_at": 0, "rep_id": "r",
    "away": [{"from": 0, "to": 9, "kind": "pto"}],
}  # fmt: skip


def refusal(topic: str, **fields: Any) -> Unreadable:
    """How an event with these fields is refused."""
    base = REP if topic == "reps.events" else LEAD
    with pytest.raises(Unreadable) as caught:
        from_json(topic, base | fields)
    return caught.value


@pytest.mark.parametrize(
    ("fields", "path", "rule"),
    [
        ({"occurred_at": PRIVATE}, "occurred_at", "RFC 3339"),
        ({"source": PRIVATE}, "source", "'demo_request'"),
        ({"event_id": [PRIVATE]}, "event_id", "must be text"),
        ({"event_id": ""}, "event_id", "at least 1 character"),
        ({"event_id": None}, "event_id", "is missing"),
        ({"lead": PRIVATE}, "lead", "must be an object"),
        ({"lead": {}}, "lead", "one of lead_id, email, phone"),
        ({"lead": {"email": "x", "employees": PRIVATE}}, "lead.employees", "whole number"),
        ({"lead": {"email": "x", "deal_size": PRIVATE}}, "lead.deal_size", "number with a point"),
        ({"lead": {"email": "x", "external_ids": {PRIVATE: [PRIVATE]}}}, "lead.external_ids.*",
         "must be text"),
        ({"lead": {"email": "x", "consent": {"marketing": PRIVATE}}}, "lead.consent.marketing",
         "true or false"),
        ({"lead": {"email": "x", "consent": {"at": PRIVATE}}}, "lead.consent.at", "RFC 3339"),
        ({"lead": {"email": f"{PRIVATE}\0"}}, "lead.email", "NUL"),
        ({"touch": {"utm": {f"{PRIVATE}\0": "x"}}, }, "touch.utm.*", "NUL"),
        ({"touch": {"utm": {PRIVATE: "\0"}}, }, "touch.utm.*", "NUL"),
        ({"touch": {"device": "\ud800"}}, "touch.device", "UTF-8"),
        ({"lead": {"email": PRIVATE * 2_000}}, "lead.email", "at most 32768 characters"),
    ],
)  # fmt: skip
def test_a_refusal_names_path_and_rule_and_no_value(
    fields: dict[str, Any], path: str, rule: str
) -> None:
    """Personal data goes neither into `field` nor into `detail`."""
    error = refusal("leads.raw", **fields)
    assert (error.reason, error.field) == ("invalid_field", path)
    assert rule in error.detail
    assert PRIVATE not in f"{error} {error.field} {error.detail} {error.__cause__}"


def test_the_rule_that_no_value_is_shown_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: with the path taken as pydantic gives it, a map's key would be shown."""
    monkeypatch.setattr(validated_module, "field_names", lambda: {PRIVATE, *field_names()})
    error = refusal("leads.raw", lead={"email": "x", "external_ids": {PRIVATE: [1]}})
    assert PRIVATE in error.detail


def test_places_in_lists_are_counted_from_zero() -> None:
    """`away[0].to` is the second field of the first absence."""
    error = refusal("reps.events", away=[{"from": 0, "to": PRIVATE, "kind": "pto"}])
    assert error.field == "away[0].to"
    backwards = refusal("reps.events", away=[REP["away"][0], {"from": 5, "to": 5, "kind": "pto"}])
    assert backwards.field == "away[1]"
    assert "end after it begins" in backwards.detail
    assert refusal("reps.events", preferences=["a", "b\0"]).field == "preferences[1]"


def test_several_faults_are_counted() -> None:
    """The first is explained, the others are announced."""
    assert "(and 2 more)" in refusal("leads.raw", source="x", event_id="", occurred_at="x").detail


def test_an_event_without_anybody_is_refused_as_a_whole() -> None:
    """A rule over several fields has no field of its own."""
    with pytest.raises(Unreadable) as caught:
        Codec().parse(
            b'{"type":"lead.behaviour","event_id":"1","occurred_at":0,"action":"download"}',
            "leads.raw",
        )
    assert caught.value.field is None
    assert caught.value.detail.startswith("the event is refused: the event needs one of")


def test_unknown_fields_of_our_own_events_are_refused() -> None:
    """Only senders may say more than we know."""
    with pytest.raises(Unreadable, match="no field of this event"):
        validated(event_models()["Tick"], {"event_id": "1", "now": 3})


def test_field_names_are_those_on_the_wire() -> None:
    """Aliases and the fields of nested records are among them, the models' own names are not."""
    assert {"from", "to", "employees", "qualification", "turn_before"} <= field_names()
    assert "from_place" not in field_names()


def account(account_id: object) -> dict[str, object]:
    """An account under an id."""
    return {
        "type": "account.changed",
        "event_id": "a",
        "occurred_at": "2026-03-02T09:00:00Z",
        "account": {"account_id": account_id, "domains": ["acme.com"]},
    }


@pytest.mark.parametrize("account_id", ["anna@acme.com", "+14155550123", "(415) 555-0123"])
def test_an_account_id_that_is_an_address_or_a_number_to_call_is_refused(account_id: str) -> None:
    """Accounts' ids are in keys, so nobody may be named by one; the sentence does not quote it."""
    with pytest.raises(Unreadable, match="send the CRM's own id") as caught:
        Codec().parse(orjson.dumps(account(account_id)), "crm.events")
    assert (caught.value.reason, caught.value.field) == ("invalid_field", "account.account_id")
    assert account_id not in caught.value.detail


@pytest.mark.parametrize("account_id", ["0015g00000Xyz", "4155550123", 4_155_550_123, "ACC-1 b"])
def test_ids_of_crm_systems_are_taken(account_id: object) -> None:
    """Twin: a plain row of digits is an id, most CRMs number their accounts."""
    event = Codec().parse(orjson.dumps(account(account_id)), "crm.events")
    assert isinstance(event, AccountChanged)
    assert event.account.account_id == str(account_id)
