"""Every core and config row of issue 4 has a test that carries its id, or a reason why not yet."""

from pathlib import Path

import pytest

from tests.requirements import carried, held, ids, mistakes, not_held
from tests.test_readme import TESTS_README


def test_the_table_of_rows_is_true_and_passes_over_none() -> None:
    """Issue 4, Requirement rows: a table in tests/README.md lists row -> test."""
    assert list(mistakes(TESTS_README, carried())) == []
    assert len(held(TESTS_README)) > 80


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("test_the_account_owner_comes_before", "test_nobody_comes_before", "no test"),
        ("| ACCT-01 |", "| RR-01 |", "ACCT-01 is carried by a test and is not in the table"),
        ("| ACCT-01 |", "| RR-02 |", "does not carry it"),
        ("| ACCT-01 |", "| ACCT-02 |", "ACCT-02 stands 2 times"),
        ("| CPTY-02 |", "| CPTY_02 |", "CPTY-02 (core) is passed over in silence"),
        ("| CPTY-02 |", "| CPTY-99 |", "CPTY-99 is no row"),
    ],
)
def test_an_untrue_table_would_be_noticed(right: str, wrong: str, complaint: str) -> None:
    """Twin: one word changed in the tables, and the check says which row is wrong."""
    assert right in TESTS_README
    found = list(mistakes(TESTS_README.replace(right, wrong), carried()))
    assert any(complaint in sentence for sentence in found), found


def test_an_id_that_a_test_invents_would_be_noticed() -> None:
    """Twin: a test may not claim a row that does not exist."""
    tests = carried() | {"tests/test_made.py::test_it": {"AUD-77"}}
    assert list(mistakes(TESTS_README, tests)) == ["AUD-77 is carried by a test and is no row"]


def test_ids_stand_in_names_and_docstrings(tmp_path: Path) -> None:
    """A range means all of it; other words with a hyphen and a number mean nothing."""
    assert ids("SPEC-02 to SPEC-04, wgt_01 and SUB-13, ERR-01") == {
        "SPEC-02", "SPEC-03", "SPEC-04", "WGT-01",
    }  # fmt: skip
    source = 'def test_avl_01_x():\n    """RR-02."""\ndef avl_03():\n    """RR-03."""\n'
    (tmp_path / "test_made.py").write_text(source, encoding="utf-8")
    name = f"{tmp_path.name}/test_made.py::test_avl_01_x"
    assert carried(tmp_path) == {name: {"AVL-01", "RR-02"}}


def test_every_reason_is_a_sentence() -> None:
    """Not held yet: nothing is put off without saying why."""
    assert all(len(reason.split()) >= 4 for reason in not_held(TESTS_README).values())
