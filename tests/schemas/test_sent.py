"""What senders may write."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.lead import LeadCaptured, LeadDetails
from schemas.sent import keep_unknown, reaches_somebody
from schemas.unreadable import Unreadable
from schemas.validated import validated


def captured(**lead: Any) -> LeadCaptured:
    """A lead with these fields."""
    content = {
        "event_id": "1", "occurred_at": 0, "source": "chat", "lead": {"email": "a@b.c"} | lead
    }  # fmt: skip
    event = validated(LeadCaptured, content)
    assert isinstance(event, LeadCaptured)
    return event


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("employees", "250", 250), ("employees", " 250 ", 250), ("employees", 250.0, 250),
        ("deal_size", "1200.50", 1200.5), ("deal_size", 7, 7.0),
        ("postal_code", 94105, "94105"), ("phone", 4155551234, "4155551234"),
        ("lead_id", 17, "17"), ("external_ids", {"crm": 51}, {"crm": "51"}),
        ("employees", None, None), ("external_ids", None, {}), ("extra", None, {}),
    ],
)  # fmt: skip
def test_what_is_certain_is_taken(field: str, given: Any, kept: Any) -> None:
    """Whole numbers as text, ids as numbers, null for absent."""
    assert getattr(captured(**{field: given}).lead, field) == kept


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("employees", "1,000"), ("employees", "about 50"), ("employees", True),
        ("employees", 2.5), ("employees", -1), ("employees", 10**9), ("employees", ""),
        ("deal_size", "12 EUR"), ("deal_size", False), ("deal_size", -1), ("deal_size", 1e400),
        ("phone", 1.5), ("phone", True), ("first_name", 3), ("lead_id", ""), ("lead_id", "x" * 129),
        ("message", "x" * 40_000), ("external_ids", [1]), ("extra", [1]),
    ],
)  # fmt: skip
def test_what_would_be_a_guess_is_refused_at_its_field(field: str, given: Any) -> None:
    """The refusal names the field."""
    with pytest.raises(Unreadable) as caught:
        captured(**{field: given})
    assert caught.value.reason == "invalid_field"
    assert str(caught.value.field).startswith(f"lead.{field}")


def test_unknown_fields_are_kept_as_json_text_in_order_of_name() -> None:
    """Nothing a sender says is lost, and the order does not depend on the sender."""
    lead = captured(z=[1, None], a="x", extra={"own": "text", "n": 5, "z": "older"}).lead
    assert lead.extra == {"own": "text", "n": "5", "z": "[1,null]", "a": '"x"'}
    assert list(lead.extra) == ["own", "n", "z", "a"]


def test_foreign_avro_values_are_kept_too() -> None:
    """Bytes and decimals have no JSON of their own."""
    assert captured(raw=b"\xff", price=Decimal("1.10")).lead.extra == {
        "price": '"1.10"', "raw": '"/w=="'
    }  # fmt: skip


def test_unknown_fields_nested_too_deeply_are_refused() -> None:
    """What cannot be written as JSON again cannot be kept."""
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    with pytest.raises(Unreadable, match="too deeply"):
        captured(deep=deep)


def test_what_is_no_mapping_is_left_to_the_model() -> None:
    """The model's own error names the place."""
    assert keep_unknown(LeadDetails, 5) == 5
    with pytest.raises(Unreadable, match="lead must be an object"):
        validated(
            LeadCaptured, {"event_id": "1", "occurred_at": 0, "source": "chat", "lead": "a@b.c"}
        )


@pytest.mark.parametrize(
    ("identifier", "reaches"),
    [
        ("anna@firm.com", True), ("+4930123456", True), ("030 123 456", True), ("(0)30123", True),
        ("030.12.34", True), ("4930123456", False), ("123-456-789", False), ("1 2", False),
        ("00Q 5e000", False), ("", False),
    ],
)  # fmt: skip
def test_what_reaches_somebody_is_no_id(identifier: str, *, reaches: bool) -> None:
    """Decision 0020: a plain row of digits is an id, a number written to be called is not."""
    assert reaches_somebody(identifier) is reaches
