"""Text for display and for comparison."""

from streams.rules.plain_text import folded, person_name, trimmed


def test_display_keeps_the_letters_and_loses_the_white_space() -> None:
    """The rep sees the name as the person wrote it."""
    assert trimmed("  \uff21nna \t Maria ") == "\uff21nna Maria"
    assert trimmed(" \n ") is None
    assert trimmed(None) is None


def test_comparison_folds_width_and_case() -> None:
    """A wide `IT` and `it` are one industry."""
    assert folded(" \uff29\uff34  Services") == "it services"
    assert folded("") is None
    assert folded(None) is None


def test_a_person_needs_a_last_name() -> None:
    """A first name alone says nothing about who it is."""
    assert person_name("Jane", "DOE") == "jane doe"
    assert person_name(None, "Doe") == "doe"
    assert person_name("Jane", " ") is None
