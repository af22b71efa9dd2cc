"""`leadstream convert`: a CRM's CSV export becomes input lines."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from agents.command_line.ending import Refused
from agents.command_line.progress import Progress

if TYPE_CHECKING:
    from agents.convert.problems import RowProblem, Summary

STANDARD_OUTPUT = Path("-")


def convert(
    file: Path,
    *,
    mapping: Path | None = None,
    out: Path = STANDARD_OUTPUT,
    at: str | None = None,
    json: bool = False,
) -> None:
    """Turn a CRM's CSV export into input lines for simulate and produce.

    HubSpot contact and Salesforce lead exports are recognised by their columns, other layouts by a
    mapping file. Every row is accepted, or reported on stderr with its line and the reason.

    Example: `leadstream convert leads.csv --out leads.jsonl`

    Parameters
    ----------
    file
        The export; UTF-8 and Shift_JIS are told apart.
    mapping
        Which column is what, in YAML; deploy/mappings/example.yaml is a commented example.
    out
        Where the lines go; `-` is the standard output.
    at
        The time of rows without a date, such as 2026-03-02T09:00:00Z.
    json
        End with one line of JSON with the counts.
    """
    from agents.convert.conversion import convert as run

    def report(problem: "RowProblem") -> None:
        print(problem.sentence(str(file)), file=sys.stderr)

    instant = None if at is None else time_of("--at", at)
    to_standard = out == STANDARD_OUTPUT
    target = nullcontext(sys.stdout.buffer) if to_standard else nullcontext(out)
    with Progress("Converting") as progress, target as stream:
        summary = run(file, mapping, stream, report, progress, at=instant)
    _print(summary, file, json=json, to_standard=to_standard)


def time_of(option: str, text: str) -> int:
    """An option's time in milliseconds since the epoch. Raises `Refused`."""
    from schemas.record import parse_time

    try:
        return parse_time(text)
    except ValueError as error:
        raise Refused(f"{option}: {error}") from None


def _print(summary: "Summary", file: Path, *, json: bool, to_standard: bool) -> None:
    from dataclasses import asdict

    import orjson

    if json:
        print(orjson.dumps(asdict(summary)).decode())
        return
    order = "" if summary.ascending else " The lines are not in order of time."
    sentence = (
        f"{file}: {summary.rows} rows ({summary.layout}, {summary.encoding}), {summary.accepted} "
        f"accepted, {summary.rejected} left out, {summary.warnings} cells not usable.{order}"
    )
    print(sentence, file=sys.stderr if to_standard else sys.stdout)
