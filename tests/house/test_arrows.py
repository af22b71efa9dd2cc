"""The arrows between packages, and that the tool which watches them does see a wrong one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checks import PACKAGES, ROOT, sources

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

# What no module of streams may bring into a process. `requests` is not among them: tldextract
# imports it for fetching lists, which we never let it do (its bundled list is used, offline).
IO_LIBRARIES = {
    "aiohttp",
    "aiokafka",
    "confluent_kafka",
    "faust",
    "httpx2",
    "mode",
    "structlog",
    "uvloop",
}

WRONG_ARROWS = [
    ("schemas/wrong.py", "import streams\n", "never the other way"),
    ("streams/wrong.py", "import agents\n", "never the other way"),
    ("streams/wrong.py", "import confluent_kafka\n", "Streams reach no clock"),
    ("streams/wrong.py", "from time import time\n", "Streams reach no clock"),
    ("streams/wrong.py", "from pathlib import Path\n", "Streams reach no clock"),
    ("schemas/record.py", "import socket\n", "Streams reach no clock"),
    ("streams/rules/wrong.py", "import streams.rules.wrong_too\n", "Rules do not know each other"),
    ("streams/rules/wrong.py", "import streams.steps\n", "Rules do not know the steps"),
    ("agents/wrong.py", "from confluent_kafka import Producer\n", "know Kafka's client"),
    ("agents/wrong.py", "import faust\n", "know Faust"),
]


def contracts_broken(folder: Path) -> str:
    """Runs import-linter in a folder and gives its report, empty when all contracts are kept."""
    answer = subprocess.run(
        [str(LINT_IMPORTS), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return "" if answer.returncode == 0 else " ".join((answer.stdout + answer.stderr).split())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the three packages and their contracts, free to break."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_all_arrows_point_the_right_way() -> None:
    """Agents -> streams -> schemas; rules stand alone; the ledger alone knows Kafka."""
    assert contracts_broken(ROOT) == ""


@pytest.mark.parametrize(("path", "line", "contract"), WRONG_ARROWS)
def test_a_wrong_arrow_is_seen(copy: Path, path: str, line: str, contract: str) -> None:
    """Twin: one wrong import breaks the contract that forbids it."""
    (copy / "streams" / "rules" / "wrong_too.py").write_text("", encoding="utf-8")
    with (copy / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}")
    assert contract in contracts_broken(copy).partition("Broken contracts")[2]


def io_libraries_loaded(modules: list[str]) -> list[str]:
    """Imports these modules in a fresh interpreter and names the I/O libraries that came along."""
    script = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(*sorted({IO_LIBRARIES!r} & set(sys.modules)))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


def test_importing_all_of_streams_loads_no_io_library() -> None:
    """What import-linter cannot see: a library that brings an I/O library with it."""
    modules = [
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path, _ in sources("streams")
    ]
    assert io_libraries_loaded(modules) == []


def test_an_io_library_that_comes_along_is_seen() -> None:
    """Twin: a module that brings Kafka's client is found out."""
    assert io_libraries_loaded(["confluent_kafka"]) == ["confluent_kafka"]
