"""Each of the 25 complaints of the field notes has a test that says which one it is about."""

import re
from collections.abc import Iterator

import pytest

from tests.requirements import Carried, carried
from tests.test_readme import TESTS_README

COMPLAINTS = [str(number) for number in range(1, 26)]


def complaints(text: str) -> set[str]:
    """The numbers of the complaints that a text is about."""
    return set(re.findall(r"\bcomplaint (\d+)\b", text, re.IGNORECASE))


def mistakes(text: str, tests: Carried) -> Iterator[str]:
    """What is wrong with the table, one sentence each."""
    form = r"^\| (\d+) \| [^|]+ \| `(tests/\S+)`, `(test_\w+)` \|$"
    table = re.findall(form, text, re.MULTILINE)
    if [number for number, _, _ in table] != COMPLAINTS:
        yield "the table has not all complaints once and in order"
    for number, path, name in table:
        if number not in tests.get(f"{path}::{name}", ()):
            yield f"{number}: {name} does not say that it is about it"


def test_every_complaint_has_its_test() -> None:
    """Issue 4, Proof: the 25 complaints in section 3 of the field notes."""
    assert list(mistakes(TESTS_README, carried(named=complaints))) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("| 13 |", "| 31 |"), ("test_a_holiday_has_no_echo", "test_a_holiday_has_an_echo")],
)
def test_an_untrue_table_of_complaints_would_be_noticed(right: str, wrong: str) -> None:
    """Twin: one word changed in the table."""
    assert right in TESTS_README
    changed = TESTS_README.replace(right, wrong)
    assert list(mistakes(changed, carried(named=complaints))) != []
