"""What to do next about a lead."""

import pytest

from streams.rules.next_action import Reach, next_action

FULL = Reach(contact_allowed=True, marketing_allowed=True, has_phone=True, has_email=True)


@pytest.mark.parametrize(
    ("reach", "status", "promising", "withheld", "expected"),
    [
        (FULL, "mql", True, False, "call"),
        (FULL, "new", False, False, "email"),
        (FULL._replace(has_phone=False), "mql", True, False, "email"),
        (FULL._replace(has_email=False), "new", False, False, "call"),
        (FULL._replace(has_email=False, has_phone=False), "new", True, False, "none"),
        (FULL, "new", False, True, "nurture"),
        (FULL, "nurture", True, False, "nurture"),
        (FULL._replace(marketing_allowed=False), "nurture", False, False, "none"),
        (FULL._replace(contact_allowed=False), "mql", True, False, "none"),
        (FULL, "disqualified", True, False, "none"),
    ],
)
def test_the_next_action_follows_promise_and_permission(
    *, reach: Reach, status: str, promising: bool, withheld: bool, expected: str
) -> None:
    """Do not contact comes before everything; a promising lead is called (SCO-15)."""
    assert next_action(reach, status=status, promising=promising, withheld=withheld) == expected
