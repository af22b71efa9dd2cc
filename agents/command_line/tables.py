"""Tables and JSON on the standard output."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

WIDE = 200
"""Columns where the output is no terminal: nothing is cut off in a file."""


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for people; text is shown as it is, never read as markup."""
    from rich.table import Table
    from rich.text import Text

    from agents.terminal import Terminal

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Terminal(width=None if sys.stdout.isatty() else WIDE).print(table)


def print_json(content: Mapping[str, Any]) -> None:
    """One JSON object on one line: the last of the output (contract, section 1)."""
    import orjson

    print(orjson.dumps(content).decode())


def counted(count: int, noun: str) -> str:
    """A number with its noun, in the plural where it should be."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
