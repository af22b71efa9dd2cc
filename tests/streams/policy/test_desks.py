"""Which desks a new policy changes."""

from typing import Any

import pytest

from streams.policy.desks import changed
from tests.streams.policies import text

FIELD = {"teams": ["field"], "default_team": "field", "fallback_pool": "all",
         "pools": [{"pool": "all", "when": "true"}]}  # fmt: skip
TWO: dict[str, Any] = {"main": {"teams": ["inside"]}, "field": FIELD}


@pytest.mark.parametrize(
    ("desks", "expected"),
    [
        ({}, ()),
        ({"main": {"teams": ["inside"], "when": "score > 9"}}, ()),
        ({"third": {"teams": ["partner"]}}, ()),
        ({"main": {"teams": ["inside", "partner"]}}, ("main",)),
        ({"main": {"teams": ["inside", "field"]}, "field": None}, ("field", "main")),
        ({"field": None, "outside": FIELD}, ("field",)),
        ({"main": {"teams": ["field"]}, "field": {"teams": ["inside"]}}, ("field", "main")),
    ],
)
def test_a_desk_is_changed_by_its_name_or_its_teams(
    desks: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """Design, section 3: not by its rules, and not by a new desk beside it."""
    assert changed(text(desks=TWO), text(desks=TWO | desks)) == expected


def test_the_order_of_teams_does_not_matter() -> None:
    """A set of teams."""
    assert changed(text(), text(desks={"main": {"teams": ["field", "inside"]}})) == ()


def test_a_text_without_desks_changes_none() -> None:
    """Nothing was decided by it."""
    assert changed("name: x", text()) == ()
