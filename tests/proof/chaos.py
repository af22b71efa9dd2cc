"""Workers killed, frozen and stopped at random under load, and the oracle behind it.

`python -m tests.proof.chaos` has three workers and all faults. Arguments: seconds of load (60),
seconds between faults (5), leads a second (100; fewer on a slow machine), seed (1). Each fault hits
one worker: `kill -9`, SIGSTOP for longer than the session timeout, or SIGTERM. Whoever is gone is
started again, as a supervisor does. Exits 1 where the oracle finds something, where nothing came
out for too long, or where a worker left in another way than by a fault.
`tests/proof/test_chaos.py` has shorter runs.
"""

import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from agents.kafka.clients import TRANSACTION_TIMEOUT_MS
from agents.leaving import RESTART
from tests.broker import running_broker
from tests.pace import slowness
from tests.proof.load import WARM_UP
from tests.proof.made_leads import expected, made_leads
from tests.proof.oracle import findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places, make

FIRST_S = 3.0
"""From the first lead under load to the first fault."""
FROZEN_S = 8.0
"""Longer than the session timeout of 6 s."""
DONE_S = 120.0
PROGRESS_S = 5.0
"""Room behind time-outs and restore, from issue 5."""
ANY = (signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM)
BY_FAULT = {0, -signal.SIGKILL, RESTART}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much load, and which faults."""

    seconds: float = 60.0
    every_s: float = 5.0
    rate: float = 100.0
    """Leads a second on a quiet machine; a slower one is sent fewer, or it would only queue."""
    seed: int = 1
    workers: tuple[str, ...] = ("one", "two", "three")
    faults: tuple[signal.Signals, ...] = ANY
    away_s: float = 0.0
    """How long who is gone stays away; 0: started again at once."""


@dataclass(slots=True)
class Ran:
    """What a run came to."""

    rate: float
    """How many leads a second were sent."""
    faults: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    """What workers left with."""
    silence_s: float = 0.0
    """The longest time in which no lead of one partition of the input got its place."""
    bound_s: float = 0.0
    """How long that may be."""
    found: list[str] = field(default_factory=list)
    """What the oracle says."""


class Chaos:
    """Faults from a seed, and a supervisor."""

    def __init__(self, pipeline: Pipeline, plan: Plan) -> None:
        """Starts the workers and waits for their partitions."""
        self._pipeline, self._plan = pipeline, plan
        self._chance = random.Random(plan.seed)  # noqa: S311 - made faults, not a secret
        self._frozen: dict[str, float] = {}
        self._back: dict[str, float] = {}
        self.slow = slowness()
        self.ran = Ran(plan.rate / self.slow)
        for name in plan.workers:
            pipeline.start(name)
        for name in plan.workers:
            pipeline.wait_ready(name)

    def supervise(self) -> None:
        """Thaws who was frozen long enough, and starts again who was away long enough."""
        now = time.monotonic()
        for name in [name for name, until in self._frozen.items() if now >= until]:
            self._pipeline.workers[name].send_signal(signal.SIGCONT)
            del self._frozen[name]
        for name in self._plan.workers:
            code = self._pipeline.workers[name].poll()
            if code is not None and name not in self._back:
                self.ran.codes[code] += 1
                self._back[name] = now + self._plan.away_s
        for name in [name for name, at in self._back.items() if now >= at]:
            self._pipeline.start(name)
            del self._back[name]

    def strike(self) -> None:
        """One fault on one worker that is there."""
        absent = self._frozen.keys() | self._back.keys()
        name = self._chance.choice([each for each in self._plan.workers if each not in absent])
        fault = self._chance.choice(self._plan.faults)
        self.ran.faults[fault.name] += 1
        if fault is signal.SIGSTOP:
            self._frozen[name] = time.monotonic() + FROZEN_S
        self._pipeline.workers[name].send_signal(fault)

    @property
    def over(self) -> bool:
        """Whether everybody is there."""
        return not self._frozen and not self._back

    def end(self) -> None:
        """Thaws who is frozen, and stops everybody in good order."""
        for worker in self._pipeline.workers.values():
            worker.send_signal(signal.SIGCONT)
        self._pipeline.stop()


def run(pipeline: Pipeline, plan: Plan) -> Ran:
    """One run; the load begins when some leads have come through."""
    chaos, places = Chaos(pipeline, plan), Places(pipeline.kafka)
    ran = chaos.ran
    sent = list(made_leads(WARM_UP + int(plan.seconds * ran.rate), plan.seed, bad_every=50))
    pipeline.send(sent[:WARM_UP])
    places.wait(*expected(sent[:WARM_UP]), timeout_s=60)
    pipeline.captured_in.clear()
    load = sent[WARM_UP:]
    sending = threading.Thread(target=pipeline.send, args=(load,), kwargs={"rate": ran.rate})
    sending.start()
    news = time.monotonic()
    strike_at = news + FIRST_S
    while not chaos.over or (len(places.placed), places.rejected) < expected(sent):
        chaos.supervise()
        now = time.monotonic()
        if sending.is_alive() and now >= strike_at:
            chaos.strike()
            strike_at += plan.every_s
        if places.look():
            news = now
        if now - news > DONE_S:
            break
    sending.join()
    places.close()
    chaos.end()
    ran.silence_s = silence_s(places.placed_ms, pipeline.captured_in)
    ran.bound_s = bound_s(pipeline, plan.workers, chaos.slow)
    if ran.silence_s > ran.bound_s:  # by now the machine may be slower than it was
        ran.bound_s = max(ran.bound_s, bound_s(pipeline, plan.workers, slowness()))
    ran.found = findings(sent, read(pipeline.kafka))
    return ran


def silence_s(placed_ms: dict[str, int], captured_in: dict[str, int]) -> float:
    """The longest time between two leads of one partition that got their place."""
    moments: dict[int, list[int]] = defaultdict(list)
    for lead_id, partition in captured_in.items():
        if lead_id in placed_ms:
            moments[partition].append(placed_ms[lead_id])
    gaps = (after - before for each in moments.values() for before, after in pairwise(sorted(each)))
    return max(gaps, default=0) / 1000


def bound_s(pipeline: Pipeline, workers: tuple[str, ...], slow: float) -> float:
    """By when survivors go on: time-outs, then the longest restore that was seen, then 5 s.

    `slow`: how many times slower than a quiet machine this one is (`tests/pace.py`).
    """
    timeout_ms = max(pipeline.session_timeout_ms, TRANSACTION_TIMEOUT_MS + 1_000)
    restore_s = max(pipeline.restore_s(name) for name in workers)
    return timeout_ms / 1000 + restore_s + PROGRESS_S * slow


def main() -> int:
    """Runs with the arguments given."""
    given = [float(each) for each in sys.argv[1:]]
    seconds, every, rate, seed = (*given, *(60.0, 5.0, 100.0, 1.0)[len(given) :])
    with running_broker(quick=False) as broker, tempfile.TemporaryDirectory() as folder:
        pipeline = make(broker.bootstrap, Path(folder), roomy())
        ran = run(pipeline, Plan(seconds, every, rate, int(seed)))
    print(f"{ran.rate:.0f} leads a second; {dict(ran.faults)}; workers left with {dict(ran.codes)}")
    print(f"longest silence {ran.silence_s:.1f} s of {ran.bound_s:.1f} s")
    print("\n".join(ran.found) or "the oracle finds nothing")
    fine = not ran.found and set(ran.codes) <= BY_FAULT and ran.silence_s <= ran.bound_s
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
