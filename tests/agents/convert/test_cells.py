"""What is around a cell's text, and what means empty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.convert.cells import clean, narrow


@pytest.mark.parametrize(
    "text", ["", "  ", "N/A", "n/a", "-", "NULL", "none", "(blank)", "\u3000", "#N/A", "\u2014"]
)
def test_every_way_to_say_nothing_is_empty(text: str) -> None:
    """A placeholder is no value: a company called "N/A" would become an account."""
    assert clean(text) == ""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Ann\u00a0", "Ann"),
        ("'+4989123", "+4989123"),
        ("'t Hooft", "'t Hooft"),
        ('="0049"', "0049"),
        ("=1+1", "=1+1"),
        ("NA", "NA"),
    ],
)
def test_only_what_a_spreadsheet_added_is_taken_away(text: str, cleaned: str) -> None:
    """Excel's text marks go; a Dutch name and the country code of Namibia stay."""
    assert clean(text) == cleaned


@given(st.text())
def test_a_clean_cell_stays_as_it_is_when_trimmed_again(text: str) -> None:
    """What is left has no blanks around it."""
    assert clean(text) == clean(text).strip()


def test_full_width_signs_become_ordinary_ones() -> None:
    """Japanese keyboards produce them in numbers and addresses."""
    assert narrow("\uff10\uff13\uff0d\uff21\uff20") == "03-A@"
