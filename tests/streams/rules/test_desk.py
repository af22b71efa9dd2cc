"""Which desk decides on a lead."""

from streams.rules.desk import chosen

DESKS = [("small", None), ("big", "employees > 10"), ("rest", "true")]


def test_the_owners_desk_comes_first() -> None:
    """An account's owner keeps the account's leads."""
    assert chosen("owners", DESKS, lambda _: True, "main") == "owners"


def test_else_the_first_desk_whose_condition_holds_else_the_default() -> None:
    """A desk without a condition takes only what it is the default for."""
    assert chosen(None, DESKS, lambda _: True, "main") == "big"
    assert chosen(None, DESKS, lambda when: when == "true", "main") == "rest"
    assert chosen(None, DESKS, lambda _: False, "main") == "main"
