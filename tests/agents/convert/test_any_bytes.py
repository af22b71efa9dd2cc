"""Whatever the file holds, it ends in a sentence or in a count that is right."""

import io
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agents.convert.conversion import convert
from agents.convert.problems import ConversionError, RowProblem
from schemas.record import parse_time

HEADER = "Record ID,Email,Phone Number,Number of Employees,Create Date,Original Source,Website URL"
_CELL = st.one_of(
    st.sampled_from(
        ["", "1", "2", "a@b.example", "8.19E+11", "+4989123456", "1,000", "25-May", "3/2/2026",
         "46083", "Web", '"', '""', "\r", "x\ny", "N/A", "\uff11", "'", "=", "1e5",
         "99999999999999"]
    ),
    st.text(max_size=8),
)  # fmt: skip
_ROWS = st.lists(st.lists(_CELL, max_size=9).map(",".join), max_size=8).map("\n".join)
_ANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _converted(folder: Path, content: bytes) -> None:
    source = folder / "a.csv"
    source.write_bytes(content)
    out, problems = io.BytesIO(), list[RowProblem]()
    try:
        summary = convert(
            source, None, out, problems.append, lambda *_: None, at=parse_time("2026-03-02T09:00Z")
        )
    except ConversionError:
        return
    rejected = [problem.line for problem in problems if problem.rejected]
    assert summary.accepted == out.getvalue().count(b"\n")
    assert summary.rejected == len(rejected)
    assert summary.accepted + summary.rejected == summary.rows
    assert rejected == sorted(set(rejected))


@_ANY
@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b'\xef\xbb\xbf"')
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """Never an exception but ConversionError."""
    _converted(tmp_path, content)


@_ANY
@given(_ROWS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp932", "cp1252"]))
def test_any_rows_below_a_known_header(tmp_path: Path, rows: str, codec: str) -> None:
    """All odd cells, broken quotes and encodings behind the header."""
    _converted(tmp_path, f"{HEADER}\n{rows}".encode(codec, "replace"))


@_ANY
@given(st.lists(st.text(max_size=10), max_size=6).map(",".join), st.binary(max_size=60))
def test_any_bytes_behind_any_header(tmp_path: Path, header: str, tail: bytes) -> None:
    """A header may be as broken as the rows."""
    _converted(tmp_path, f"Record ID,Contact owner,{header}\n".encode() + tail)


@_ANY
@given(st.lists(st.sampled_from(["good", "open quote", "stray quote", "long"]), max_size=12))
def test_a_broken_row_never_takes_a_good_one_with_it(tmp_path: Path, kinds: list[str]) -> None:
    """Good rows between broken ones all come out."""
    texts = {
        "good": "{n},a{n}@b.example,,,,,",
        "open quote": '{n},"a{n}@b.example,,,,,',
        "stray quote": '{n},"5" x",,,,,',
        "long": "{n},,,,,,,surplus",
    }
    lines = [texts[kind].replace("{n}", str(number)) for number, kind in enumerate(kinds, 1)]
    source = tmp_path / "a.csv"
    source.write_text("\n".join([HEADER, *lines]) + "\n")
    out = io.BytesIO()
    summary = convert(source, None, out, lambda _: None, lambda *_: None, at=0)
    assert (summary.rows, summary.accepted) == (len(kinds), kinds.count("good"))
