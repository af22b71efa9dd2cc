"""A bench's workers: that one has ended is told with what it said last."""

import time
from pathlib import Path

import pytest

from agents.bench.course import Course, WorkerEnded
from agents.settings import Kafka


def test_a_worker_that_ends_by_itself_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of waiting for leads that nobody decides; the sentence says how to mend it."""
    monkeypatch.setenv("LEADSTREAM_LOG_LEVEL", "loud")
    course = Course(Kafka(prefix="bench-"), tmp_path)
    course.start(1)
    try:
        with pytest.raises(WorkerEnded, match=r"exit code 2: .*LEADSTREAM_LOG_LEVEL"):
            _until_ended(course)
    finally:
        course.stop()


def _until_ended(course: Course) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        course.refuse_ended()
        time.sleep(0.05)
