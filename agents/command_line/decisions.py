"""Output events from a file that `leadstream simulate --out` wrote."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.command_line.ending import Refused
from agents.command_line.progress import Progress


def lines(source: Path, wanted: bytes) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Topic, line and content of every event in whose bytes the wanted ones stand.

    A look at the bytes spares reading most lines; the first is read in any case, as it tells what
    file it is. Raises `Refused`.
    """
    from agents import inputs

    try:
        with Progress("Reading") as progress, inputs.opened(source) as stream:
            done, size, number = 0, inputs.size_of(source), 0
            for number, text in enumerate(stream, start=1):
                done += len(text)
                progress(done, size)
                if number == 1 or wanted in text:
                    topic, value = _event(source, number, text)
                    if wanted in text:
                        yield topic, number, value
            if number == 0:
                raise Refused(f"{source} is empty: give what `leadstream simulate --out` wrote")
    except inputs.BadInput as error:
        raise Refused(str(error)) from None


def _event(source: Path, number: int, text: bytes) -> tuple[str, dict[str, Any]]:
    import orjson

    try:
        line = orjson.loads(text)
        return str(line["topic"]), dict(line["value"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise Refused(no_output(source, number)) from None


def no_output(source: Path, number: int) -> str:
    """The sentence about a line that is no output event."""
    return (
        f"{source}, line {number}: not a line that `leadstream simulate --out` writes; give such a "
        "file"
    )
