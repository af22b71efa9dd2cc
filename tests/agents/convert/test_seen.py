"""Repeats within a file."""

import sqlite3

import pytest

from agents.convert.problems import OutputError
from agents.convert.seen import SeenIds


def test_a_repeat_gets_the_line_that_had_the_id_first() -> None:
    """Exact, not by a hash."""
    with SeenIds() as seen:
        assert [seen.first_line(name, line) for line, name in enumerate("abab", 1)] == [
            None, None, 1, 2,
        ]  # fmt: skip


def test_ids_differ_by_case() -> None:
    """Salesforce's ids of 15 characters do."""
    with SeenIds() as seen:
        assert seen.first_line("a", 1) is None
        assert seen.first_line("A", 2) is None


def test_a_full_temporary_folder_is_a_sentence() -> None:
    """SQLite's own error is not for users."""
    seen = SeenIds()
    seen._database.close()
    with pytest.raises(OutputError, match="TMPDIR") as error:
        seen.first_line("a", 1)
    assert isinstance(error.value.__cause__, sqlite3.Error)
