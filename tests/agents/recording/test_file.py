"""The file of a recording: its owner's only, whole or not there, and nothing else is one."""

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.kafka.scan import Found
from agents.ledger.trace import CAUSE
from agents.recording.file import FORMAT, About, BadRecording, Schemas, opened, written

SHARE = ("accounts.inbox", 3)
CAUSED = Found(*SHARE, 4, 1_000, b"home", b"\x00value", ((CAUSE, b"identity.inbox/0/7"),))
BARE = Found(*SHARE, 5, 1_001, None, b"")


def filled(target: Path) -> Path:
    """A recording with two records, of which one names its cause."""
    with written(target) as writing:
        writing.begin(About("check", framed=True), {SHARE: 5, ("policy", 0): 0})
        writing.add([CAUSED, BARE])
        writing.note_schemas(Schemas({9: "{}"}, {("accounts.inbox", "Tick"): 9}))
    return target


def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    """Bytes, keys that are none, headers, times; what caused what; how far a stage was."""
    with opened(filled(tmp_path / "a")) as recording:
        assert recording.about == About("check", framed=True)
        assert recording.partitions("accounts.inbox") == {3: 5}
        assert list(recording.records(SHARE, 9)) == [CAUSED, BARE]
        assert list(recording.records(SHARE, 5)) == [CAUSED]
        assert list(recording.caused(("identity.inbox", 0), 8)) == [(7, CAUSED)]
        assert list(recording.caused(("identity.inbox", 0), 7)) == []
        assert recording.uncaused("accounts.inbox") == BARE
        assert recording.count(SHARE, 5) == (1, 1)
        assert (recording.schema(9), recording.schema(8)) == ("{}", None)
        assert recording.schema_id("accounts.inbox", "Tick") == 9
        assert recording.schema_id("identity.inbox", "Tick") is None


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Persons' data is in it: also while it is written."""
    with written(tmp_path / "a") as writing:
        (partial,) = tmp_path.iterdir()
        assert stat.S_IMODE(partial.stat().st_mode) == 0o600
        writing.begin(About(None, framed=False), {})
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_what_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither a half file nor a hidden one."""

    def interrupted() -> None:
        with written(tmp_path / "a") as writing:
            writing.add([CAUSED])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_failure_of_the_file(tmp_path: Path) -> None:
    """SQLite's word for it becomes one that names the file."""
    with pytest.raises(OSError, match="full") as failed, written(tmp_path / "a"):
        raise sqlite3.OperationalError("database or disk is full")
    assert failed.value.filename == str(tmp_path / "a")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """What stands there may be the only recording of that day."""
    filled(tmp_path / "a")
    with pytest.raises(BadRecording, match="there already"), written(tmp_path / "a"):
        pass
    with opened(tmp_path / "a") as recording:
        assert recording.count(SHARE, 9) == (2, 0)


def other_form(target: Path) -> None:
    """A recording of a later program."""
    filled(target)
    connection = sqlite3.connect(target)
    connection.execute(f"pragma user_version = {FORMAT + 1}")
    connection.close()


def other_database(target: Path) -> None:
    """Somebody else's SQLite file."""
    connection = sqlite3.connect(target)
    connection.execute("create table records (topic text)")
    connection.close()


def damaged(target: Path) -> None:
    """A recording that was cut off."""
    target.write_bytes(filled(target.with_name("whole")).read_bytes()[:5_000])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (Path.absolute, "is not there"),
        (Path.mkdir, "is not there"),
        (lambda target: target.write_bytes(b"topic,offset\n" * 100), "cannot be read"),
        (lambda target: target.write_bytes(b""), "no recording"),
        (other_database, "no recording"),
        (other_form, "replay it with the program that recorded it"),
        (damaged, "cannot be read"),
    ],
)
def test_what_is_no_recording_is_said_to_be_none(
    make: Callable[[Path], object], sentence: str, tmp_path: Path
) -> None:
    """In a sentence with the file's name."""
    make(tmp_path / "file")
    with pytest.raises(BadRecording, match=sentence), opened(tmp_path / "file") as recording:
        list(recording.records(SHARE, 9))
