"""The rows of an import: input lines and CSV exports, each with its place (contract, import)."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.convert.problems import ConversionError
from agents.going_live.rows import NOBODY, Refusal, Row, is_lines, rows_of_csv, rows_of_lines
from agents.inputs import BadInput

MAPPING = """\
layout: salesforce
held_by: Lead Owner
reps:
  Anna Schmidt: rep-201
"""
HEADER = "Lead ID,Lead Owner,Email,Company / Account,Last Name\n"
NOON = 1_772_442_000_000


def lead(**changes: Any) -> dict[str, Any]:
    """A lead that rep-201 has."""
    value = {"type": "lead.captured", "sender": "crm", "event_id": "1", "held_by": "rep-201"}
    return value | {"lead": {"lead_id": "L1"}} | changes


def account(**changes: Any) -> dict[str, Any]:
    """An account."""
    return {"type": "account.changed", "event_id": "2", "account": {"account_id": "a"}} | changes


def read_lines(folder: Path, *values: Any) -> tuple[list[Row], list[Refusal]]:
    """The rows of a file of input lines, and what is refused."""
    lines = ({"topic": "leads.raw", "value": value} for value in values)
    file = folder / "old.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert is_lines(file)
    refused: list[Refusal] = []
    return [*rows_of_lines(file, refused.append, lambda *_: None)], refused


def read_csv(folder: Path, text: str, mapping: str = MAPPING) -> tuple[list[Row], list[Refusal]]:
    """The same of a CSV."""
    file, settings = folder / "old.csv", folder / "m.yaml"
    file.write_text(text)
    settings.write_text(mapping)
    assert not is_lines(file)
    refused: list[Refusal] = []
    found = rows_of_csv(file, settings, refused.append, lambda *_: None, NOON)
    return [*found], refused


def test_leads_go_behind_what_is_live_whatever_their_line_says(tmp_path: Path) -> None:
    """Leads to leads.bulk, accounts to crm.events, as they stand in the file."""
    rows, refused = read_lines(tmp_path, account(), lead())
    assert [row.topic for row in rows] == ["crm.events", "leads.bulk"]
    assert [row.is_lead for row in rows] == [False, True]
    assert [json.loads(row.value) for row in rows] == [account(), lead()]
    assert rows[1].place == f"{tmp_path}/old.jsonl, line 2"
    assert refused == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lead(held_by=None), NOBODY),
        (lead(held_by=""), NOBODY),
        ({"type": "lead.activity"}, "send this with `leadstream produce`"),
        ({}, "send this with `leadstream produce`"),
        ({"specversion": "0.3"}, "specversion must be"),
        ([], "send one object a message"),
    ],
)
def test_what_is_not_taken_over_is_named_with_line_and_remedy(
    tmp_path: Path, value: Any, reason: str
) -> None:
    """A lead that nobody has is not routed behind anybody's back."""
    rows, (refusal,) = read_lines(tmp_path, account(), value)
    assert len(rows) == 1
    assert refusal.place == f"{tmp_path}/old.jsonl, line 2"
    assert reason in refusal.sentence()


def test_an_envelope_is_opened(tmp_path: Path) -> None:
    """CloudEvents, as in every input."""
    cloud = {"specversion": "1.0", "id": "7", "type": "lead.captured", "data": {"held_by": "r"}}
    ((row,), _) = read_lines(tmp_path, cloud)
    assert (row.fields["event_id"], row.fields["held_by"]) == ("7", "r")


def test_an_exports_owners_are_translated(tmp_path: Path) -> None:
    """By the mapping's reps, else as they stand; lines are those of the file."""
    text = HEADER + (
        '00Q000000000001,ANNA  Schmidt,a@acme.example,"Acme\nInc",A\n'
        "00Q000000000002,rep-300,b@acme.example,Acme,B\n"
    )
    rows, refused = read_csv(tmp_path, text)
    assert [row.fields["held_by"] for row in rows] == ["rep-201", "rep-300"]
    assert [row.place.rpartition(" ")[2] for row in rows] == ["2", "4"]
    assert rows[0].fields["lead"]["lead_id"] == "salesforce-00Q000000000001"
    assert "Anna" not in rows[0].value.decode()
    assert refused == []


def test_a_row_without_a_usable_owner_is_refused_without_his_name(tmp_path: Path) -> None:
    """A name is personal data, and no rep id; an empty cell is nobody."""
    text = HEADER + (
        "00Q000000000001,Bo Berg,a@acme.example,Acme,A\n"
        "00Q000000000002,,b@acme.example,Acme,B\n"
        "00Q000000000003,rep-201,,,\n"
    )
    rows, refused = read_csv(tmp_path, text)
    assert len(rows) == 1
    assert "not among the `reps` of the mapping; leave the row out" in refused[0].sentence()
    assert "Berg" not in refused[0].sentence()
    assert refused[1].reason == NOBODY


def test_an_export_that_says_nowhere_who_has_its_leads_is_refused_at_once(tmp_path: Path) -> None:
    """One sentence for the file, not one for each of its rows."""
    text = HEADER + "00Q000000000001,,a@acme.example,Acme,A\n"
    with pytest.raises(BadInput, match="name that column as `held_by` in a mapping"):
        read_csv(tmp_path, text, "layout: salesforce\n")


def test_reps_without_their_column_are_a_mistake(tmp_path: Path) -> None:
    """Else they would be passed over in silence."""
    with pytest.raises(ConversionError, match="`held_by` is missing"):
        read_csv(tmp_path, HEADER, "layout: salesforce\nreps: {Anna: rep-201}\n")
