"""The lead's fields."""

from zoneinfo import ZoneInfo

import pytest

from agents.convert.fields import CONSENT_FIELDS, LEAD_FIELDS, field_known, reader_of
from schemas.lead import Consent, LeadDetails


def test_the_fields_are_those_of_the_contract() -> None:
    """A field that intake does not know would end in `extra` as JSON text."""
    assert set(LEAD_FIELDS) == set(LeadDetails.model_fields) - {"extra"}
    consent = {f"consent.{name}" for name in Consent.model_fields if name != "extra"}
    assert set(CONSENT_FIELDS) == consent


@pytest.mark.parametrize("name", ["email", "consent.at", "external_ids.erp", "qualification.need"])
def test_fields_that_a_mapping_may_name(name: str) -> None:
    """Objects only by their parts."""
    assert field_known(name)


@pytest.mark.parametrize("name", ["mail", "consent", "consent.x", "external_ids.", "extra", ""])
def test_fields_that_a_mapping_may_not_name(name: str) -> None:
    """A typo must not become a field."""
    assert not field_known(name)


def test_the_time_of_consent_is_text_with_an_offset() -> None:
    """RFC 3339, as every time in an input line."""
    reader = reader_of("consent.at", ZoneInfo("Asia/Tokyo"), day_first=False)
    assert reader("2026-03-02 09:00").value == "2026-03-02T00:00:00Z"
    assert reader("never").value is None


def test_a_lead_id_with_an_at_sign_is_refused() -> None:
    """It would be an e-mail address in a message key."""
    assert reader_of("lead_id", ZoneInfo("UTC"), day_first=False)("a@b.example").value is None
