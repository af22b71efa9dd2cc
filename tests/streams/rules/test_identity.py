"""Names that hold no personal data."""

import re

from hypothesis import given
from hypothesis import strategies as st

from streams.rules.identity import derived_lead_id, event_id, keyed_hash


def test_event_ids_are_unique_per_sender() -> None:
    """Two systems may both begin counting at 1, and cannot run into each other."""
    assert event_id("web", "1") == event_id("web", "1")
    assert event_id("web", "1") != event_id("crm", "1")
    assert event_id("a", "b1") != event_id("ab", "1")


def test_a_derived_lead_id_shows_where_it_comes_from() -> None:
    """`lead-` and 20 digits of the inner event id."""
    assert derived_lead_id("0123456789abcdef0123456789abcdef") == "lead-0123456789abcdef0123"


@given(st.text(min_size=4))
def test_a_hash_depends_on_secret_kind_and_value_and_shows_none(value: str) -> None:
    """Without the secret nobody can try whether an address is in the directory."""
    found = keyed_hash(b"secret", "email", value)
    assert re.fullmatch("[0-9a-f]{32}", found)
    assert found != keyed_hash(b"other", "email", value)
    assert found != keyed_hash(b"secret", "phone", value)
