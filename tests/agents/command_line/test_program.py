"""The commands as a whole: which there are, how they explain themselves, how fast they start."""

import json
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from cyclopts import App

from agents.command_line.convert import time_of
from agents.command_line.ending import Ended, Ending, Failed, Refused, ending_of
from agents.command_line.program import program
from agents.command_line.running import run
from agents.convert.problems import ConversionError, OutputError
from agents.leaving import StayDown
from tests.agents.command_line.process import COMMAND, POLICY, command, environment

COMMANDS = (
    ("bench",),
    ("convert",),
    ("deadletters", "list"),
    ("deadletters", "replay"),
    ("deadletters", "show"),
    ("demo",),
    ("explain",),
    ("fairness",),
    ("import",),
    ("policy", "check"),
    ("policy", "diff"),
    ("policy", "publish"),
    ("policy", "schema"),
    ("policy", "shadow"),
    ("policy", "show"),
    ("preview",),
    ("produce",),
    ("record",),
    ("replay",),
    ("reroute",),
    ("simulate",),
    ("topics", "check"),
    ("topics", "create"),
    ("topics", "list"),
    ("topics", "rights"),
    ("topics", "skip"),
    ("trace",),
    ("worker",),
)
HEAVY = ("confluent_kafka", "faust", "holidays", "pycountry", "pydantic", "structlog", "tldextract")


def names(app: App) -> list[str]:
    """The commands of an app, its flags left out."""
    return sorted(name for name in app if not name.startswith("-"))


def test_there_are_exactly_the_commands_of_this_issue() -> None:
    """Commands of later issues are not there at all: no stubs."""
    app = program()
    groups = {name: names(app[name]) for name in names(app)}
    found = [(name, each) for name, inner in groups.items() for each in inner]
    single = [(name,) for name, inner in groups.items() if not inner]
    assert sorted([*found, *single]) == sorted(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` says what a command does, what it takes and how it is called."""
    assert run([*words, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Usage: leadstream {' '.join(words)}" in shown
    assert "Example: " in shown


def test_help_starts_without_what_only_commands_need(tmp_path: Path) -> None:
    """`leadstream --help` answers at once: nothing heavy is imported for it."""
    done = subprocess.run(
        (COMMAND[0], "-X", "importtime", *COMMAND[1:], "--help"),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "agents.command_line.program" in imported
    assert imported.isdisjoint(HEAVY)


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """`leadstream --version`."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == metadata.version("leadstream")


def test_topics_list_shows_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    """`topics list` needs no broker; --json is one object on one line."""
    assert run(["topics", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    by_name = {topic["name"]: topic for topic in found["topics"]}
    assert by_name["accounts.inbox"]["partitions"] == 8
    assert run(["topics", "list"]) == 0
    assert "timestamps" in capsys.readouterr().out


def test_a_good_policy_is_said_to_be_good(capsys: pytest.CaptureFixture[str]) -> None:
    """`policy check` of the default policy, and its schema."""
    assert run(["policy", "check", str(POLICY), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert run(["policy", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["teams"]


def test_convert_reports_rows_and_counts(tmp_path: Path) -> None:
    """`convert`: rows left out on stderr without anybody's data; lines or file; a summary."""
    header = "Record ID,Email,First Name,Phone Number,Create Date"
    rows = (
        "1,anna@firm.example,Anna,,2026-03-02 09:00",
        "1,bob@firm.example,Bob,,2026-03-02 09:00",
    )
    (tmp_path / "e.csv").write_text("\n".join((header, *rows)) + "\n")
    at = ("--at", "2026-03-02T09:00:00Z")
    ran = command(tmp_path, "convert", "e.csv", *at, "--out", "out", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["rows"] == 2
    assert "e.csv, line 3" in ran.err
    assert "Bob" not in ran.err
    piped = command(tmp_path, "convert", "e.csv", *at)
    assert piped.out == (tmp_path / "out").read_text()


@pytest.mark.parametrize(
    ("error", "code", "part"),
    [
        (Failed("why"), 1, "why"),
        (Refused("one", "two"), 2, "one"),
        (StayDown("down"), 1, "down"),
        (ConversionError("row"), 2, "row"),
        (OutputError("disk"), 1, "disk"),
        (OSError(28, "No space left on device"), 1, "No space left"),
        (OSError(13, "Permission denied", "file"), 1, "file: Permission denied"),
        (KeyError("anna@firm.example"), 1, "unexpected KeyError"),
    ],
)
def test_every_failure_has_a_code_and_a_sentence(error: Exception, code: int, part: str) -> None:
    """A mistake of ours is named by its kind; its message may hold somebody's data."""
    ending = ending_of(error)
    assert ending.code == code
    assert part in ending.sentences[0]
    assert "anna" not in ending.sentences[0]


def test_a_broken_pipe_is_silent() -> None:
    """Also where a command has given it another name."""
    wrapped = OutputError("cannot write")
    wrapped.__cause__ = BrokenPipeError()
    assert ending_of(BrokenPipeError()) == ending_of(wrapped) == Ending(0, ())


def test_an_option_s_time_is_checked() -> None:
    """The option is named, in words of the time rule."""
    assert time_of("--at", "1970-01-01T00:00:01Z") == 1000
    with pytest.raises(Ended, match="--at: time must be RFC 3339"):
        time_of("--at", "soon")
