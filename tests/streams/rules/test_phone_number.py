"""E.164, or nothing."""

import pytest

from streams.rules.phone_number import Number, normalised


@pytest.mark.parametrize(
    ("given", "country", "language", "expected"),
    [
        ("+1 (202) 555-0123", None, None, "+12025550123"),
        ("(202) 555-0123", "US", None, "+12025550123"),
        ("1-800-FLOWERS", "US", None, "+18003569377"),
        ("03-1234-5678", "JP", None, "+81312345678"),
        (
            "\uff10\uff13\u2212\uff11\uff12\uff13\uff14\u2212\uff15\uff16\uff17\uff18",
            "JP",
            None,
            "+81312345678",
        ),
        ("03-1234-5678", None, "ja", "+81312345678"),
        ("030 123456", None, "de", "+4930123456"),
        ("01 5139999", None, "de-AT", "+4315139999"),
        ("(202) 555-0123", None, "en_US", "+12025550123"),
        ("0044 20 7946 0018", "DE", None, "+442079460018"),
    ],
)
def test_a_number_is_read_where_it_belongs(
    given: str, country: str | None, language: str | None, expected: str
) -> None:
    """Country first, then language, say what a number without country code means."""
    found = normalised(given, country, language)
    assert found is not None
    assert found.e164 == expected


def test_an_extension_is_kept_apart() -> None:
    """Two desks behind one number have one number."""
    assert normalised("03-1234-5678 ext. 12", "JP") == Number("+81312345678", "12")


@pytest.mark.parametrize(
    "given", ["", "foo", "000 000 0000", "12", "+", "+1 202 555 01234567", "1" * 300]
)
def test_what_is_no_valid_number_is_none(given: str) -> None:
    """A placeholder must not make one person of everybody who typed it."""
    assert normalised(given, "US") is None


def test_without_country_and_language_a_local_number_is_none() -> None:
    """Nobody can say whose it is."""
    assert normalised("(202) 555-0123", None, "en") is None
