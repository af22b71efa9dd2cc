"""Stable names for workers without one of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from agents.leaving import StayDown
from agents.ledger.instance import SLOTS, Slot
from tests.kafka_jars import ROOT

HOLD = """
import sys
from pathlib import Path
from agents.ledger.instance import Slot
slot = Slot(Path(sys.argv[1]), sys.argv[2])
print(slot.name, flush=True)
sys.stdin.read()
"""


def holder(folder: Path, agents: str = "route") -> tuple[subprocess.Popen[str], str]:
    """A process that holds a slot, and the name it got."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), agents],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    """Kills it as nobody expects."""
    process.kill()
    process.communicate()


def test_two_processes_have_two_names_and_a_kill_frees_one(tmp_path: Path) -> None:
    """The lock is the kernel's: after kill -9 the restart gets the same name at once."""
    first, one = holder(tmp_path)
    second, two = holder(tmp_path)
    end(first)
    again, three = holder(tmp_path)
    for process in (second, again):
        end(process)
    assert one != two
    assert three == one


def test_workers_of_other_agents_have_other_names(tmp_path: Path) -> None:
    """A worker of all agents and one of a single agent must not fence each other."""
    with Slot(tmp_path, "intake-route") as both, Slot(tmp_path, "route") as one:
        assert both.name != one.name


def test_a_slot_is_free_again_after_its_block(tmp_path: Path) -> None:
    """In one process, too."""
    with Slot(tmp_path, "route") as slot:
        name = slot.name
    with Slot(tmp_path, "route") as slot:
        assert slot.name == name


def test_a_folder_that_cannot_be_made_is_told_with_a_remedy(tmp_path: Path) -> None:
    """Stay down: no restart mends it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StayDown, match="set LEADSTREAM_DATA"):
        Slot(tmp_path / "file" / "data", "route")


def test_no_slot_left_is_told_with_a_remedy(tmp_path: Path) -> None:
    """More workers on a host than anybody runs."""
    held = [Slot(tmp_path, "route") for _ in range(SLOTS)]
    with pytest.raises(StayDown, match="set LEADSTREAM_INSTANCE"):
        Slot(tmp_path, "route")
    for slot in held:
        slot.__exit__(None, None, None)
