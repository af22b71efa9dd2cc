"""How slow this machine is just now: limits in seconds hold for a quiet one and grow with it.

A limit says something about the product only where the machine is known. So each is multiplied by
how much longer than there one fixed piece of work takes, measured at that moment: starting an
interpreter and importing the worker, which is files, memory and plain Python. A product that gets
slower beside that work still fails.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

QUIET_S = 1.0
"""What the work takes on the two quiet cores on which the limits were set."""
T = TypeVar("T")
WORK = (sys.executable, "-c", "import agents.worker")


def slowness() -> float:
    """How many times slower than on the quiet machine work is now; never less than 1."""
    return max(1.0, statistics.median(_work_s() for _ in range(3)) / QUIET_S)


def in_time(took_s: float, limit_s: float) -> bool:
    """Whether something took less than its limit; the machine is looked at only if it did not."""
    return took_s < limit_s or took_s < limit_s * slowness()


def slowness_during(call: Callable[[], T]) -> tuple[float, T]:
    """How many times slower work was while a call was made, which may be over soon; its result."""
    with ThreadPoolExecutor(1) as beside:
        work_s = beside.submit(_work_s)
        result = call()
        return max(1.0, work_s.result() / QUIET_S), result


def _work_s() -> float:
    began = time.perf_counter()
    subprocess.run(WORK, check=True)
    return time.perf_counter() - began
