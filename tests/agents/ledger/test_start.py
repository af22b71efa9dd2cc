"""Where a restored partition goes on."""

import pytest
from confluent_kafka import OFFSET_BEGINNING

from agents.ledger.restoring import ChangelogDisagrees, start

PLACE = ("routing.inbox", 2)


@pytest.mark.parametrize(
    ("row", "committed", "expected"),
    [
        (None, None, OFFSET_BEGINNING),
        (7, 7, 7),
        (7, None, 7),
        (0, 0, 0),
        (0, None, 0),
    ],
)
def test_both_agree_or_the_groups_offset_has_expired(
    row: int | None, committed: int | None, expected: int
) -> None:
    """Equal: go on. No committed offset: the row is the truth. Neither: the beginning."""
    assert start(PLACE, row, committed) == expected


@pytest.mark.parametrize(
    ("row", "committed"), [(None, 7), (None, 0), (6, 7), (8, 7), (0, 7), (7, 0)]
)
def test_anything_else_stops_the_worker(row: int | None, committed: int | None) -> None:
    """Going on would lose input or repeat it."""
    with pytest.raises(ChangelogDisagrees, match=r"routing\.inbox\[2\]"):
        start(PLACE, row, committed)
