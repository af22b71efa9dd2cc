"""With more partitions of every topic that has several; one worker.

As a worker: `python -m tests.growth.partitions` with their number in `GROWTH_PARTITIONS`. The
product has no such setting: partitions are the catalogue's, and this changes that for a process.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from agents.command_line.main import main
from agents.settings import Kafka
from schemas.topics import CATALOGUE
from tests.growth.figure import Figure
from tests.growth.workers import measured

SETTING = "GROWTH_PARTITIONS"


@contextmanager
def catalogue_with(partitions: int) -> Iterator[None]:
    """So many partitions for every topic that has several; the others are serial on purpose.

    The topics themselves are changed, frozen as they are: others than the catalogue hold them, too.
    """
    before = {name: topic.partitions for name, topic in CATALOGUE.items() if topic.partitions > 1}
    try:
        for name in before:
            object.__setattr__(CATALOGUE[name], "partitions", partitions)
        yield
    finally:
        for name, number in before.items():
            object.__setattr__(CATALOGUE[name], "partitions", number)


def figure(kafka: Kafka, partitions: int) -> Figure:
    """Raw lead to place, with so many partitions."""
    command = ("env", f"{SETTING}={partitions}", sys.executable, "-m", __name__)
    with catalogue_with(partitions):
        return Figure(partitions, measured(kafka, 1, command))


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker"]
    with catalogue_with(int(os.environ[SETTING])):
        main()
