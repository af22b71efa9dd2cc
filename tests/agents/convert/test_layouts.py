"""Which CRM wrote a file."""

import pytest

from agents.convert.known_layouts import HUBSPOT, LAYOUTS, SALESFORCE
from agents.convert.layouts import ANY_ID, OPTED_OUT, header_key, recognise
from tests.agents.convert.exports import HUBSPOT_HEADER, SALESFORCE_HEADER


def test_headers_are_compared_without_case_blanks_and_mark() -> None:
    """Spreadsheets change all of these."""
    assert header_key("\ufeff First\u00a0 NAME ") == "first name"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (HUBSPOT_HEADER, "hubspot"),
        (SALESFORCE_HEADER, "salesforce"),
        (("ID", "FIRSTNAME", "LASTNAME", "COMPANY", "EMAIL"), "salesforce"),
        (("Email", "Phone Number", "Contact owner"), "hubspot"),
    ],
)
def test_a_known_export_is_recognised_with_columns_missing(
    header: tuple[str, ...], name: str
) -> None:
    """Exports of a view have its columns only."""
    layout = recognise(header, LAYOUTS)
    assert layout is not None
    assert layout.name == name


def test_a_list_with_common_headers_only_is_not_guessed() -> None:
    """Name, e-mail and city say nothing about who wrote it."""
    assert recognise(("First Name", "Last Name", "Email", "City"), LAYOUTS) is None


def test_the_marks_of_a_layout_are_no_columns_of_another() -> None:
    """Else one CRM's file could be taken for the other's."""
    assert not HUBSPOT.marks & set(SALESFORCE.columns)
    assert not SALESFORCE.marks & set(HUBSPOT.columns)


def test_every_kind_of_e_mail_has_its_opt_out_column() -> None:
    """HubSpot names one for each subscription type."""
    assert HUBSPOT.role("opted out of email: marketing information") == OPTED_OUT


@pytest.mark.parametrize("text", ["1.23E+10", "a b", "a@b.c", "", "x" * 101])
def test_what_may_not_be_an_id(text: str) -> None:
    """Ids stand in keys and headers, where no personal data may be."""
    assert not ANY_ID.fullmatch(text)
