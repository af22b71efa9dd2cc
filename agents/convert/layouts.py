"""Which CRM wrote a file, by its header, and what its columns mean."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.convert.cells import clean, narrow

RECORD_ID = "@record_id"
CREATED = "@created"
SOURCE = "@source"
SOURCE_DETAIL = "@source_detail"
CAMPAIGN = "@campaign"
OPTED_OUT = "@opted_out"
DO_NOT_CALL = "@do_not_call"
LEGAL_BASIS = "@legal_basis"
DELETED = "@deleted"
CONVERTED = "@converted"
HELD_BY = "@held_by"

ANY_ID = re.compile(r"(?![\d.,]+[eE]\+)[A-Za-z0-9][A-Za-z0-9_.:\-]{0,99}")
"""A record id that may be used as it is: no blanks, no `@`, not rounded by a spreadsheet."""
_FEWEST_MARKS = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A CRM's export: its columns and how it writes ids and dates."""

    name: str
    sender: str
    id_form: re.Pattern[str]
    day_first: bool
    columns: Mapping[str, str]
    """Header (as `header_key`) to lead field or `@role`; of several for a field the first wins."""
    marks: frozenset[str]
    """Headers that this CRM has and others do not."""
    opt_out_prefix: str = ""
    """Columns whose header starts so say whether the person opted out of a kind of e-mail."""

    def role(self, key: str) -> str | None:
        """What the column with this header holds, or None."""
        if self.opt_out_prefix and key.startswith(self.opt_out_prefix):
            return OPTED_OUT
        return self.columns.get(key)


def header_key(cell: str) -> str:
    """A header as headers are compared: trimmed, without byte order mark, any case."""
    return " ".join(narrow(clean(cell)).casefold().split())


def recognise(header: Iterable[str], layouts: Iterable[Layout]) -> Layout | None:
    """The layout most of whose own headers are there; None if no layout has at least two."""
    keys = [header_key(cell) for cell in header]

    def familiar(layout: Layout) -> tuple[int, int]:
        marks = sum(key in layout.marks for key in keys)
        return marks, sum(layout.role(key) is not None for key in keys)

    best = max(layouts, key=familiar)
    return best if familiar(best)[0] >= _FEWEST_MARKS else None
