"""Where promtool comes from, and what becomes of its tests where it cannot be had."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import promtool
from tests.promtool import PromtoolUnavailableError

Programs = Callable[[str, str], None]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """A machine that has only the programs that a test puts there, and an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(promtool, "FOLDER", tmp_path / "cache" / "promtool")
    monkeypatch.setattr(promtool, "PROGRAM", tmp_path / "cache" / "promtool" / "usr/bin/promtool")
    promtool.promtool.cache_clear()
    monkeypatch.setattr(promtool, "promtool", promtool.promtool.__wrapped__)

    def put(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        (folder / name).chmod(0o755)

    return put


DOWNLOADS = 'case "$*" in *download*) echo package > prometheus_1.deb;; esac'
ONLY_AFTER_UPDATE = """
case "$*" in
  *Dir::State::lists*update) test -d lists/partial && touch lists/known;;
  *Dir::State::lists*download*) test -f lists/known && echo package > prometheus_1.deb;;
esac
"""
UNPACKS = 'mkdir -p "$3/usr/bin" && echo program > "$3/usr/bin/promtool"'


def test_one_that_is_installed_is_taken(programs: Programs, tmp_path: Path) -> None:
    """Nothing is fetched."""
    programs("promtool", "exit 0")
    assert promtool.promtool() == tmp_path / "bin" / "promtool"


def test_without_apt_it_cannot_be_had(programs: Programs) -> None:
    """On another system its tests are skipped, with this sentence; in CI they fail."""
    programs("dpkg", "exit 0")
    with pytest.raises(PromtoolUnavailableError, match="there is no apt to get it"):
        promtool.promtool()


def test_where_apt_brings_nothing_it_cannot_be_had(programs: Programs) -> None:
    """No network, or a system that does not have the package."""
    programs("apt-get", "exit 100")
    programs("dpkg", UNPACKS)
    with pytest.raises(PromtoolUnavailableError, match="apt could not download"):
        promtool.promtool()


@pytest.mark.parametrize("apt", [DOWNLOADS, ONLY_AFTER_UPDATE])
def test_the_package_is_downloaded_and_unpacked(
    programs: Programs, apt: str, tmp_path: Path
) -> None:
    """Where the machine's lists of packages are empty, by lists of our own."""
    programs("apt-get", apt)
    programs("dpkg", UNPACKS)
    assert promtool.promtool().read_text() == "program\n"
    assert [one.name for one in (tmp_path / "cache").iterdir()] == ["promtool"]


def test_a_package_that_cannot_be_unpacked_is_an_error(programs: Programs) -> None:
    """It could be had: its tests may not be skipped."""
    programs("apt-get", DOWNLOADS)
    programs("dpkg", "exit 2")
    with pytest.raises(RuntimeError, match=r"could not unpack promtool out of prometheus_1\.deb"):
        promtool.promtool()
