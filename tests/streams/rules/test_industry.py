"""Which codes and keywords an industry answers to."""

import pytest

from streams.rules.industry import Vocabulary, spelling

LISTED = Vocabulary(
    ("Health Care", "hospital", "care", "6", "62", "6211", "621100", "製造業", "day")
)


@pytest.mark.parametrize(
    ("industry", "expected"),
    [
        ("Hospital & Health Care", ["health care", "hospital", "care"]),
        ("Care, day", ["care", "day"]),
        ("6211", ["6211", "62", "6"]),
        ("62.11 software", ["62", "6"]),
        ("製造業", ["製造業"]),
        ("software", []),
        ("", []),
        (None, []),
    ],
)
def test_what_an_industry_answers_to_longer_ones_first(
    industry: str | None, expected: list[str]
) -> None:
    """TERR-03: industry codes or keywords."""
    assert LISTED.terms(industry) == expected


@pytest.mark.parametrize(
    ("entry", "industry", "answers"),
    [
        ("Health Care", "hospital & health care", True),
        ("health-care", "hospital & health care", True),
        ("care health", "hospital & health care", False),
        ("health", "healthcare", False),
        ("62", "NAICS 6211", True),
        ("62", "NAICS 1621", False),
        ("62.01", "62.01 programming", True),
        ("it", "digital", False),
    ],
)
def test_a_keyword_is_whole_words_and_a_code_has_those_that_begin_with_it(
    entry: str, industry: str, *, answers: bool
) -> None:
    """TERR-03: `it` is not in `digital`, 62 is not in 1621."""
    assert Vocabulary([entry]).terms(industry) == ([spelling(entry)] if answers else [])


def test_an_entry_without_letters_and_digits_has_no_spelling() -> None:
    """The policy's check refuses it."""
    assert spelling(" *- ") == ""


def test_without_entries_nothing_is_looked_for() -> None:
    """A policy that asks for no industry pays nothing for it."""
    assert Vocabulary(()).terms("banking") == []
