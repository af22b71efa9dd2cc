"""What a conversion has to say: errors that stop it, problems of single rows, the final count."""

from dataclasses import dataclass
from typing import ClassVar


class ConversionError(Exception):
    """The input or a setting is wrong: one sentence with place and remedy, no personal data."""

    exit_code: ClassVar[int] = 2

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutputError(ConversionError):
    """The result could not be written (full disk, no permission); the target is as it was."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong with one row. Never holds a cell's content (personal data)."""

    line: int
    """The physical line on which the row starts, from 1; quoted line breaks are counted."""
    column: str | None
    """The CSV header of the cell meant, or None if the whole row is."""
    reason: str
    rejected: bool
    """True: the row is not in the output. False: it is, and this is a warning."""

    def sentence(self, source: str) -> str:
        """The problem in words, with the file named as the caller names it."""
        column = f", column {self.column!r}" if self.column else ""
        outcome = "row left out: " if self.rejected else ""
        return f"{source}, line {self.line}{column}: {outcome}{self.reason}."


@dataclass(frozen=True, slots=True)
class Summary:
    """The count at the end; `accepted + rejected == rows` always holds."""

    rows: int
    accepted: int
    rejected: int
    warnings: int
    """Cells that could not be used as they are; their rows were accepted."""
    undated: int
    """Accepted rows without a date, which took another row's (see `agents.convert.clock`)."""
    unknown_sources: int
    """Accepted rows whose lead source has no counterpart in the contract and became `other`."""
    ascending: bool
    """False: some line's `at` is earlier than the one before it, so a reader must sort."""
    layout: str
    encoding: str
    delimiter: str
