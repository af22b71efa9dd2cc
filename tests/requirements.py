"""Which requirement rows tests carry, and the tables of tests/README.md about them."""

import ast
import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.house.checks import ROOT

Carried = dict[str, set[str]]
"""The ids that each test carries, by `file::name`."""

KINDS = {
    row["id"]: row["kind"]
    for row in csv.DictReader(
        (ROOT / "tests" / "requirements.csv").read_text(encoding="utf-8").splitlines()
    )
}
"""The kind of every row of the groups that issue 4 names: core, config, metric and so on."""

BINDING = ("core", "config")
"""The kinds of which every row has a test."""

_GROUPS = "|".join(sorted({row.partition("-")[0] for row in KINDS}))
_ID = re.compile(rf"(?<![A-Za-z])({_GROUPS})[-_](\d\d)(?: to (?:{_GROUPS})-(\d\d))?", re.IGNORECASE)


def ids(text: str) -> set[str]:
    """The rows that a text names; `SPEC-02 to SPEC-05` are four."""
    return {
        f"{group.upper()}-{number:02}"
        for group, first, last in _ID.findall(text)
        for number in range(int(first), int(last or first) + 1)
    }


def carried(folder: Path = ROOT / "tests", named: Callable[[str], set[str]] = ids) -> Carried:
    """Every test of the folder with the ids in its name and docstring; tests without are left out.

    `named` finds the ids in a text; files are relative to the folder's parent.
    """
    return {
        f"{path.relative_to(folder.parent).as_posix()}::{name}": found
        for path in sorted(folder.rglob("test_*.py"))
        for name, text in _tests(path.read_text(encoding="utf-8"))
        if (found := named(text))
    }


def _tests(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:5] == "test_":
            yield node.name, f"{node.name[5:]} {ast.get_docstring(node) or ''}"


def held(text: str) -> list[tuple[str, str]]:
    """Row and test of each line of the table row -> test."""
    lines = re.findall(r"^\| ([A-Z]+-\d\d) \| `(tests/\S+)`, `(test_\w+)` \|$", text, re.MULTILINE)
    return [(row, f"{path}::{name}") for row, path, name in lines]


def not_held(text: str) -> dict[str, str]:
    """The rows without a test, each with the reason."""
    return dict(re.findall(r"^\| ([A-Z]+-\d\d) \| ([^`|]+) \|$", text, re.MULTILINE))


def mistakes(text: str, tests: Carried) -> Iterator[str]:
    """What is wrong with the two tables, one sentence each."""
    table, open_rows = held(text), not_held(text)
    rows = [row for row, _ in table]
    yield from _untrue(table, tests)
    yield from _missing(set(rows), tests)
    for row, kind in KINDS.items():
        times = rows.count(row) + (row in open_rows)
        if times > 1:
            yield f"{row} stands {times} times"
        elif kind in BINDING and not times:
            yield f"{row} ({kind}) is passed over in silence"
    yield from (f"{row} is no row" for row in {*rows, *open_rows} - set(KINDS))


def _untrue(table: list[tuple[str, str]], tests: Carried) -> Iterator[str]:
    for row, test in table:
        if test not in tests:
            yield f"{row}: no test {test} carries an id"
        elif row not in tests[test]:
            yield f"{row}: {test} does not carry it"


def _missing(rows: set[str], tests: Carried) -> Iterator[str]:
    for row in sorted(set[str]().union(*tests.values())):
        if row not in KINDS:
            yield f"{row} is carried by a test and is no row"
        elif row not in rows:
            yield f"{row} is carried by a test and is not in the table"
