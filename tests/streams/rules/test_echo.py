"""Our own assignments coming back from the CRM (decision 0027)."""

from typing import Any

import pytest

from schemas.crm import LeadOwnerChanged, LeadReassigned
from streams.policy.owner_sync import OwnerSync
from streams.rows.route import AssignmentRow, EchoRow, PlaceRow
from streams.rules.echo import expected, heard, is_echo

HELD = AssignmentRow("a-2", "bob", "round_robin", 50, None)
PLACE = PlaceRow("assigned", "main", "inside", 50, assignment=HELD, echoes=(EchoRow("ann", 10),))
BY_TIME = OwnerSync(echo_within="100ms")  # type: ignore[arg-type]  # as the document writes it
BY_NAME = OwnerSync(our_users=("us",))


def said(rep_id: str, by: str = "user", kind: type[Any] = LeadOwnerChanged) -> Any:
    """An owner in the CRM."""
    common = {"event_id": "1", "occurred_at": 0, "lead_id": "l", "reason": ""}
    return kind(rep_id=rep_id, by=by, **common)


@pytest.mark.parametrize(
    ("event", "rules", "now", "echo"),
    [
        (said("bob"), BY_TIME, 10_000, True),
        (said("bob", kind=LeadReassigned), BY_TIME, 10_000, True),
        (said("ann"), BY_TIME, 109, True),
        (said("ann"), BY_TIME, 110, False),
        (said("ann", kind=LeadReassigned), BY_TIME, 20, False),
        (said("cay"), BY_TIME, 20, False),
        (said("ann", "us"), BY_NAME, 10_000, True),
        (said("cay", "us"), BY_NAME, 10_000, True),
        (said("ann"), BY_NAME, 20, False),
        (said("bob"), BY_NAME, 20, True),
    ],
)
def test_an_echo_is_told_by_the_holder_then_by_our_users_then_by_time(
    event: Any, rules: OwnerSync, now: int, *, echo: bool
) -> None:
    """Who has it is set by nobody; a user's name beats a guess; a manager is always meant."""
    assert is_echo(event, PLACE, rules, now) is echo


def test_each_assignment_comes_back_once() -> None:
    """Two assignments of one rep come back twice."""
    twice = PlaceRow("waiting", "main", "inside", 0, echoes=(EchoRow("ann", 1), EchoRow("ann", 2)))
    once = heard(twice, "ann")
    assert once.echoes == (EchoRow("ann", 2),)
    assert heard(once, "ann").echoes == ()
    assert heard(once, "cay") == once


def test_what_came_back_while_it_stood_is_not_expected_any_more() -> None:
    """Nor is what is too old, so the row does not grow."""
    assert expected(PLACE, HELD, 60, 100) == (EchoRow("ann", 10), EchoRow("bob", 50))
    assert expected(PLACE, HELD, 120, 100) == (EchoRow("bob", 50),)
    told = heard(PLACE, "bob").assignment
    assert told is not None
    assert expected(PLACE, told, 60, 100) == (EchoRow("ann", 10),)
