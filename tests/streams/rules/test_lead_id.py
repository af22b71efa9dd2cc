"""Lead ids: what may become a key and what may not."""

import pytest

from streams.rules.lead_id import usable


@pytest.mark.parametrize("given", ["00Q5e00001abcde", "4711", "hubspot-101", "1234567890", "A-1"])
def test_an_id_is_kept_as_it_is(given: str) -> None:
    """Numbers and codes of a CRM are ids."""
    assert usable(given) == given


@pytest.mark.parametrize("given", ["anna@firm.com", "+4930123456", "030 123 456", "(212) 555-0100"])
def test_an_address_or_number_is_no_id(given: str) -> None:
    """Keys hold no personal data, whatever a sender uses as its id."""
    assert usable(given) is None


def test_an_id_is_trimmed_and_may_be_absent() -> None:
    """White space around it would make another key."""
    assert (usable(" 47  11 "), usable(None), usable("  ")) == ("47 11", None, None)
