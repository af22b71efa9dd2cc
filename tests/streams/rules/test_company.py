"""One comparable form for a company's name."""

import pytest

from streams.rules.company import comparable


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Acme, Inc.", "acme"), ("ACME  GmbH & Co. KG", "acme"), ("Acme LLC", "acme"),
        ("株式会社アクメ", "アクメ"), ("アクメ株式会社", "アクメ"),
        ("\uff08株\uff09アクメ", "アクメ"),
        ("\uff21\uff43\uff4d\uff45 K.K.", "acme"), ("Acme Holding S.p.A.", "acme holding"),
    ],
)  # fmt: skip
def test_legal_form_case_and_width_do_not_matter(given: str, expected: str) -> None:
    """The same company writes itself in many ways."""
    assert comparable(given) == expected


@pytest.mark.parametrize("given", ["", "  ", ".", "株式会社"])
def test_nothing_left_is_none(given: str) -> None:
    """A legal form alone names no company."""
    assert comparable(given) is None


def test_a_name_that_is_a_legal_form_stays() -> None:
    """What cleaning would empty is compared as it is."""
    assert comparable("Inc") == "inc"
