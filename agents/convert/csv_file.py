"""A CSV file opened: its text with its line breaks as they are, its rows, its header."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from agents.convert.problems import ConversionError
from agents.convert.records import (
    LineTooLongError,
    PhysicalLines,
    Record,
    Records,
    sniff_delimiter,
)


def records_of(source: Path, stream: TextIO, delimiter: str | None) -> tuple[Records, str]:
    """The rows, and the delimiter: the given one, or that of the first line.

    Raises `ConversionError`.
    """
    lines = PhysicalLines(stream)
    try:
        sniffed = sniff_delimiter(lines)
    except LineTooLongError:
        raise ConversionError(
            f"{source}, line {lines.number}: no header, the line is far too long for one: is this"
            " a CSV file?"
        ) from None
    return Records(lines, delimiter or sniffed), delimiter or sniffed


def header_of(source: Path, records: Records) -> Record:
    """The first row; from here on rows are as wide as it is. Raises `ConversionError`."""
    header = next(records, None)
    if header is None:
        raise ConversionError(f"{source} has no header line: export the records with one.")
    if header.problem:
        raise ConversionError(
            f"{source}, line {header.line}: the header cannot be read: {header.problem}."
        )
    records.width = len(header.cells)
    return header


@contextmanager
def opened(source: Path, codec: str) -> Iterator[tuple[BinaryIO, TextIO]]:
    """The bytes, for progress, and the text with its line breaks as they are."""
    with (
        readable(source),
        source.open("rb") as raw,
        TextIOWrapper(raw, encoding=codec, newline="") as stream,
    ):
        yield raw, stream


@contextmanager
def readable(source: Path) -> Iterator[None]:
    """Turns failures to read into sentences (`ConversionError`)."""
    try:
        if not source.is_file():
            raise ConversionError(_not_a_file(source))
        yield
    except UnicodeError as error:
        raise ConversionError(
            f"{source} changed while it was read: wait until the export is complete."
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConversionError(f"{source} cannot be read: {reason}.") from error


def _not_a_file(source: Path) -> str:
    if source.exists():
        return f"{source} is not a regular file: give the name of a CSV file."
    return f"{source} is not there: check the name."
