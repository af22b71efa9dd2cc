"""Prometheus' own checker for rules: `promtool` from the PATH, else out of Debian's package.

Nothing is installed: the package is downloaded by the machine's own apt settings and unpacked into
`.cache/promtool`. Where it cannot be had (no apt, no network) its tests are skipped with the
reason; under CI=true they fail.
"""

import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.kafka_jars import ROOT

FOLDER = ROOT / ".cache" / "promtool"
PROGRAM = FOLDER / "usr" / "bin" / "promtool"
FETCH_S = 120


class PromtoolUnavailableError(Exception):
    """This machine has no promtool and cannot get it; the text says what to install."""


@cache
def promtool() -> Path:
    """The program; the first call may fetch it.

    Raises:
        PromtoolUnavailableError: it is not there and cannot be had.
        RuntimeError: it could be had and cannot be unpacked.
    """
    installed = shutil.which("promtool")
    if installed is not None:
        return Path(installed)
    if not PROGRAM.is_file():
        _fetch()
    return PROGRAM


def _fetch() -> None:
    """Unpacks beside its place and renames, so that nobody sees a half-filled folder."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise PromtoolUnavailableError("promtool is not installed, and there is no apt to get it.")
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as scratch:
        folder = Path(scratch)
        package = _downloaded(folder)
        fresh = folder / "unpacked"
        unpacked = subprocess.run(["dpkg", "-x", str(package), str(fresh)], check=False)
        if unpacked.returncode != 0 or not (fresh / PROGRAM.relative_to(FOLDER)).is_file():
            raise RuntimeError(f"dpkg could not unpack promtool out of {package.name}")
        if not FOLDER.is_dir():
            fresh.rename(FOLDER)


def _downloaded(folder: Path) -> Path:
    """The package; with lists of packages of our own where the machine's are empty."""
    print("Fetching promtool from Debian's package (about 19 MB, once) ...", file=sys.stderr)
    lists = ("-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache")
    _apt(folder, "download", "prometheus")
    if not list(folder.glob("*.deb")):
        for needed in ("lists/partial", "cache/archives/partial"):
            (folder / needed).mkdir(parents=True)
        _apt(folder, *lists, "update")
        _apt(folder, *lists, "download", "prometheus")
    packages = list(folder.glob("*.deb"))
    if not packages:
        raise PromtoolUnavailableError(
            "promtool is not installed, and apt could not download the package prometheus."
        )
    return packages[0]


def _apt(folder: Path, *arguments: str) -> None:
    """Whether it worked is seen by what it left."""
    subprocess.run(
        ["apt-get", "-qq", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=FETCH_S,
        check=False,
    )


def run(*arguments: str | Path) -> tuple[int, str]:
    """Exit code and all that it says. Raises as `promtool` does."""
    done = subprocess.run(
        [str(promtool()), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr
