"""The way out when the state in memory can no longer be trusted: exit codes for a supervisor."""

import os
import sys
import traceback
from typing import NoReturn

RESTART = 70
"""Restart me: another start is likely to succeed."""
STAY_DOWN = 78
"""Do not restart me: another worker has my name, partitions are wrong, a right is missing."""

WITHOUT_PERSONS = frozenset({"agents", "cimpl"})
"""Modules whose errors speak of topics, partitions and settings: ours, and Kafka's client's."""


class StayDown(Exception):
    """A worker that must not be restarted as it is: the message says what to do."""


def leave(code: int, sentence: str) -> NoReturn:
    """Ends the process at once, without closing clients: restore decides what was committed.

    A normal exit could hang in a client that has lost its partitions, or commit in passing.
    """
    import structlog  # noqa: PLC0415 - takes 0.2 s, which no command's start should wait for

    try:
        structlog.get_logger("leadstream").critical("leaving", exit_code=code, why=sentence)
        sys.stderr.write(f"leadstream: {sentence}\n")
        sys.stderr.flush()
        sys.stdout.flush()
    finally:  # even where nobody reads stderr any more: staying would be worse than silence
        os._exit(code)


def leave_for_error(place: str, error: Exception) -> NoReturn:
    """Ends the process for an exception; code 78 where a restart cannot help."""
    if isinstance(error, StayDown):
        leave(STAY_DOWN, str(error))
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name} line {frames[-1].lineno}" if frames else place
    leave(RESTART, f"{place} failed in {where} ({_told(error)}), restart")


def _told(error: Exception) -> str:
    """The error's type; its text only where we know that it holds nobody's data."""
    kind = type(error)
    known = kind.__module__.partition(".")[0] in WITHOUT_PERSONS
    return f"{kind.__name__}: {error}" if known else kind.__name__
