"""When a rep has had as many leads in a period as the policy allows (AVL-04, CPTY-01).

A calendar period goes from the rep's midnight on; a rolling one is any span of that length. Of the
first only the number is kept, of the second each instant that still counts.
"""

from typing import NamedTuple

from msgspec.structs import replace

from streams.rows.route import TakenRow


class Window(NamedTuple):
    """What counts at an instant."""

    begin: int
    """The first instant that counts, milliseconds."""
    end: int | None
    """Of a calendar period, not part of it; None: the window rolls."""
    span: int = 0
    """How long a lead counts in a window that rolls, milliseconds."""


def rolling(now: int, span: int) -> Window:
    """A lead of exactly one span ago does not count any more."""
    return Window(now - span + 1, None, span)


def full_until(row: TakenRow | None, most: int, window: Window) -> int | None:
    """When one more may come; None: at once."""
    if row is None:
        return None
    if window.end is not None:
        return window.end if row.since == window.begin and row.count >= most else None
    reached = len(row.at) >= most and row.at[-most] >= window.begin
    return row.at[-most] + window.span if reached else None


def counted(row: TakenRow | None, window: Window, now: int) -> TakenRow:
    """The row with one lead more, without what no longer counts."""
    if window.end is not None:
        if row and row.since == window.begin:
            return replace(row, count=row.count + 1)
        return TakenRow(window.begin, 1)
    kept = tuple(instant for instant in (row.at if row else ()) if instant >= window.begin)
    return TakenRow(at=(*kept, now))


def given_back(row: TakenRow, instant: int) -> TakenRow | None:
    """The row without a lead that was taken at that instant; None: nothing is left.

    One of an earlier period, or that no longer counts, changes nothing.
    """
    if row.count and instant >= (row.carried or row.since):
        row = replace(row, count=row.count - 1)
    elif instant in row.at:
        place = row.at.index(instant)
        row = TakenRow(at=(*row.at[:place], *row.at[place + 1 :]))
    return row if row.count or row.at else None
