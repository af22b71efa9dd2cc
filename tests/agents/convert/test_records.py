"""Rows and their lines."""

import io

import pytest

from agents.convert import records as module
from agents.convert.records import PhysicalLines, Record, Records, sniff_delimiter


def _read(text: str, width: int | None = None, delimiter: str = ",") -> list[Record]:
    records = Records(PhysicalLines(io.StringIO(text, newline="")), delimiter)
    records.width = width
    return list(records)


def test_a_row_has_the_line_it_starts_on() -> None:
    """Quoted line breaks and blank lines are counted."""
    found = _read('a,b\r\n\r\n"1\n\n2",3\r\n4,5')
    assert [(record.line, record.cells) for record in found] == [
        (1, ["a", "b"]), (3, ["1\n\n2", "3"]), (6, ["4", "5"]),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_understood(end: str) -> None:
    """Unix, Windows and old Mac."""
    assert [record.line for record in _read(f"a,b{end}1,2{end}3,4{end}")] == [1, 2, 3]


def test_an_open_quote_costs_only_its_own_line() -> None:
    """Read as the standard says, it would swallow all rows below it."""
    found = _read('a,b\n1,"2\n3,4\n5,6\n', width=2)
    assert [(record.line, bool(record.problem)) for record in found] == [
        (1, False), (2, True), (3, False), (4, False),
    ]  # fmt: skip


def test_an_open_quote_that_a_later_row_closes_costs_only_its_own_line() -> None:
    """The number of cells shows that rows have run together."""
    found = _read('a,b\n1,"2\n3,4\n5,6"\n7,8\n', width=2)
    assert [record.line for record in found if not record.problem] == [1, 2, 5]
    found = _read('a,b,c\n1,"2\n3,4,5\n6,7,"8"\n9,9,9\n', width=3)
    assert [record.line for record in found if not record.problem] == [1, 3, 4, 5]


def test_a_stray_quote_is_a_problem_of_its_row() -> None:
    """Guessing where the cell ends would shift the columns."""
    assert [bool(record.problem) for record in _read('"a","b"\n"5" x","y"\n"1","2"\n')] == [
        False, True, False,
    ]  # fmt: skip


def test_surplus_cells_are_a_problem_unless_blank() -> None:
    """An unquoted delimiter has shifted the columns; spreadsheets add blank ones."""
    found = _read("a,b\n1,2,3\n1,2, ,\n", width=2)
    assert [(record.cells, bool(record.problem)) for record in found[1:]] == [
        ([], True), (["1", "2"], False),
    ]  # fmt: skip


def test_a_cell_beyond_the_limit_costs_only_its_own_line() -> None:
    """An open quote in a large file must not fill memory."""
    rows = "1,2\n" * 40_000
    found = _read(f'a,b\n1,"{rows}')
    assert len(found) == 40_001
    assert [record.line for record in found if record.problem] == [2]


def test_a_line_without_end_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is skipped without being held in memory, also inside quotes."""
    monkeypatch.setattr(module, "_LONGEST_LINE", 10)
    found = _read('a,b\n1,2345678901234567890\n3,"4\n12345678901234567890\n5,6\n')
    assert [(record.line, bool(record.problem)) for record in found] == [
        (1, False), (2, True), (3, True), (4, True), (5, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b;c,d\n", ","), ("a;b;c\n", ";"), ("a\tb\tc\n", "\t"), ('"a,b,c,d";e\n', ";"),
        ("\n\na;b\n", ";"), ("sep=;\na,b,c;d\n", ";"), ("a\n", ","), ("", ","),
    ],
)  # fmt: skip
def test_the_delimiter_is_found_in_the_header(text: str, delimiter: str) -> None:
    """Quoted delimiters do not count; Excel's own hint does."""
    assert sniff_delimiter(PhysicalLines(io.StringIO(text, newline=""))) == delimiter


def test_the_header_is_still_there_after_sniffing() -> None:
    """And keeps its line number."""
    lines = PhysicalLines(io.StringIO("\n\na;b\n1;2\n", newline=""))
    found = list(Records(lines, sniff_delimiter(lines)))
    assert [(record.line, record.cells) for record in found] == [(3, ["a", "b"]), (4, ["1", "2"])]
