"""The recount: every captured lead is in one place, rejected, or counted as lost."""

import base64
import json
from typing import Any

from agents.recount import COUNTED_AS, Recount, Totals, subject_of
from schemas.codec import encode
from schemas.inner import EventReceived, Identifiers, LeadCard, LeadQualified, Origin
from schemas.outputs import LifecycleChanged

CAPTURE = json.dumps({"type": "lead.captured"}).encode()


def moved(lead: str, to: str, event: str = "") -> tuple[str, dict[str, Any]]:
    """A change of place."""
    return "leads.lifecycle", {"event_id": event or f"{lead}{to}", "lead_id": lead, "to": to}


def assigned(assignment: str, event: str, **more: str) -> tuple[str, dict[str, Any]]:
    """An assignment."""
    return "assignments.rep", {"event_id": event, "assignment_id": assignment, **more}


def refused(original: bytes, event: str = "r") -> tuple[str, dict[str, Any]]:
    """A dead letter."""
    encoded = base64.b64encode(original).decode()
    return "leads.rejected", {"event_id": event, "original": encoded}


def totals(admitted: int, *events: tuple[str, dict[str, Any]]) -> Totals:
    """The account of these events."""
    recount = Recount()
    for topic, value in events:
        recount.note(topic, value)
    return recount.totals(admitted)


def test_the_last_place_of_a_lead_counts() -> None:
    """A lead is in one place at a time."""
    found = totals(2, moved("a", "waiting"), moved("b", "pooled"), moved("a", "assigned"))
    assert (found.captured, found.assigned, found.pooled, found.waiting, found.lost) == (
        2,
        1,
        1,
        0,
        0,
    )


def test_every_place_has_a_group() -> None:
    """Decisions, Conservation: no place may be forgotten when the model gets a new one."""
    places = LifecycleChanged.model_json_schema(by_alias=True)["properties"]["to"]["enum"]
    assert set(places) == set(COUNTED_AS)


def test_an_offer_that_is_made_twice_is_counted_and_its_end_is_not() -> None:
    """Promise 1: an offer begins once and ends once."""
    made = {"event_id": "1", "offer_id": "o-1"}
    ended = {"event_id": "2", "offer_id": "o-1", "withdrawn": True}
    topic = "assignments.offers"
    assert totals(0, (topic, made), (topic, ended)).duplicated == 0
    assert totals(0, (topic, made), (topic, made | {"event_id": "3"})).duplicated == 1
    assert totals(0, (topic, ended), (topic, ended | {"event_id": "3"})).duplicated == 1


def test_an_admitted_lead_without_a_place_is_lost() -> None:
    """Promise 2: twin of the tests in which nothing is lost."""
    assert totals(2, moved("a", "assigned")).lost == 1


def test_an_event_or_an_assignment_sent_twice_is_counted() -> None:
    """Promise 1: the same business id twice is a double, whatever else differs."""
    assert totals(1, moved("a", "assigned", "e"), moved("a", "assigned", "e")).duplicated == 1
    assert totals(1, assigned("x", "1"), assigned("x", "2")).duplicated == 1
    assert totals(1, assigned("x", "1"), assigned("y", "2", supersedes="x")).duplicated == 0


def test_a_lead_imported_twice_is_counted() -> None:
    """Promise 1: what an import leaves with a rep is told on leads.lifecycle alone."""

    def imported(event: str) -> tuple[str, dict[str, Any]]:
        topic, value = moved("a", "assigned", event)
        return topic, value | {"held_by": "rep-1", "assignment_id": "x"}

    assert totals(1, imported("1")) == totals(1, moved("a", "assigned", "1"))
    assert totals(1, imported("1"), imported("2")).duplicated == 1
    assert totals(1, imported("1"), assigned("x", "2")).duplicated == 1


def test_a_capture_that_was_refused_is_captured_and_rejected() -> None:
    """Captured = admitted + captures rejected before admission; garbage is counted apart."""
    found = totals(0, refused(CAPTURE, "1"), refused(b"\xff", "2"), refused(b"{}", "3"))
    assert (found.captured, found.rejected, found.refused, found.lost) == (1, 1, 2, 0)


def test_a_lead_dead_lettered_after_admission_is_rejected_once() -> None:
    """Decisions, Conservation: it is neither lost nor counted as captured a second time."""
    qualified = LeadQualified(
        event_id="e",
        caused_by="c",
        captured_at=0,
        lead_id="a",
        home="h",
        desk="main",
        kind="new",
        score=1,
        grade="F",
        status="new",
        hot=False,
        source="web_form",
        card=LeadCard(source="web_form"),
    )
    found = totals(1, refused(encode(qualified)))
    assert (found.captured, found.rejected, found.lost) == (1, 1, 0)


def test_a_refusal_behind_intake_is_known_by_its_type() -> None:
    """Inner events carry the input's type; nobody has to decode the input for it."""
    received = EventReceived(
        event_id="e",
        type="lead.captured",
        captured_at=0,
        origin=Origin(topic="leads.raw", partition=0, offset=0),
        event=b"",
        who=Identifiers(),
    )
    assert subject_of(encode(received)) == ("lead.captured", None)
