"""The one place that knows the wall clock."""

import time


def wall_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def steady_s() -> float:
    """Seconds of a clock that never goes back, for measuring spans."""
    return time.monotonic()
