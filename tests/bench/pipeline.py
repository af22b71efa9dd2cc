"""The pipeline beside bare transactions, on one broker in turn: `python -m tests.bench.pipeline`.

Both take the same raw leads over the same four hops to `leads.lifecycle`, with the same topics and
client settings; the bare loop (`tests/bare_loop.py`) sends and stores as many bytes and decides
nothing. Ours exports the spans of one lead in a hundred, to a receiver in a process of its own.
Medians over the rounds; the broker has run for a while, on the same cores.
"""

import os
import sys
from collections.abc import Callable, Sequence
from statistics import median

from agents.bench.course import WORKER
from agents.bench.running import Plan, Result, measure
from agents.settings import Kafka
from tests.bench.tracing import receiver_apart
from tests.broker import running_broker
from tests.warm_broker import warm

ROUNDS = 2
PLAN = Plan(rates=(100, 1_000), seconds=10, backlog=10_000)
BARE = (sys.executable, "-m", "tests.bare_loop")


def main() -> None:
    """Prints each figure of both and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours: list[Result] = []
    bare: list[Result] = []
    with running_broker(quick=False) as broker, receiver_apart() as endpoint:
        os.environ["LEADSTREAM_OTLP_ENDPOINT"] = endpoint
        kafka = Kafka(broker=broker.bootstrap)
        warm(kafka)
        for number in range(rounds):
            ours.append(measure(kafka, PLAN, _say(f"{number + 1} leadstream"), WORKER))
            bare.append(measure(kafka, PLAN, _say(f"{number + 1} bare"), BARE))
    print(ours[0].machine)
    for number, rate in enumerate(PLAN.rates):
        for name in ("p50_ms", "p99_ms", "cpu_ms_a_lead"):
            _compare(f"{rate} a second, {name}", *_both(ours, bare, number, name))
    backlogs = [[each.backlog for each in side if each.backlog] for side in (ours, bare)]
    for name in ("seconds", "cpu_ms_a_lead"):
        sides = ([float(getattr(each, name)) for each in side] for side in backlogs)
        _compare(f"backlog of {PLAN.backlog}, {name}", *sides)
    _compare("memory, MB", *([each.memory_mb or 0.0 for each in side] for side in (ours, bare)))


def _both(
    ours: Sequence[Result], bare: Sequence[Result], number: int, name: str
) -> tuple[list[float], list[float]]:
    first, second = (
        [float(getattr(each.at_rates[number], name)) for each in side] for side in (ours, bare)
    )
    return first, second


def _compare(what: str, ours: Sequence[float], bare: Sequence[float]) -> None:
    first, second = median(ours), median(bare)
    print(f"{what}: leadstream {first:.2f}, bare {second:.2f}, ratio {first / second:.2f}")


def _say(name: str) -> Callable[[str], None]:
    return lambda sentence: print(f"round {name}: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    main()
