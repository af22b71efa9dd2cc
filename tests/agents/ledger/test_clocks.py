"""A record from the future stops a worker before it is decided."""

import pytest

from agents.leaving import StayDown
from agents.ledger.clocks import AHEAD_MS, refuse_future
from agents.ledger.records import Incoming

NOW = 1_772_452_800_000


def record(timestamp: int) -> Incoming:
    """A record appended at an instant."""
    return Incoming("routing.inbox", 2, 17, timestamp, None, b"")


@pytest.mark.parametrize("ahead", [-86_400_000, 0, AHEAD_MS])
def test_what_clocks_may_differ_by_is_let_pass(ahead: int) -> None:
    """A backlog is from the past; and no two clocks agree to the millisecond."""
    refuse_future(record(NOW + ahead), NOW)


def test_a_record_from_the_future_is_refused_with_its_place() -> None:
    """The sentence says which record, how far ahead, and what to do."""
    with pytest.raises(StayDown, match=r"record 17 of routing.inbox/2 .* 3600 s ahead .* clock"):
        refuse_future(record(NOW + 3_600_000), NOW)
