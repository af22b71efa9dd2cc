"""The real command as a process of its own, as a user starts it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
POLICY = ROOT / "deploy" / "policies" / "default.yaml"
COMMAND = (sys.executable, "-m", "agents.command_line.main")
NOBODY = "127.0.0.1:1"
"""A port where no broker listens."""
ASCII = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale whose encoding is ASCII, which Python would otherwise take for UTF-8."""
HERE = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
ELSEWHERE = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", **ASCII},
]
"""Other machines: nothing of them may matter to what is written."""


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    def said(self) -> list[str]:
        """The sentences on stderr."""
        return self.err.splitlines()


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without settings of this machine, the working directory's `.env` apart."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("LEADSTREAM_")}
    return {**kept, "PYTHONPATH": str(ROOT), "LEADSTREAM_BROKER": NOBODY, **(variables or {})}


def command(
    folder: Path,
    *arguments: str | Path,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
    program: Sequence[str] = COMMAND,
) -> Ran:
    """Runs `leadstream` in a folder to its end, with these variables in its environment."""
    done = subprocess.run(
        (*program, *map(str, arguments)),
        cwd=folder,
        env=environment(variables),
        input=stdin,
        capture_output=True,
        timeout=90,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
