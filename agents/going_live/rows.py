"""The rows of an import, each with its place: leads that a rep has, and accounts."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from agents import inputs
from agents.convert.conversion import Progress, convert
from agents.convert.problems import RowProblem
from agents.going_live.accounts import Sheet, accounts, sheet
from schemas.incoming import event_fields, json_object
from schemas.unreadable import Unreadable

LEADS, ACCOUNTS = "leads.bulk", "crm.events"
"""Where rows go: leads as an upload, behind whatever is live."""
_TOPICS = {"lead.captured": LEADS, "account.changed": ACCOUNTS}
_MARK = b"\xef\xbb\xbf"
_FIRST_BYTES = 4096
NOBODY = (
    "nobody has this lead: name its rep in `held_by`, or send the row with `leadstream produce`, "
    "which gives it away as a new lead"
)


class Row(NamedTuple):
    """One lead or account."""

    place: str
    """File and line, as sentences name them."""
    topic: str
    value: bytes
    """The event in JSON, as it will be sent."""
    fields: dict[str, Any]
    """Its fields, out of the envelope if it has one."""

    @property
    def is_lead(self) -> bool:
        """Whether it is a lead."""
        return self.topic == LEADS


class Refusal(NamedTuple):
    """A row that cannot be taken over."""

    place: str
    reason: str
    """What is wrong and what to do, without personal data."""

    def sentence(self) -> str:
        """In words."""
        return f"{self.place}: {self.reason}"


Report = Callable[[Refusal], None]


def is_lines(file: Path) -> bool:
    """Whether a file holds input lines; else it is taken for a CSV. Raises `BadInput`."""
    with inputs.opened(file) as stream:
        return stream.read(_FIRST_BYTES).removeprefix(_MARK).lstrip().startswith(b"{")


def rows_of_lines(file: Path, report: Report, progress: Progress) -> Iterator[Row]:
    """The rows of a file of input lines. Raises `BadInput` where a line is none."""
    size = inputs.size_of(file) or 0
    with inputs.opened(file) as stream:
        for line in inputs.read_lines(stream, str(file)):
            yield from _row(f"{file}, line {line.number}", line.value, report)
            progress(line.end, size)


def rows_of_csv(
    file: Path, mapping: Path | None, report: Report, progress: Progress, now: int
) -> Iterator[Row]:
    """The accounts or the leads of a CRM's export; `now` is the time of rows without a date.

    Raises `ConversionError`, and `BadInput` where no lead says who has it: then the mapping does
    not say it either.
    """
    with sheet(file, mapping) as opened:
        if opened.is_of_accounts:
            yield from _accounts(opened, report, progress, now)
            return
    written, numbers = BytesIO(), list[int]()

    def odd(problem: RowProblem) -> None:
        if problem.rejected:
            report(Refusal(f"{file}, line {problem.line}", f"{problem.reason}; leave the row out"))

    convert(file, mapping, written, odd, progress, at=now, accepted=numbers.append)
    written.seek(0)
    lines = [line.value for line in inputs.read_lines(written, str(file))]
    if lines and not any(json_object(value).get("held_by") for value in lines):
        raise inputs.BadInput(
            f"{file}: no row says who has the lead; name that column as `held_by` in a mapping (see"
            " deploy/mappings/example.yaml)"
        )
    for number, value in zip(numbers, lines, strict=True):
        yield from _row(f"{file}, line {number}", value, report)


def _accounts(opened: Sheet, report: Report, progress: Progress, now: int) -> Iterator[Row]:
    for each in accounts(opened, progress, now):
        place = f"{opened.file}, line {each.line}"
        if each.value is None:
            report(Refusal(place, f"{each.problem}; put it right or leave the row out"))
        else:
            yield Row(place, ACCOUNTS, orjson.dumps(each.value), each.value)


def _row(place: str, value: bytes, report: Report) -> Iterator[Row]:
    try:
        fields = dict(event_fields(json_object(value)))
    except Unreadable as refusal:
        report(Refusal(place, refusal.detail))
        return
    topic = _TOPICS.get(str(fields.get("type")))
    if topic is None:
        takes = "takes leads that a rep has (lead.captured) and accounts (account.changed)"
        report(Refusal(place, f"import {takes}; send this with `leadstream produce`"))
    elif topic == LEADS and fields.get("held_by") in (None, ""):
        report(Refusal(place, NOBODY))
    else:
        yield Row(place, topic, value, fields)
