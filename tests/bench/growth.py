"""What grows with what: `python -m tests.bench.growth [--persons NUMBER] [--picture FILE]`.

More persons known, more reps, more workers, more partitions: `tests/growth/` has a file for each.
A million persons take a quarter of an hour and some gigabytes; the default is 100 000.
`deploy/growth.md` has the tables, and what an operator should choose.
"""

import argparse
import sys
from collections.abc import Callable, Iterable

from agents.bench import machine
from agents.settings import Kafka
from tests import picture_option
from tests.broker import running_broker
from tests.growth import partitions, persons, reps, workers
from tests.growth.chart import draw
from tests.growth.figure import Figure, table
from tests.warm_broker import warm

PERSONS = (10_000, 100_000, 1_000_000)
REPS = (10, 100, 1_000)
WORKERS = (1, 2, 4)
PARTITIONS = (4, 16, 64)


def main() -> None:
    """Prints a table for each, and draws them where asked to."""
    parser = argparse.ArgumentParser(description="What grows with what.")
    parser.add_argument("--persons", type=int, default=PERSONS[1], help="at most so many")
    asked = picture_option.parsed(parser)
    known = [size for size in PERSONS if size <= asked.persons]
    if not known:
        parser.error(f"--persons {asked.persons}: give {PERSONS[0]} or more")
    results = {
        "persons known": _each(known, persons.figure),
        "reps in a team": _each(REPS, reps.figure),
    }
    with running_broker(quick=False) as broker:
        kafka = Kafka(broker=broker.bootstrap)
        warm(kafka)
        results["workers"] = _each(WORKERS, lambda size: workers.figure(kafka, size))
        results["partitions"] = _each(PARTITIONS, lambda size: partitions.figure(kafka, size))
    tables = "\n\n".join(table(what, figures) for what, figures in results.items())
    print(f"{machine.description()}\n\n{tables}")
    if asked.picture:
        draw(results, tables, asked.picture)


def _each(sizes: Iterable[int], figure: Callable[[int], Figure]) -> list[Figure]:
    figures = []
    for size in sizes:
        print(f"{figure.__module__.rpartition('.')[2]}: {size} ...", file=sys.stderr)
        figures.append(figure(size))
    return figures


if __name__ == "__main__":
    main()
