"""The whole conversion: from a CSV export to input lines. One function, `convert`."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO

import orjson

from agents.convert.clock import ExportClock
from agents.convert.csv_file import header_of, opened, readable, records_of
from agents.convert.encoding import detect_encoding, encoding_name
from agents.convert.layouts import CREATED
from agents.convert.leads import Captured, Refused, capture, read_created
from agents.convert.mapping_file import MappingFile, load_mapping
from agents.convert.plan import Plan, make_plan
from agents.convert.problems import ConversionError, RowProblem, Summary
from agents.convert.records import Record, Records
from agents.convert.seen import SeenIds
from agents.convert.target import replacing, reported
from schemas.record import format_time

Report = Callable[[RowProblem], None]
Progress = Callable[[int, int], None]
Accepted = Callable[[int], None]

_ROWS_BETWEEN_PROGRESS = 500


def _nobody_asks(line: int) -> None:
    """Whoever converts a file need not know which rows were accepted."""
    del line


_LARGEST_VALUE_BYTES = 480 * 1024
"""Intake rejects records over 512 KB (design, section 4); the rest is headroom for framing."""


def convert(
    source: Path,
    mapping: Path | None,
    out: Path | BinaryIO,
    report: Report,
    progress: Progress,
    *,
    at: int | None = None,
    accepted: Accepted = _nobody_asks,
) -> Summary:
    """Write one input line (`{"topic", "at", "value"}`) for each row of `source` that is a lead.

    Lines come in the file's order, which need not be that of time (`Summary.ascending`); the
    same file gives the same bytes. `out` as a path is replaced whole at the end or left alone;
    a binary stream is written as rows are read. `report` gets every rejected row and every odd
    cell, without personal data. `progress` gets bytes read and bytes in all: first, in between
    and at the end; `accepted` the line of each accepted row, in order. `at` (milliseconds since the
    epoch, UTC) is the time of rows without a date; without it they take the nearest known date
    above, before the first one that one.

    Raises `ConversionError` for mistakes of the user (exit code 2) and its kind `OutputError`
    where the result could not be written (exit code 1). (Issue 3, section 5; contract 1 and 2.)
    """
    settings = load_mapping(mapping) if mapping else None
    with readable(source):
        # Finding the encoding reads the file once; a large one should show signs of life before.
        progress(0, source.stat().st_size)
        codec = detect_encoding(source, settings.settings.encoding if settings else None)
    if not isinstance(out, Path):
        with reported(None):
            summary = _Conversion(source, codec, settings, report, progress, accepted).run(out, at)
            out.flush()
        return summary
    _refuse_itself(source, out)
    with replacing(out) as stream:
        return _Conversion(source, codec, settings, report, progress, accepted).run(stream, at)


class _Conversion:
    """The counters and the way of one run."""

    def __init__(
        self,
        source: Path,
        codec: str,
        mapping: MappingFile | None,
        report: Report,
        progress: Progress,
        accepted: Accepted,
    ) -> None:
        self._source, self._codec, self._mapping = source, codec, mapping
        self._report, self._progress, self._tell = report, progress, accepted
        self._rows = self._accepted = self._rejected = 0
        self._warnings = self._undated = self._unknown_sources = 0

    def run(self, out: BinaryIO, at: int | None) -> Summary:
        """Convert all rows."""
        with opened(self._source, self._codec) as (raw, stream), SeenIds() as seen:
            records, delimiter = _records(self._source, stream, self._mapping)
            plan = _plan(self._source, records, self._mapping)
            clock = ExportClock(at, lambda: self._first_date(plan))
            total = self._source.stat().st_size
            for record in records:
                self._row(plan, record, seen, clock, out)
                if self._rows % _ROWS_BETWEEN_PROGRESS == 0:
                    self._progress(min(raw.tell(), total), total)
            self._progress(total, total)
        return self._summary(plan, clock, delimiter)

    def _row(
        self, plan: Plan, record: Record, seen: SeenIds, clock: ExportClock, out: BinaryIO
    ) -> None:
        self._rows += 1
        found = Refused(record.problem) if record.problem else capture(plan, record)
        if isinstance(found, Refused):
            self._reject(record.line, found.reason)
            return
        first = seen.first_line(found.event_id, record.line)
        if first is not None:
            self._reject(record.line, f"the same record as on line {first}")
            return
        line = _line(plan, found, clock.at(found.created))
        if len(line) > _LARGEST_VALUE_BYTES:
            self._reject(record.line, f"it makes over {_LARGEST_VALUE_BYTES:,} bytes")
            return
        _write(out, line)
        self._accept(record.line, found)

    def _reject(self, line: int, reason: str) -> None:
        self._rejected += 1
        self._report(RowProblem(line, None, reason, rejected=True))

    def _accept(self, line: int, found: Captured) -> None:
        self._accepted += 1
        self._tell(line)
        self._undated += found.created is None
        self._unknown_sources += found.source_unknown
        for column, reason in found.warnings:
            self._warnings += 1
            self._report(RowProblem(line, column, reason, rejected=False))

    def _first_date(self, plan: Plan) -> int:
        if plan.columns(CREATED):
            with opened(self._source, self._codec) as (_, stream):
                records, _ = _records(self._source, stream, self._mapping)
                _plan(self._source, records, self._mapping)
                for record in records:
                    created = read_created(plan, record)
                    if created is not None:
                        return created
        raise ConversionError(
            f"{self._source}: no row has a create date, so its lines have no time: give one with"
            " --at, such as --at 2026-03-02T09:00:00Z, or name the column as `occurred_at` in a"
            " mapping."
        )

    def _summary(self, plan: Plan, clock: ExportClock, delimiter: str) -> Summary:
        return Summary(
            rows=self._rows,
            accepted=self._accepted,
            rejected=self._rejected,
            warnings=self._warnings,
            undated=self._undated,
            unknown_sources=self._unknown_sources,
            ascending=clock.ascending,
            layout=plan.layout.name,
            encoding=encoding_name(self._codec),
            delimiter=delimiter,
        )


def _line(plan: Plan, found: Captured, at: int) -> bytes:
    time = format_time(at)
    campaign = {"campaign": found.campaign} if found.campaign else {}
    held_by = {"held_by": found.held_by} if found.held_by else {}
    value = {
        "type": "lead.captured",
        "sender": plan.sender,
        "event_id": found.event_id,
        "occurred_at": time,
        "source": found.source,
        **campaign,
        "lead": found.lead,
        **held_by,
    }
    line = {"topic": plan.topic, "at": time, "value": value}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _write(out: BinaryIO, line: bytes) -> None:
    # Told apart from a failure to read, which happens inside the same loop.
    with reported(None):
        out.write(line)


def _records(source: Path, stream: TextIO, mapping: MappingFile | None) -> tuple[Records, str]:
    return records_of(source, stream, mapping.settings.delimiter if mapping else None)


def _plan(source: Path, records: Records, mapping: MappingFile | None) -> Plan:
    header = header_of(source, records)
    return make_plan(source, header.line, header.cells, mapping)


def _refuse_itself(source: Path, out: Path) -> None:
    with reported(out):
        itself = out.exists() and out.samefile(source)
    if itself:
        raise ConversionError(f"{out} is the file that is converted: choose another --out.")
