"""ISO 3166-2 within a country."""

import pytest

from streams.rules.state import code, country_of


@pytest.mark.parametrize(
    ("given", "country", "expected"),
    [
        ("California", "US", "US-CA"), ("ca", "US", "US-CA"), ("US-CA", "US", "US-CA"),
        ("us-ca", None, "US-CA"), ("New York", "US", "US-NY"), ("Bayern", "DE", "DE-BY"),
        ("Ile-de-France", "FR", "FR-IDF"), ("Tokyo", "JP", "JP-13"), ("13", "JP", "JP-13"),
        ("Ontario", "CA", "CA-ON"),
    ],
)  # fmt: skip
def test_a_state_is_found_within_its_country(
    given: str, country: str | None, expected: str
) -> None:
    """By whole code, local code or name; accents do not matter."""
    assert code(given, country) == expected


@pytest.mark.parametrize(
    ("given", "country"), [("CA", None), ("California", None), ("US-CA", "DE"), ("Foo", "US")]
)
def test_an_ambiguous_or_foreign_state_is_none(given: str, country: str | None) -> None:
    """Many countries have a CA, and California is not in Germany."""
    assert code(given, country) is None


def test_a_whole_code_names_its_country() -> None:
    """US-CA says United States."""
    assert country_of("US-CA") == "US"
