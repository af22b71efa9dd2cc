"""Yes and no."""

import pytest

from agents.convert.booleans import read_boolean


@pytest.mark.parametrize(
    "text", ["true", "TRUE", "1", "Ja", "oui", "S\u00ed", "\u306f\u3044", "x", "\uff11"]
)
def test_yes_in_several_languages(text: str) -> None:
    """Exports follow the user's language."""
    assert read_boolean(text).value is True


@pytest.mark.parametrize("text", ["false", "0", "Nein", "non", "n\u00e3o", "\u3044\u3044\u3048"])
def test_no_in_several_languages(text: str) -> None:
    """Exports follow the user's language."""
    assert read_boolean(text).value is False


def test_anything_else_is_odd() -> None:
    """A guess about consent would be wrong for somebody."""
    assert read_boolean("perhaps").value is None
