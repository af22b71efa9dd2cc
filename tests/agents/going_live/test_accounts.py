"""Accounts from CSV: what a row says, what is refused, and which files are about accounts."""

from pathlib import Path
from typing import Any

import pytest

from agents.convert.problems import ConversionError
from agents.going_live.accounts import Account, accounts, sheet
from schemas.crm import AccountChanged

NOON = 1_772_442_000_000
CONTRACT = (
    "account_id,domains,name,parent_id,owner_rep_id,opportunity_owner_rep_id,named,"
    "named_owner_rep_id,employees,industry,country,customer\n"
)
MAPPING = "layout: salesforce\nheld_by: Lead Owner\nreps:\n  Anna Schmidt: rep-201\n"


def read(folder: Path, text: str, mapping: str | None = None) -> list[Account]:
    """The rows of a file."""
    file, settings = folder / "accounts.csv", folder / "m.yaml"
    file.write_text(text)
    settings.write_text(mapping or "")
    with sheet(file, settings if mapping else None) as found:
        assert found.is_of_accounts
        return [*accounts(found, lambda *_: None, NOON)]


def said(rows: list[Account]) -> list[dict[str, Any]]:
    """The accounts in the events, each of which the contract takes."""
    values = [row.value for row in rows]
    assert all(AccountChanged.model_validate(value) for value in values)
    return [value["account"] for value in values if value]


def test_the_contracts_names_are_headings(tmp_path: Path) -> None:
    """Every field of an account, empty cells left out."""
    (full, bare) = read(
        tmp_path,
        CONTRACT + "a-1,firm.com; firm.de,Firm,a-0,rep-1,rep-2,yes,rep-3,250,Software,DE,no\n"
        "a-2,,,,,,,,,,,\n",
    )
    assert said([full, bare]) == [
        {
            "account_id": "a-1", "domains": ["firm.com", "firm.de"], "name": "Firm",
            "parent_id": "a-0", "owner_rep_id": "rep-1", "opportunity_owner_rep_id": "rep-2",
            "named": True, "named_owner_rep_id": "rep-3", "employees": 250,
            "industry": "Software", "country": "DE", "customer": False,
        },
        {"account_id": "a-2", "domains": []},
    ]  # fmt: skip
    assert (full.line, bare.line) == (2, 3)


def test_exports_of_two_crms_are_read_with_their_owners_translated(tmp_path: Path) -> None:
    """A report of Salesforce's, and HubSpot's companies."""
    text = (
        "Account ID;Account Name;Website;Account Owner;Rating\n"
        "001A;Firm;https://www.firm.com/x;Anna Schmidt;hot\n"
    )
    assert said(read(tmp_path, text, MAPPING)) == [
        {"account_id": "001A", "name": "Firm", "domains": ["firm.com"], "owner_rep_id": "rep-201"}
    ]
    text = "Record ID,Company name,Company Domain Name,Company owner\n77,Firm,firm.com,rep-9\n"
    assert said(read(tmp_path, text)) == [
        {"account_id": "77", "name": "Firm", "domains": ["firm.com"], "owner_rep_id": "rep-9"}
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",firm.com,,,,,,,,,,", "no account id"),
        ("a-1,no domain,,,,,,,,,,", "column 'domains': not a web address"),
        ("a-1,firm.com,,,Anna Schmidt,,,,,,,", "column 'owner_rep_id': no rep id"),
        ("a-1,firm.com,,,,,perhaps,,,,,", "column 'named': neither yes nor no"),
        ("a-1,firm.com,,,,,,,many,,,", "column 'employees': not a number of employees"),
        ("x@firm.com,firm.com,,,,,,,,,,", "column 'account_id'"),
        ("a-1,firm.com,,,,,,,,,,,more", "cells"),
    ],
)
def test_a_bad_row_is_named_and_costs_no_other(tmp_path: Path, row: str, problem: str) -> None:
    """With its line; the rows around it are read, and no cell is repeated in the sentence."""
    before, bad, after = read(
        tmp_path, f"{CONTRACT}a-0,a.com,,,,,,,,,,\n{row}\na-9,z.com,,,,,,,,,,\n"
    )
    assert (bad.line, bad.value) == (3, None)
    assert problem in bad.problem
    assert "Anna" not in bad.problem
    assert [each["account_id"] for each in said([before, after])] == ["a-0", "a-9"]


def test_a_misspelt_field_is_no_column_to_pass_over(tmp_path: Path) -> None:
    """An owner that silently stays out would be a quarrel in the team."""
    with pytest.raises(ConversionError, match=r"line 1: 'owner_rep' is no field.*owner_rep_id"):
        read(tmp_path, "account_id,domains,owner_rep\na-1,firm.com,rep-1\n")


def test_the_same_row_is_the_same_event_and_another_is_another(tmp_path: Path) -> None:
    """Its id follows from what it says."""
    first, again, other = (
        read(tmp_path, f"account_id,domains\na-1,{domain}\n")[0].value
        for domain in ("firm.com", "firm.com", "firm.de")
    )
    assert first == again
    assert first is not None
    assert other is not None
    assert first["event_id"] != other["event_id"]


@pytest.mark.parametrize(
    "header",
    [
        "Lead ID,Account ID,Website,Last Name",
        "Account ID,Website,E-Mail",
        "Account ID,Account Name",
        "Record ID,Company name,First Name,Company Domain Name",
    ],
)
def test_persons_beside_an_account_are_no_accounts(tmp_path: Path, header: str) -> None:
    """Such a file has leads, or nothing that says where a company is found."""
    file = tmp_path / "leads.csv"
    file.write_text(header + "\n")
    with sheet(file, None) as found:
        assert not found.is_of_accounts
