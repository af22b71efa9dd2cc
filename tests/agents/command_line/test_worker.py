"""`worker` as a process: waits for a policy, decides, stops cleanly."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.agents.command_line.process import COMMAND, POLICY, command, environment
from tests.agents.command_line.samples import captured, text
from tests.broker import Broker


@contextmanager
def running(folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with all agents; killed if the test leaves it running."""
    with subprocess.Popen(
        (*COMMAND, "worker"),
        cwd=folder,
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[bytes], word: bytes) -> bytes:
    """The first log line with a word in it; an ended worker gives an empty one."""
    assert process.stderr is not None
    return next((line for line in process.stderr if word in line), b"")


@pytest.fixture
def settings(broker: Broker, tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings for topics of the test's own, which are there."""
    found = {
        "LEADSTREAM_BROKER": broker.bootstrap,
        "LEADSTREAM_PREFIX": f"{request.node.name[:40]}.",
        "LEADSTREAM_SECRET": "a secret of the test",
    }
    assert command(tmp_path, "topics", "create", variables=found).code == 0
    return found


def test_a_worker_that_waits_for_its_first_policy_can_be_stopped(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    """It says what it waits for; SIGTERM is a clean stop, exit code 0."""
    with running(tmp_path, settings) as process:
        assert b"leadstream policy publish" in said(process, b"waiting for the first policy")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


@pytest.mark.slow
def test_leads_that_are_produced_are_decided_and_ctrl_c_stops_cleanly(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    """The way of a user: publish, produce, worker, explain, Ctrl-C; no personal data in the log."""
    (tmp_path / "events").write_bytes(text(captured(1, lead_id="lead-1")))
    assert command(tmp_path, "policy", "publish", POLICY, variables=settings).code == 0
    assert command(tmp_path, "produce", "events", variables=settings).code == 0
    with running(tmp_path, settings) as process:
        line = said(process, b'"assignments.rep"')
        assert json.loads(line)["lead_id"] == "lead-1"
        assert b"firm1.example" not in line
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        rest = process.stderr.read()
        assert process.wait(timeout=20) == 0
        assert b"Traceback" not in rest
    told = command(tmp_path, "explain", "lead-1", variables=settings)
    assert "Given to " in told.out
