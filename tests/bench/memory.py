"""What open leads take in memory: `python -m tests.bench.memory [LEADS]`.

One worker with all agents on a real broker, which shares the cores. Every lead stays open: nobody
is full, and nobody closes any. Memory is the worker's resident memory, read each ten thousand
leads, and again when it has stopped, started and restored all of it from its changelogs.
"""

import sys
from itertools import islice

from agents.bench import machine
from agents.bench.course import course
from agents.bench.running import OUTCOME, SOURCE, Plan, leads
from agents.kafka import names
from agents.kafka.stopwatch import Stopwatch
from agents.settings import Kafka
from tests.broker import running_broker

LEADS, LOOK = 100_000, 10_000
LIMIT_MB = 500
"""Issue 5, with a hundred thousand open leads."""
SPARE = 1_000
"""So many more are sent one by one to a worker that has restored: then it is ready."""


def main() -> None:
    """Prints a line for each look."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else LEADS
    print(machine.description())
    messages = leads(Plan(rates=(), seconds=0, backlog=2 * wanted))
    with running_broker(quick=False) as broker, course(Kafka(broker=broker.bootstrap)) as own:
        prefix = own.kafka.prefix
        watch = Stopwatch(own.kafka, names.topic(prefix, SOURCE), names.topic(prefix, OUTCOME))
        own.start(1)
        watch.paced(list(islice(messages, 20)), 10)
        print(f"before the first: {own.memory_mb():.0f} MB", flush=True)
        for number in range(LOOK, wanted + 1, LOOK):
            rate = LOOK / watch.backlog(list(islice(messages, LOOK)), lambda: None).in_all
            print(f"{number} open leads: {own.memory_mb():.0f} MB, {rate:.0f}/s", flush=True)
        own.stop()
        own.start(1)
        watch.paced(list(islice(messages, SPARE)), 100)
        print(f"restored: {own.memory_mb():.0f} MB; the limit is {LIMIT_MB}")
        watch.close()


if __name__ == "__main__":
    main()
