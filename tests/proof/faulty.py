"""Starts workers of the whole pipeline in which one thing goes wrong."""

import sys
from pathlib import Path

from tests.agents.ledger.faulty_agents import FAULT
from tests.proof.running import Pipeline

FAULTY = (sys.executable, str(Path(__file__).with_name("faulty_worker.py")), "worker")


def start_faulty(pipeline: Pipeline, name: str, fault: str, **more: str) -> None:
    """Starts a worker with a fault by its name; `more`: what else the fault is told."""
    pipeline.start(name, command=FAULTY, **{FAULT: fault}, **more)
