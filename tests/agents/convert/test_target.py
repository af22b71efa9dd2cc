"""The output file."""

import errno
from pathlib import Path

import pytest

from agents.convert.problems import OutputError
from agents.convert.target import replacing


def test_the_target_appears_whole_at_the_end(tmp_path: Path) -> None:
    """Nobody reads half a file."""
    target = tmp_path / "out.jsonl"
    with replacing(target) as stream:
        stream.write(b"one\n")
        assert not target.exists()
    assert target.read_bytes() == b"one\n"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "interruption", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left")]
)
def test_an_interruption_leaves_what_was_there(tmp_path: Path, interruption: BaseException) -> None:
    """Ctrl-C and a full disk leave no half file and no rest."""
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"before\n")

    def write_half() -> None:
        with replacing(target) as stream:
            stream.write(b"half")
            raise interruption

    with pytest.raises((KeyboardInterrupt, OutputError)):
        write_half()
    assert target.read_bytes() == b"before\n"
    assert list(tmp_path.iterdir()) == [target]


def test_the_permissions_of_a_replaced_file_stay(tmp_path: Path) -> None:
    """The file may hold personal data and be closed to others."""
    target = tmp_path / "out.jsonl"
    target.touch(mode=0o600)
    with replacing(target):
        pass
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_keeps_pointing_to_its_file(tmp_path: Path) -> None:
    """The file behind it is replaced, not the link."""
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to("real")
    with replacing(tmp_path / "link") as stream:
        stream.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["none/out.jsonl", "."])
def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path, name: str) -> None:
    """A folder that is not there, or a folder as target."""
    with pytest.raises(OutputError, match="cannot write"), replacing(tmp_path / name):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_device_is_a_sentence() -> None:
    """The error comes only when the buffer is flushed."""
    with pytest.raises(OutputError, match="No space left"), replacing(Path("/dev/full")) as stream:
        stream.write(b"x")
