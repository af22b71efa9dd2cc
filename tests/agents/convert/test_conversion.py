"""The whole conversion, from file to file."""

import csv
import io
import itertools
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.convert import conversion
from agents.convert.conversion import convert
from agents.convert.problems import ConversionError, OutputError, RowProblem, Summary
from schemas.lead import LeadCaptured
from tests.agents.convert.exports import Export, hubspot_export, salesforce_export
from tests.pace import in_time

EXPORTS = pytest.mark.parametrize("make", [hubspot_export, salesforce_export])
HEADER = "Record ID,Email,Phone Number,Create Date\n"
EXAMPLE = Path(__file__).parents[3] / "deploy" / "mappings" / "example.yaml"


class Run:
    """One conversion with all that it said."""

    def __init__(self, folder: Path, content: bytes | str, mapping: Path | None = None) -> None:
        """Convert the content as the file `a.csv`."""
        source = folder / "a.csv"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        self.problems: list[RowProblem] = []
        self.progress: list[tuple[int, int]] = []
        out = io.BytesIO()
        self.summary: Summary = convert(
            source, mapping, out, self.problems.append, lambda *at: self.progress.append(at)
        )
        self.output = out.getvalue()
        self.lines = [json.loads(line) for line in self.output.splitlines()]

    def rejected_lines(self) -> tuple[int, ...]:
        """Where the rows start that are not in the output."""
        return tuple(problem.line for problem in self.problems if problem.rejected)

    def conserved(self, rows: int) -> bool:
        """Whether each of so many rows is in the output or reported, by our own count."""
        return len(self.lines) + len(self.rejected_lines()) == rows


@EXPORTS
def test_every_row_of_a_dirty_export_is_accepted_or_reported(
    tmp_path: Path, make: Callable[[], Export]
) -> None:
    """5 000 rows in each layout; the generator counts rows and lines by itself (issue 3)."""
    export = make()
    run = Run(tmp_path, export.content)
    assert run.conserved(export.rows)
    assert run.rejected_lines() == export.rejected_lines
    assert len(run.lines) == export.accepted
    summary = run.summary
    assert (summary.rows, summary.accepted, summary.rejected) == (
        export.rows, len(run.lines), len(run.rejected_lines()),
    )  # fmt: skip


def test_a_conversion_that_drops_rows_silently_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin of the test above: with reports suppressed the independent count does not agree."""
    monkeypatch.setattr(conversion._Conversion, "_reject", lambda *_: None)
    assert not Run(tmp_path, hubspot_export(100).content).conserved(100)


@EXPORTS
def test_every_line_is_a_message_that_intake_takes(
    tmp_path: Path, make: Callable[[int], Export]
) -> None:
    """Field names and types are exactly the contract's."""
    for line in Run(tmp_path, make(400).content).lines:
        assert list(line) == ["topic", "at", "value"]
        event = LeadCaptured.model_validate(line["value"])
        assert line["topic"] == "leads.bulk"
        assert line["at"] == line["value"]["occurred_at"]
        # Nothing that the model does not know: it would have become JSON text in `extra`.
        assert event.extra == {}
        assert event.lead.extra == line["value"]["lead"].get("extra", {})


@EXPORTS
def test_no_cell_of_a_row_is_lost(tmp_path: Path, make: Callable[[int], Export]) -> None:
    """What is in no field is in `extra`."""
    export = make(50)
    codec = "utf-8-sig" if make is hubspot_export else "cp932"
    row = next(itertools.islice(csv.DictReader(io.StringIO(export.content.decode(codec))), 0, 1))
    text = json.dumps(Run(tmp_path, export.content).lines[0], ensure_ascii=False)
    left = {name for name, cell in row.items() if cell and cell not in text}
    # Read into other words: the date, the web address, and "0" of a flag.
    assert left <= {"Create Date", "Website URL"}


@EXPORTS
def test_no_report_holds_personal_data(tmp_path: Path, make: Callable[[int], Export]) -> None:
    """Reports go to stderr, where no cell's content may be."""
    run = Run(tmp_path, make(500).content)
    for problem in run.problems:
        assert "@" not in problem.reason
        assert "8.19E" not in problem.reason


def test_the_same_file_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    """Whatever the hash seed, the time zone and the locale."""
    source = tmp_path / "a.csv"
    source.write_bytes(hubspot_export(200).content)
    program = (
        "import sys; from pathlib import Path; from agents.convert.conversion import convert;"
        "convert(Path(sys.argv[1]), None, sys.stdout.buffer, lambda _: None, lambda *_: None)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(source)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        ).stdout
        for seed, zone, locale in (("1", "Asia/Tokyo", "C"), ("2", "America/New_York", "C.UTF-8"))
    }
    assert len(outputs) == 1
    assert outputs.pop().count(b"\n") == hubspot_export(200).accepted


def test_repeats_are_reported_with_the_line_of_the_first(tmp_path: Path) -> None:
    """By record id, and without one by content."""
    run = Run(
        tmp_path, HEADER + "1,a@b.example,,2026-03-02\n,c@d.example,,\n1,,,\n,c@d.example,,\n"
    )
    assert [(problem.line, problem.reason) for problem in run.problems] == [
        (4, "the same record as on line 2"), (5, "the same record as on line 3"),
    ]  # fmt: skip


def test_rows_without_a_date_take_the_nearest(tmp_path: Path) -> None:
    """From above, or the first one of the file; the clock of the machine is never asked."""
    run = Run(tmp_path, HEADER + "1,,,\n2,,,2026-03-02\n3,,,\n4,,,2026-03-01\n")
    assert [line["at"][:10] for line in run.lines] == [
        "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-01",
    ]  # fmt: skip
    assert run.summary.undated == 2
    assert not run.summary.ascending


def test_a_file_without_dates_needs_a_time(tmp_path: Path) -> None:
    """Nothing in it says when; with `at` given all rows get that."""
    with pytest.raises(ConversionError, match="--at"):
        Run(tmp_path, HEADER + "1,,,\n")
    out = io.BytesIO()
    convert(tmp_path / "a.csv", None, out, print, lambda *_: None, at=1_772_442_000_000)
    assert json.loads(out.getvalue())["at"] == "2026-03-02T09:00:00Z"


def test_a_mapping_makes_any_export_readable(tmp_path: Path) -> None:
    """The example file, with a Western encoding, semicolons and German dates."""
    text = (
        "Scan No;Scanned at;Interest;E-Mail;Mobil;Telefon;Vorname;Nachname;Firma;Webseite;Position;"
        "Land;PLZ;Mitarbeiter;Budget;Newsletter;Kundennummer;Halle\n"
        "7;02/03/2026 10:00;Wants a demo;a@b.example;;089 123456;J\u00fcrgen;M\u00fcller;"
        "\u00c4hren AG;https://www.aehren.example;CTO;Deutschland;80331;1.200;10.000,50 \u20ac;ja;"
        "K-1;B3\n"
    )
    mapping = tmp_path / "m.yaml"
    mapping.write_text(EXAMPLE.read_text("utf-8").replace("# encoding:", "encoding:"), "utf-8")
    (line,) = Run(tmp_path, text.encode("cp1252"), mapping).lines
    assert line["at"] == "2026-03-02T09:00:00Z"
    assert line["value"] == {
        "type": "lead.captured",
        "sender": "trade-fair-scanner",
        "event_id": "record-7",
        "occurred_at": "2026-03-02T09:00:00Z",
        "source": "demo_request",
        "lead": {
            "email": "a@b.example", "phone": "089 123456", "first_name": "J\u00fcrgen",
            "last_name": "M\u00fcller", "company": "\u00c4hren AG", "domain": "aehren.example",
            "title": "CTO", "country": "Deutschland", "postal_code": "80331", "employees": 1200,
            "deal_size": 10000.5, "external_ids": {"erp": "K-1"},
            "consent": {"marketing": True, "basis": "visited our stand"}, "language": "de",
            "extra": {"Interest": "Wants a demo", "Halle": "B3"},
        },
    }  # fmt: skip


def test_a_data_loader_export_is_understood(tmp_path: Path) -> None:
    """API names instead of labels; deleted and converted leads stay out."""
    run = Run(
        tmp_path,
        "ID,ISDELETED,LASTNAME,COMPANY,LEADSOURCE,NUMBEROFEMPLOYEES,ISCONVERTED,CREATEDDATE\n"
        "00Q000000000001AAA,false,Lee,Acme,Web,40,false,2026-03-02T09:00:00.000+0000\n"
        "00Q000000000002AAA,true,Berg,Acme,Web,40,false,2026-03-02T09:00:00.000+0000\n"
        "00Q000000000003AAA,false,Novak,Acme,Web,40,true,2026-03-02T09:00:00.000+0000\n",
    )
    assert run.rejected_lines() == (3, 4)
    assert run.lines[0]["value"]["lead"]["employees"] == 40
    assert run.lines[0]["value"]["source"] == "web_form"


def test_a_row_too_large_for_a_message_is_reported(tmp_path: Path) -> None:
    """Intake takes at most 512 KB (design, section 4)."""
    header = ["Record ID", "Contact owner", "Create Date", *(f"c{number}" for number in range(20))]
    cells = ["1", "Sam", "2026-03-02", *["x" * 30_000] * 20]
    run = Run(tmp_path, ",".join(header) + "\n" + ",".join(cells) + "\n")
    assert run.rejected_lines() == (2,)


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    """And never runs backwards."""
    run = Run(tmp_path, hubspot_export(2_000).content)
    size = (tmp_path / "a.csv").stat().st_size
    assert run.progress == sorted(run.progress)
    assert len(run.progress) > 2
    assert run.progress[-1] == (size, size)


@pytest.mark.parametrize(
    "content", ["", "Name,City\nAnn,Oslo\n", "\n\n", "a,b\n1,\0\n", HEADER + "1,,,\n"]
)
def test_a_failed_conversion_leaves_no_output(tmp_path: Path, content: str) -> None:
    """What stood at the target is untouched."""
    source, target = tmp_path / "a.csv", tmp_path / "out.jsonl"
    source.write_text(content)
    target.write_text("before")
    with pytest.raises(ConversionError):
        convert(source, None, target, print, lambda *_: None)
    assert target.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.jsonl"]


def test_an_interrupted_conversion_leaves_no_output(tmp_path: Path) -> None:
    """Ctrl-C at any time."""
    (tmp_path / "a.csv").write_bytes(hubspot_export(1_000).content)

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(tmp_path / "a.csv", None, tmp_path / "o.jsonl", lambda _: None, interrupt)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_a_failure_at_run_time(tmp_path: Path) -> None:
    """Exit code 1, not 2: the input is fine."""
    (tmp_path / "a.csv").write_bytes(hubspot_export(100).content)
    with pytest.raises(OutputError, match="No space left") as error:
        convert(tmp_path / "a.csv", None, Path("/dev/full"), lambda _: None, lambda *_: None)
    assert error.value.exit_code == 1


def test_a_source_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    """Not there, a folder, or the output itself."""
    for source in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ConversionError, match=r"is not there|not a regular file"):
            convert(source, None, io.BytesIO(), print, lambda *_: None)
    (tmp_path / "a.csv").write_text(HEADER)
    with pytest.raises(ConversionError, match="choose another --out"):
        convert(tmp_path / "a.csv", None, tmp_path / "a.csv", print, lambda *_: None)


@pytest.mark.slow
@pytest.mark.parametrize("make", [hubspot_export, salesforce_export])
def test_five_thousand_rows_take_less_than_a_second(
    tmp_path: Path, make: Callable[[], Export]
) -> None:
    """Measured on two cores: a third of a second. The best of three, since others work here too."""
    content = make().content
    durations = []
    for _ in range(3):
        start = time.perf_counter()
        Run(tmp_path, content)
        durations.append(time.perf_counter() - start)
    assert in_time(min(durations), 1)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Sixteen times the rows need no more than a little more; whole files would need megabytes."""
    peaks = []
    for rows in (1_000, 16_000):
        source = tmp_path / f"{rows}.csv"
        source.write_bytes(hubspot_export(rows).content)
        tracemalloc.start()
        convert(source, None, tmp_path / "out.jsonl", lambda _: None, lambda *_: None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # The first file is smaller than the reading and writing buffers of 1 MB each.
    assert peaks[1] - peaks[0] < 5_000_000 < source.stat().st_size
