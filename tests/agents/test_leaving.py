"""The way out: exit codes that a supervisor understands, and one sentence."""

import subprocess
import sys

import pytest

from tests.kafka_jars import ROOT

HEAD = """
import asyncio, sys
from agents.guard import attempt, or_leave, or_leave_async
from agents.leaving import RESTART, STAY_DOWN, StayDown, leave
"""


def run(body: str, *, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Runs a few lines in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", HEAD + body],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("leave(RESTART, 'why')", 70),
        ("leave(STAY_DOWN, 'why')", 78),
        ("or_leave(lambda: 1 / 0)()", 70),
        ("def down():\n    raise StayDown('why')\nor_leave(down)()", 78),
        ("async def down():\n    raise StayDown('why')\nasyncio.run(or_leave_async(down)())", 78),
        ("or_leave(lambda: None)()", 0),
    ],
)
def test_the_exit_code_tells_whether_a_restart_helps(body: str, code: int) -> None:
    """70: restart me; 78: do not."""
    assert run(body).returncode == code


def test_nothing_behind_the_exit_runs() -> None:
    """No finally, no atexit: closing a client in passing could commit."""
    answer = run("try:\n    leave(RESTART, 'why')\nfinally:\n    print('still here')")
    assert (answer.returncode, "still here" in answer.stdout) == (70, False)


def test_an_error_is_a_sentence_without_traceback() -> None:
    """What, where, what now."""
    answer = run("or_leave(lambda: 1 / 0)()")
    assert "Traceback" not in answer.stderr
    assert "leadstream: <lambda> failed" in answer.stderr
    assert "ZeroDivisionError" in answer.stderr
    assert answer.stderr.rstrip().endswith("restart")


PERSON = "anna@firm.example"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (f"KeyError('{PERSON}')", "KeyError"),
        (f"ValueError('cannot read {PERSON}')", "ValueError"),
        (f"UnicodeDecodeError('utf-8', b'{PERSON}', 0, 1, 'why')", "UnicodeDecodeError"),
    ],
)
def test_the_text_of_a_foreign_error_is_not_told(error: str, told: str) -> None:
    """Personal data only in message values: type and place say where to look."""
    answer = run(f"def broken():\n    raise {error}\nor_leave(broken)()")
    assert f"broken failed in broken line 6 ({told}), restart" in answer.stderr
    assert "anna" not in answer.stderr


@pytest.mark.parametrize(
    ("imported", "error", "told"),
    [
        ("agents.kafka.policies import PolicyMissing", "PolicyMissing('v 3')", "v 3"),
        (
            "confluent_kafka import KafkaError, KafkaException",
            "KafkaException(KafkaError(-195))",
            "_TRANSPORT",
        ),
    ],
)
def test_our_own_errors_and_kafka_s_are_told_in_full(imported: str, error: str, told: str) -> None:
    """They name topics and settings: what to do must not be lost with the rest."""
    answer = run(f"from {imported}\ndef broken():\n    raise {error}\nor_leave(broken)()")
    assert told in answer.stderr


def test_it_leaves_even_where_nobody_reads_what_it_says() -> None:
    """A closed stderr must not keep a worker with untrusted state alive."""
    assert run("import os\nos.close(2)\nos.close(1)\nleave(STAY_DOWN, 'why')").returncode == 78
