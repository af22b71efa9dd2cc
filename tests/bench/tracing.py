"""What tracing costs: `python -m tests.bench.tracing [LEADS [ROUNDS]]`.

Two pipelines take the same leads through intake, identify, qualify and route, codec and headers
included: one traces nothing, the other one lead in a hundred, or every lead. They take turns batch
by batch, so that whatever else runs here slows both down. Each batch goes to a tracer, whose
exporter sends to a receiver in another process; the CPU time of the exporter's thread counts as the
tracing pipeline's. There is no broker, whose client would take half as much again: the share of
tracing in a worker's time is smaller.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import NamedTuple

from agents.ledger.trace import bound_of
from agents.tracing import Tracer
from agents.worker import COLLECT_AFTER
from tests.agents.otlp import Receiver
from tests.agents.traced import STAGES, Pipeline
from tests.proof.made_leads import made_leads

LEADS, ROUNDS = 2_000, 7
BATCH = 25
LIMIT = 0.05
RATIOS = (0.01, 1.0)


class Taken(NamedTuple):
    """CPU seconds a lead."""

    untraced: float
    traced: float


class Side:
    """One of the two pipelines, and what it has taken."""

    def __init__(self, ratio: float, tracer: Tracer) -> None:
        """Nothing was decided yet."""
        self._pipeline, self._tracer = Pipeline(bound_of(ratio)), tracer
        self.taken_s = 0.0

    def take(self, values: list[bytes]) -> None:
        """Decides some leads and hands the batches on."""
        began = time.thread_time()
        for value in values:
            self._pipeline.feed("leads.raw", value)
        for batch in self._pipeline.committed():
            self._tracer.batch(batch)
        self._pipeline.sent.clear()
        self.taken_s += time.thread_time() - began


def compared(ratio: float, endpoint: str, values: list[bytes]) -> Taken:
    """Both pipelines with the same leads; who goes first changes with each batch."""
    process, thread = time.process_time(), time.thread_time()
    with ExitStack() as stack:
        sides = [
            Side(each, stack.enter_context(Tracer(endpoint, "bench", "", STAGES)))
            for each in (0.0, ratio)
        ]
        for number, first in enumerate(range(0, len(values), BATCH)):
            for side in sides if number % 2 else reversed(sides):
                side.take(values[first : first + BATCH])
    exporting_s = time.process_time() - process - (time.thread_time() - thread)
    untraced, traced = (side.taken_s / len(values) for side in sides)
    return Taken(untraced, traced + exporting_s / len(values))


def serve() -> None:
    """The receiver's process: says where it is, keeps nothing, and runs until it is ended."""
    with Receiver() as server:
        print(server.endpoint, flush=True)
        while True:
            server.handle_request()
            server.received.clear()


@contextmanager
def receiver_apart() -> Iterator[str]:
    """A receiver in another process: its CPU time is not ours."""
    command = [sys.executable, "-c", "from tests.bench.tracing import serve; serve()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as receiver:
        try:
            yield receiver.stdout.readline().strip() if receiver.stdout else ""
        finally:
            receiver.terminate()


def main() -> None:
    """Prints a line for each ratio."""
    given = [int(text) for text in sys.argv[1:]]
    leads, rounds = (*given, *(LEADS, ROUNDS)[len(given) :])
    gc.set_threshold(COLLECT_AFTER)
    with receiver_apart() as endpoint:
        for ratio in RATIOS:
            found = []
            for seed in range(rounds):
                values = [made.value for made in made_leads(leads, seed) if made.fate == "lead"]
                found.append(compared(ratio, endpoint, values))
            costs = sorted(each.traced / each.untraced - 1 for each in found)
            untraced, traced = (median(times) * 1e6 for times in zip(*found, strict=True))
            told = "within" if median(costs) < LIMIT else "over"
            print(
                f"tracing {ratio:>4.0%}: {median(costs):+.1%} CPU a lead "
                f"({costs[0]:+.1%} to {costs[-1]:+.1%}; {untraced:.0f} and {traced:.0f} us), "
                f"{told} {LIMIT:.0%}"
            )


if __name__ == "__main__":
    main()
