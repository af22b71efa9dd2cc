"""With more persons known: `python -m tests.growth.persons NUMBER` in a process of its own.

So many people of ten to a company ask for a demo, each once, and their leads stay open. Through
intake, identify and qualify as a worker's partitions take them, without a broker; route's part is
`python -m tests.bench.route`'s. Then 2 000 more people are timed, and every row is loaded again, as
a restore does behind its reading.
"""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import msgspec

from agents.bench import machine
from agents.ledger.tables import Journal, open_tables, row_types
from agents.worker import COLLECT_AFTER
from schemas.codec import Codec
from streams.pipeline import pipeline
from streams.policy.compiled import Policy
from streams.stage import Raw, Stage
from tests.bench.qualifying import NOW, capture
from tests.growth.figure import Figure
from tests.streams.policies import policy

MORE = 2_000
A_COMPANY = 10
STAGES = ("intake", "identify", "qualify")


class Way:
    """The stages behind each other, with the tables of one worker that has every partition."""

    def __init__(self, rules: Policy) -> None:
        """Nobody is known."""
        self._rules, self._codec = rules, Codec()
        known = {stage.name: stage for stage in pipeline(b"secret", self._codec)}
        self.stages: list[tuple[Stage, Any, Journal]] = []
        for name in STAGES:
            journal = Journal()
            stage = known[name]
            self.stages.append((stage, open_tables(stage.tables, journal), journal))

    def take(self, numbers: Iterable[int], companies: int) -> None:
        """Lets these people ask for a demo."""
        for number in numbers:
            raw = Raw("leads.raw", 0, number, None, capture(number, companies))
            waiting: list[Any] = [raw]
            for stage, tables, journal in self.stages:
                sent: list[bytes] = []
                for event in waiting:
                    step = stage.raw if isinstance(event, Raw) else stage.steps.get(type(event))
                    outgoing = (
                        () if step is None else step(tables, event, self._rules, NOW + number)
                    )
                    sent += [self._codec.encode(one.event, one.topic) for one in outgoing]
                journal.commit()
                waiting = [self._codec.decode(each) for each in sent]


def measured(persons: int) -> dict[str, float]:
    """What so many persons take."""
    gc.set_threshold(COLLECT_AFTER)
    way = Way(policy())
    companies = (persons + MORE) // A_COMPANY
    way.take(range(1), companies)
    before_mb = machine.memory_mb(os.getpid()) or 0.0
    way.take(range(1, persons), companies)
    after_mb = machine.memory_mb(os.getpid()) or 0.0
    began = time.process_time()
    way.take(range(persons, persons + MORE), companies)
    lead_us = (time.process_time() - began) / MORE * 1e6
    rows, load_s = _loaded(way)
    return {
        "memory, MB": after_mb - before_mb,
        "rows": rows,
        "loading the rows, s": load_s,
        "CPU of the next lead, us": lead_us,
    }


def _loaded(way: Way) -> tuple[int, float]:
    """How many rows there are, and how long taking them from their bytes lasts."""
    rows, spent = 0, 0.0
    for stage, tables, _journal in way.stages:
        empty = open_tables(stage.tables)
        for name in row_types(type(tables)):
            table, target = getattr(tables, name), getattr(empty, name)
            data = [(key, msgspec.msgpack.encode(row)) for key, row in table.items()]
            rows += len(data)
            began = time.process_time()
            for key, row in data:
                target.load(key, row)
            target.finish_loading()
            spent += time.process_time() - began
    return rows, spent


def figure(persons: int) -> Figure:
    """The same from a process of its own, whose memory nobody else has grown."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(persons)], check=True, capture_output=True, text=True
    )
    return Figure(persons, json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
