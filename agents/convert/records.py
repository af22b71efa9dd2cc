"""Rows of a CSV file with the physical line each starts on; a broken row costs only itself."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

_LONGEST_LINE = 1 << 20
"""Characters; what is longer is no row but a file without line breaks, and would fill memory."""
_TOO_LONG = "\0"
"""Stands for a line that was skipped; no text has a NUL (see `agents.convert.encoding`)."""
_QUOTED = re.compile(r'"(?:[^"]|"")*"?')
_EXCEL_HINT = re.compile(r"sep=([,;|\t])\s*", re.IGNORECASE)
DELIMITERS = (",", ";", "\t", "|")


class Record(NamedTuple):
    """A row: its cells, or the reason why it has none."""

    line: int
    cells: list[str]
    problem: str = ""


class LineTooLongError(Exception):
    """A physical line is longer than any row can be."""


class PhysicalLines(Iterator[str]):
    """Hands out lines one by one, knows their numbers and takes them back.

    `stream` must be opened with `newline=""`, so that line breaks inside quotes stay as they are.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read()
        self.number += 1
        self._taken.append(line)
        if line == _TOO_LONG:
            raise LineTooLongError
        return line

    def begin(self) -> None:
        """A new record starts with the next line."""
        self._taken.clear()

    @property
    def height(self) -> int:
        """How many lines the record has used."""
        return len(self._taken)

    def give_back(self, keep: int = 1) -> None:
        """Put back all lines of the record but the first `keep`."""
        returned = self._taken[keep:]
        self._returned.extendleft(reversed(returned))
        self.number -= len(returned)
        del self._taken[keep:]

    def _read(self) -> str:
        line = self._stream.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) < _LONGEST_LINE or line[-1] in "\r\n":
            return line
        while line and line[-1] not in "\r\n":
            line = self._stream.readline(_LONGEST_LINE)
        return _TOO_LONG


class Records(Iterator[Record]):
    """The rows after one another; blank lines are no rows.

    Quotes are read strictly. A quote that is never closed would swallow the rows below it: then
    only the line it stands on is given up, and reading goes on with the next line. The same
    holds for a row over several lines whose number of cells is wrong.
    """

    def __init__(self, lines: PhysicalLines, delimiter: str) -> None:
        self._lines = lines
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self.width: int | None = None
        """Cells of the header; None until it is known."""

    def __next__(self) -> Record:
        cells: list[str] = []
        while not cells:
            self._lines.begin()
            first = self._lines.number + 1
            try:
                cells = next(self._reader)
            except (csv.Error, LineTooLongError) as error:
                self._lines.give_back()
                return Record(first, [], _reason(error))
        return self._fitted(first, cells)

    def _fitted(self, first: int, cells: list[str]) -> Record:
        width = self.width
        if width is None or len(cells) == width:
            return Record(first, cells)
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            # A spreadsheet writes empty cells for columns that were once formatted.
            return Record(first, cells[:width])
        if len(cells) < width and self._lines.height == 1:
            return Record(first, cells)
        self._lines.give_back()
        return Record(first, [], _misfit(len(cells), width))


def sniff_delimiter(lines: PhysicalLines) -> str:
    """The delimiter that separates most cells in the first line that is not blank.

    Excel's own first line `sep=;` is believed and taken away. Raises `LineTooLongError`.
    """
    for line in lines:
        hint = _EXCEL_HINT.fullmatch(line)
        if hint:
            return hint.group(1)
        if line.strip():
            lines.give_back(keep=lines.height - 1)
            bare = _QUOTED.sub("", line)
            return max(DELIMITERS, key=bare.count)
    return ","


def _reason(error: csv.Error | LineTooLongError) -> str:
    if isinstance(error, LineTooLongError):
        return f"the line has over {_LONGEST_LINE:,} characters"
    if "limit" in str(error):
        return f"a cell has over {csv.field_size_limit():,} characters; a quote may never be closed"
    return "the quotes in it do not pair up"


def _misfit(cells: int, width: int) -> str:
    more = "more" if cells > width else "fewer"
    return (
        f"it has {cells} cells, {more} than the {width} of the header; a delimiter may be unquoted"
    )
