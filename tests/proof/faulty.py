"""Starts workers of the whole pipeline in which one thing goes wrong, and waits for what comes."""

import sys
import time
from pathlib import Path

from tests.agents.ledger.faulty_agents import FAULT
from tests.agents.ledger.faulty_commits import STAGE
from tests.proof.load import Load
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

AT_ROUTE = {STAGE: "route"}
"""Whose commit it is: that with the rotations and everybody's capacity."""
FAULTY = (sys.executable, str(Path(__file__).with_name("faulty_worker.py")), "worker")


def start_faulty(pipeline: Pipeline, name: str, fault: str, **more: str) -> None:
    """Starts a worker with a fault by its name; `more`: what else the fault is told."""
    pipeline.start(name, command=FAULTY, **{FAULT: fault}, **more)


def back(pipeline: Pipeline, name: str) -> None:
    """Starts a worker again, without its fault; returns once it has decided something."""
    restarted = time.time()
    pipeline.start(name)
    pipeline.wait_for_batch(name, restarted)


def settled(pipeline: Pipeline, load: Load, places: Places) -> list[str]:
    """What the oracle finds when everything that was sent came out and the workers have ended."""
    load.finish(places)
    pipeline.stop()
    return findings(load.sent, read(pipeline.kafka))
