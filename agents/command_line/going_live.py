"""`leadstream import`: leads that reps have, and accounts, are taken over without routing."""

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from agents.command_line.broker import patiently, speaking_to, telling_how_far
from agents.command_line.ending import Refused
from agents.command_line.environment import secret_of, settings
from agents.command_line.preview import state_of
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from agents.going_live.rehearsal import Rehearsal
    from agents.going_live.rows import Refusal, Row
    from agents.settings import Kafka, Settings

COUNTS = {
    "accounts": ("account", "new"),
    "leads": ("lead", "new, with the rep who has it"),
    "same_person": ("row", "more of a person of this import: one lead, known under both ids"),
    "known_accounts": ("account", "known already: what changes about it is for the CRM to say"),
    "known_leads": ("lead", "known already: nothing changes"),
    "elsewhere": ("lead", "of these with another rep or with nobody by now: there it stays"),
}
"""What the rows came to, in words."""
AGAIN = "run the same import again: what was sent before changes nothing"


def import_(
    *files: Annotated[Path, Parameter(name="FILE")],
    mapping: Path | None = None,
    leave_out: bool = False,
    json: bool = False,
) -> None:
    """Load open leads with the reps who have them, and accounts, without routing anything again.

    All rows are decided in a copy of the live state first; if one cannot be taken over, none is
    sent. No turn is taken, no clock starts, no rep is told; the same import again changes nothing.

    Example: `leadstream import accounts.jsonl leads.csv --mapping mapping.yaml`

    Parameters
    ----------
    files
        Input lines (lead.captured with held_by, account.changed), or CSV exports of leads or of
        accounts.
    mapping
        Which column of the CSV is what, in YAML; `held_by` names the one that says who has a lead,
        `reps` which rep each owner is.
    leave_out
        Send the other rows although some cannot be taken over.
    json
        End with one line of JSON with the counts, and each rep's open leads.
    """
    found = settings()
    refused: list[Refusal] = []
    rows = _read(files, mapping, refused)
    with speaking_to(found.kafka):
        from agents.going_live.rows import ACCOUNTS, LEADS
        from agents.kafka.produce import refuse_missing

        patiently(lambda: refuse_missing(found.kafka, (LEADS, ACCOUNTS)))
        rehearsal = _rehearsal(found)
        new = _rehearsed(rows, rehearsal, refused)
        _refuse(refused, rehearsal.taken, leave_out=leave_out)
        acknowledged = _send(new, found.kafka)
    if json:
        numbers = {"sent": len(new), "acknowledged": acknowledged, "refused": len(refused)}
        counts = {name: rehearsal.counts[name] for name in COUNTS}
        print_json({**numbers, **counts, "open_leads": rehearsal.open_leads()})
    else:
        _print(rehearsal, acknowledged)


def _read(files: tuple[Path, ...], mapping: Path | None, refused: "list[Refusal]") -> "list[Row]":
    """Every row of every file, accounts first. Raises `Refused`."""
    from agents import inputs
    from agents.clock import wall_ms
    from agents.going_live.rows import is_lines, rows_of_csv, rows_of_lines

    rows: list[Row] = []
    if not files or inputs.STANDARD_INPUT in files:
        raise Refused("import needs the name of a file; `leadstream import --help` says of which")
    try:
        with Progress("Reading") as progress:
            for file in files:
                if is_lines(file):
                    rows += rows_of_lines(file, refused.append, progress)
                else:
                    rows += rows_of_csv(file, mapping, refused.append, progress, wall_ms())
    except inputs.BadInput as error:
        raise Refused(str(error)) from None
    if not rows and not refused:
        raise Refused(f"{files[0]} has no rows: write {inputs.FORM}, one event a line")
    return sorted(rows, key=lambda row: row.is_lead)


def _rehearsal(found: "Settings") -> "Rehearsal":
    from agents.clock import wall_ms
    from agents.going_live.rehearsal import Rehearsal

    return Rehearsal(state_of(found), secret_of(found), wall_ms())


def _rehearsed(rows: "list[Row]", rehearsal: "Rehearsal", refused: "list[Refusal]") -> "list[Row]":
    """The rows that have to be sent; those that cannot be taken over join the refused."""
    from agents.going_live.rehearsal import NotTaken
    from agents.going_live.rows import Refusal

    new = []
    with Progress("Checking") as progress:
        for number, row in enumerate(rows, start=1):
            try:
                if rehearsal.take(row):
                    new.append(row)
            except NotTaken as error:
                refused.append(Refusal(row.place, str(error)))
            progress(number, len(rows))
    return new


def _refuse(refused: "list[Refusal]", taken: int, *, leave_out: bool) -> None:
    """Tells of every row that cannot be taken over. Raises `Refused` unless it may be left out."""
    for refusal in refused:
        print(f"leadstream: {refusal.sentence()}", file=sys.stderr)
    if refused and not (leave_out and taken):
        others = f", or leave them out with --leave-out and take the other {taken}" if taken else ""
        raise Refused(
            f"{counted(len(refused), 'row')} cannot be taken over, so nothing was sent: put them "
            f"right{others}"
        )


def _send(rows: "list[Row]", kafka: "Kafka") -> int:
    """Accounts, and once the broker has them leads; how many it has. Raises `Ended`."""
    from agents.inputs import key_of
    from agents.kafka.produce import Outbound, Sending

    sending = Sending(kafka)

    def so_far() -> str:
        return f"{sending.acknowledged} of {counted(len(rows), 'row')} acknowledged, {AGAIN}"

    with (
        telling_how_far(so_far, f"interrupted while sending to {kafka.broker}"),
        Progress("Sending") as progress,
    ):
        for topic, part in groupby(enumerate(rows, start=1), lambda each: each[1].topic):
            for number, row in part:
                sending.send(Outbound(number, topic, key_of(row.value), row.value))
                progress(number, len(rows))
            sending.finish()
    return sending.acknowledged


def _print(rehearsal: "Rehearsal", acknowledged: int) -> None:
    numbers = rehearsal.counts
    print(f"{counted(acknowledged, 'row')} sent and acknowledged.")
    for name, (noun, words) in COUNTS.items():
        if numbers[name]:
            print(f"{counted(numbers[name], noun)} {words}.")
    rows = [(rep_id, str(count)) for rep_id, count in rehearsal.open_leads().items()]
    print_table("Open leads once all is read", ("rep", "number"), rows)
