"""A Python that has Quix Streams: `LEADSTREAM_QUIX_PYTHON`, or one made in `.cache/quix`.

Quix Streams pins another confluent-kafka than ours, so it cannot share our environment.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.kafka_jars import ROOT

SETTING = "LEADSTREAM_QUIX_PYTHON"
VERSION = "3.28.1"
FOLDER = ROOT / ".cache" / "quix"
PYTHON = FOLDER / "bin" / "python"
DONE = FOLDER / VERSION
"""Is there once everything is installed."""


class QuixUnavailableError(Exception):
    """This machine cannot get Quix Streams; the text says why."""


def quix_python() -> Path:
    """The interpreter; the first call may install. Raises `QuixUnavailableError`."""
    given = os.environ.get(SETTING)
    if given:
        return Path(given)
    if not DONE.exists():
        print(f"Installing Quix Streams {VERSION} into .cache/quix (once) ...", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", str(FOLDER))
        _run(str(PYTHON), "-m", "pip", "install", "--quiet", f"quixstreams=={VERSION}")
        DONE.touch()
    return PYTHON


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise QuixUnavailableError(f"Quix Streams {VERSION} cannot be installed: {last}")
