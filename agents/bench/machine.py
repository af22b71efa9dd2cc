"""What a figure was measured on, and what a process has used of it."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

PROC = Path("/proc")
_USER, _SYSTEM = 11, 12
"""Places of the CPU times in `/proc/<pid>/stat`, counted behind the name."""


def description() -> dict[str, Any]:
    """The machine and the versions that matter, without its name or address."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "confluent_kafka": version("confluent-kafka"),
    }


def _cpu() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = (PROC / "cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def cpu_s(pid: int) -> float | None:
    """Seconds of CPU that a process has used; None where the system does not tell."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float | None:
    """Resident memory of a process in MB; None where the system does not tell."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    sizes = (int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS:"))
    return next(sizes, None)
