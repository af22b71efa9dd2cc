"""With more workers, each a process with all agents, on one broker."""

from collections.abc import Sequence

from agents.bench.course import WORKER
from agents.bench.running import Plan, measure
from agents.settings import Kafka
from tests.growth.figure import Figure

RATE, SECONDS, BACKLOG = 100, 10, 10_000


def figure(kafka: Kafka, workers: int) -> Figure:
    """Raw lead to place, with so many workers."""
    return Figure(workers, measured(kafka, workers, WORKER))


def measured(kafka: Kafka, workers: int, command: Sequence[str]) -> dict[str, float]:
    """At an even rate, and through a backlog; a worker is started by `command`.

    Raises as `agents.bench.running.measure`, and `ValueError` where the system tells no CPU times.
    """
    plan = Plan(rates=(RATE,), seconds=SECONDS, backlog=BACKLOG, workers=workers)
    result = measure(kafka, plan, lambda _sentence: None, command)
    at_rate, backlog = result.at_rates[0], result.backlog
    if backlog is None or at_rate.cpu_ms_a_lead is None or result.memory_mb is None:
        raise ValueError("this system tells no CPU times of processes")
    return {
        f"half within at {RATE}/s, ms": at_rate.p50_ms,
        "99 % within, ms": at_rate.p99_ms,
        "CPU a lead, ms": at_rate.cpu_ms_a_lead,
        "backlog, leads/s": backlog.leads_a_second,
        "memory of the largest, MB": result.memory_mb,
    }
