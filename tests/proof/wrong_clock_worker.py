"""A worker on a machine whose clock is so many hours ahead of the broker's, or behind it."""

import importlib
import os

from agents import clock

HOURS_AHEAD = "LEADSTREAM_HOURS_AHEAD"
HOUR_MS = 3_600_000
wall_ms = clock.wall_ms


def wrong_ms() -> int:
    """What this machine takes for now."""
    return wall_ms() + int(os.environ[HOURS_AHEAD]) * HOUR_MS


if __name__ == "__main__":
    setattr(clock, "wall_ms", wrong_ms)  # noqa: B010 - a wrong clock is the purpose
    importlib.import_module("agents.command_line.main").main()  # whose modules take that one
