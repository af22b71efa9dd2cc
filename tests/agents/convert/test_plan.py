"""What the columns of a file are for."""

from pathlib import Path

import pytest

from agents.convert.layouts import RECORD_ID
from agents.convert.mapping_file import load_mapping
from agents.convert.plan import Plan, make_plan
from agents.convert.problems import ConversionError

FILE = Path("a.csv")


def _mapped(folder: Path, mapping: str, header: list[str]) -> Plan:
    path = folder / "m.yaml"
    path.write_text(mapping, encoding="utf-8")
    return make_plan(FILE, 1, header, load_mapping(path))


def _columns(plan: Plan, field: str) -> tuple[int, ...]:
    return next(part.columns for part in plan.fields if part.name == field)


def test_the_preferred_column_comes_first_whatever_the_order() -> None:
    """The office number before the mobile one."""
    plan = make_plan(FILE, 1, ["Lead ID", "Mobile", "Phone", "Lead Source"], None)
    assert _columns(plan, "phone") == (2, 1)


def test_equal_and_empty_headers_get_labels_of_their_own() -> None:
    """Cells of both are kept in `extra` under different names."""
    plan = make_plan(FILE, 1, ["Lead ID", "Lead Source", "X", "X", "", "X (4)"], None)
    assert plan.labels == ("Lead ID", "Lead Source", "X", "X (4)", "column 5", "X (4) (6)")


def test_a_mapping_adds_to_a_layout_and_overrules_it(tmp_path: Path) -> None:
    """A company's own columns in a known export."""
    plan = _mapped(
        tmp_path,
        "layout: hubspot\nevent_id: Key\ncolumns: {Job Title: department, Budget: deal_size}\n",
        ["Record ID", "Key", "Job Title", "Budget", "Contact owner"],
    )
    assert plan.sender == "hubspot-export"
    assert plan.columns(RECORD_ID) == (1, 0)
    assert _columns(plan, "department") == (2,)
    assert [part.name for part in plan.fields] == ["department", "deal_size"]


def test_a_mapping_with_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the nearest header."""
    with pytest.raises(ConversionError) as error:
        _mapped(tmp_path, "sender: x\ncolumns:\n  E-Mial: email\n", ["E-Mail", "Name"])
    assert 'm.yaml, line 3, column 3: a.csv has no column "E-Mial"; did you mean "e-mail"?' in (
        error.value.sentence
    )


def test_a_constant_that_its_field_cannot_have_is_refused(tmp_path: Path) -> None:
    """With the place of the value."""
    with pytest.raises(ConversionError, match='line 3, column 24: "employees": not a number'):
        _mapped(tmp_path, "sender: x\ncolumns: {M: email}\nconstants: {employees: lots}\n", ["M"])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["Ann", "ann@acme.example"], "holds data"),
        (["First Name", "Email"], "neither those of a HubSpot"),
        (["Lead Source", "Rating", "City"], "no column identifies a lead"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header: list[str], words: str) -> None:
    """With its line and what to do."""
    with pytest.raises(ConversionError, match=words):
        make_plan(FILE, 3, header, None)
