"""One row becomes one lead."""

from pathlib import Path

from agents.convert.leads import Captured, Refused, capture, read_created
from agents.convert.mapping_file import load_mapping
from agents.convert.plan import Plan, make_plan
from agents.convert.records import Record
from tests.agents.convert.exports import HUBSPOT_HEADER, SALESFORCE_HEADER

FILE = Path("a.csv")


def _captured(header: tuple[str, ...], row: dict[str, str]) -> Captured:
    found = _result(header, row)
    assert isinstance(found, Captured)
    return found


def _result(header: tuple[str, ...], row: dict[str, str]) -> Captured | Refused:
    plan = make_plan(FILE, 1, list(header), None)
    return capture(plan, Record(2, [row.get(name, "") for name in header]))


def test_a_record_id_makes_the_ids() -> None:
    """The same record has the same event id at every export, and says which CRM it is of."""
    found = _captured(HUBSPOT_HEADER, {"Record ID": "101"})
    assert found.event_id == "record-101"
    assert found.lead == {"lead_id": "hubspot-101", "external_ids": {"hubspot": "101"}}


def test_without_a_record_id_the_content_makes_the_event_id() -> None:
    """Stable, and free of personal data."""
    row = {"Email": "ann@acme.example"}
    first, again = _captured(HUBSPOT_HEADER, row), _captured(HUBSPOT_HEADER, row)
    other = _captured(HUBSPOT_HEADER, {"Email": "bo@acme.example"})
    assert first.event_id == again.event_id != other.event_id
    assert first.event_id.startswith("row-")
    assert "lead_id" not in first.lead


def test_an_odd_cell_goes_to_extra_with_a_warning_and_the_row_stays() -> None:
    """A field-level oddity never loses a row."""
    found = _captured(HUBSPOT_HEADER, {"Record ID": "1", "Phone Number": "8.19E+11", "Email": "?"})
    assert found.lead["extra"] == {"Email": "?", "Phone Number": "8.19E+11"}
    assert [column for column, _ in found.warnings] == ["Email", "Phone Number"]


def test_a_rounded_record_id_is_none() -> None:
    """Else all records with the same leading digits would be repeats of one."""
    found = _captured(HUBSPOT_HEADER, {"Record ID": "1.01E+09", "Email": "a@b.example"})
    assert "lead_id" not in found.lead
    assert found.event_id.startswith("row-")


def test_unknown_columns_are_kept() -> None:
    """By the header as it is written."""
    found = _captured(HUBSPOT_HEADER, {"Record ID": "1", "Lead Status": "New"})
    assert found.lead["extra"] == {"Lead Status": "New"}


def test_the_source_is_translated_and_its_text_kept() -> None:
    """HubSpot's drill-down is a campaign for some sources only."""
    row = {"Record ID": "1", "Original Source": "Paid Search", "Original Source Drill-Down 1": "X"}
    found = _captured(HUBSPOT_HEADER, row)
    assert (found.source, found.campaign, found.source_unknown) == ("paid_ad", "X", False)
    found = _captured(HUBSPOT_HEADER, row | {"Original Source": "REFERRALS"})
    assert (found.source, found.campaign) == ("referral", None)
    found = _captured(HUBSPOT_HEADER, row | {"Original Source": "Skywriting"})
    assert (found.source, found.source_unknown) == ("other", True)
    assert found.lead["extra"]["Original Source"] == "Skywriting"  # type: ignore[index] # extra is an object here


def test_consent_comes_from_opt_outs_and_legal_basis() -> None:
    """Not having opted out is no consent."""
    assert "consent" not in _captured(SALESFORCE_HEADER, _sf(**{"Email Opt Out": "0"})).lead
    found = _captured(SALESFORCE_HEADER, _sf(**{"Email Opt Out": "1", "Do Not Call": "true"}))
    assert found.lead["consent"] == {"marketing": False, "contact": False}
    basis = "Freely given consent from contact"
    row = {"Record ID": "1", "Legal basis for processing contact's data": basis}
    assert _captured(HUBSPOT_HEADER, row).lead["consent"] == {"basis": basis, "marketing": True}
    row["Unsubscribed from all email"] = "Yes"
    assert _captured(HUBSPOT_HEADER, row).lead["consent"] == {"basis": basis, "marketing": False}


def test_deleted_and_converted_records_are_no_leads() -> None:
    """Routing an erased person or a customer again would be wrong."""
    assert isinstance(_result(SALESFORCE_HEADER, _sf(Deleted="TRUE")), Refused)
    header = (*SALESFORCE_HEADER, "IsConverted")
    assert isinstance(_result(header, _sf(IsConverted="1")), Refused)


def test_a_row_that_says_nothing_of_who_it_is_is_refused() -> None:
    """The contract's minimum; last name and company are enough."""
    assert isinstance(_result(HUBSPOT_HEADER, {"First Name": "Ann", "City": "Oslo"}), Refused)
    assert isinstance(_result(HUBSPOT_HEADER, {"Last Name": "Lee"}), Refused)
    _captured(HUBSPOT_HEADER, {"Last Name": "Lee", "Company Name": "Acme"})


def test_a_short_row_is_trusted_only_if_its_id_or_address_is_in_place() -> None:
    """The rest of a row that was broken in two has fewer cells as well."""
    plan = make_plan(FILE, 1, list(HUBSPOT_HEADER), None)
    found = capture(plan, Record(2, ["101", "Ann"]))
    assert isinstance(found, Captured)
    assert found.warnings
    assert isinstance(capture(plan, Record(2, ["Oslo", "Norway"])), Refused)


def test_text_too_long_for_a_message_is_cut_with_a_warning() -> None:
    """Intake would refuse the whole lead."""
    found = _captured(HUBSPOT_HEADER, {"Record ID": "1", "Message": "x" * 40_000})
    assert found.lead["message"] == "x" * 32_768
    assert "cut off" in found.warnings[0][1]


def test_constants_fill_what_a_row_does_not_say(tmp_path: Path) -> None:
    """And nested fields become objects."""
    found = capture(_mapped(tmp_path), Record(2, ["k1", "a@b.example", "", "yes", "7"]))
    assert isinstance(found, Captured)
    assert found.event_id == "record-k1"
    assert found.lead == {
        "email": "a@b.example",
        "external_ids": {"erp": "7"},
        "consent": {"marketing": True, "basis": "fair"},
        "language": "de",
    }
    other = capture(_mapped(tmp_path), Record(2, ["k2", "a@b.example", "en", "", ""]))
    assert isinstance(other, Captured)
    assert other.lead["language"] == "en"


def test_the_date_of_a_row_can_be_read_alone() -> None:
    """To find the first one of a file."""
    plan = make_plan(FILE, 1, ["Lead ID", "Lead Source", "Create Date"], None)
    assert read_created(plan, Record(2, ["", "", "2026-03-02 09:00"])) == 1_772_442_000_000
    assert read_created(plan, Record(2, ["x"])) is None


def _sf(**changes: str) -> dict[str, str]:
    return {"Lead ID": "00Q000000000001AAA", **changes}


def _mapped(folder: Path) -> Plan:
    path = folder / "m.yaml"
    path.write_text(
        "sender: x\nevent_id: Key\ncolumns: {Mail: email, Lang: language, News: consent.marketing,"
        " No: external_ids.erp}\nconstants: {language: de, consent.basis: fair}\n",
        encoding="utf-8",
    )
    return make_plan(FILE, 1, ["Key", "Mail", "Lang", "News", "No"], load_mapping(path))
