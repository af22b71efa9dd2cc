"""ISO alpha-2 from what people write."""

import pytest

from streams.rules.country import alpha2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("us", "US"), ("USA", "US"), (" United  States ", "US"), ("U.S.A.", "US"),
        ("United States of America", "US"), ("UK", "GB"), ("Great Britain", "GB"),
        ("United Kingdom", "GB"), ("GBR", "GB"), ("Korea", "KR"), ("Korea, Republic of", "KR"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("日本", "JP"), ("JPN", "JP"), ("\uff2a\uff30", "JP"),
        ("Germany", "DE"), ("Federal Republic of Germany", "DE"), ("Deutschland", "DE"),
        ("Taiwan", "TW"), ("Bolivia", "BO"), ("Viet Nam", "VN"), ("Czech Republic", "CZ"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_code_name_or_alias(given: str, expected: str) -> None:
    """Codes, official and common names, and what people call it."""
    assert alpha2(given) == expected


@pytest.mark.parametrize("given", ["", "Atlantis", "XX", "United", "EMEA", "-"])
def test_an_unknown_country_is_none(given: str) -> None:
    """A guess would send the lead to the wrong territory."""
    assert alpha2(given) is None
