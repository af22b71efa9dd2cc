"""Three workers, killed, frozen and stopped at random under load: `python -m tests.proof.chaos`.

Arguments: seconds of load (60), seconds between faults (5), leads a second (100), seed (1). Each
fault hits one worker: `kill -9`, SIGSTOP for longer than the session timeout, or SIGTERM. Whoever
is gone is started again at once, as a supervisor does. At the end the oracle looks at everything.
Exits 1 where it finds something, or where a worker left in another way than by a fault.
"""

import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from agents.leaving import RESTART
from tests.broker import running_broker
from tests.proof.made_leads import made_leads
from tests.proof.oracle import findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places, make
from tests.proof.test_faults import expected

WORKERS = ("one", "two", "three")
FROZEN_S = 8.0
"""Longer than the session timeout of 6 s."""
DONE_S = 120.0
FAULTS = (signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM)
BY_FAULT = {0, -signal.SIGKILL, RESTART}


class Chaos:
    """Faults from a seed, and a supervisor."""

    def __init__(self, pipeline: Pipeline, seed: int) -> None:
        """Starts the workers."""
        self._pipeline = pipeline
        self._chance = random.Random(seed)  # noqa: S311 - made faults, not a secret
        self._frozen: dict[str, float] = {}
        self.codes: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        for name in WORKERS:
            pipeline.start(name)

    def supervise(self) -> None:
        """Thaws who was frozen long enough, and starts again who is gone."""
        for name, until in list(self._frozen.items()):
            if time.monotonic() >= until:
                self._pipeline.workers[name].send_signal(signal.SIGCONT)
                del self._frozen[name]
        for name in WORKERS:
            code = self._pipeline.workers[name].poll()
            if code is not None:
                self.codes[code] += 1
                self._pipeline.start(name)

    def strike(self) -> None:
        """One fault on one worker that is not frozen."""
        name = self._chance.choice([each for each in WORKERS if each not in self._frozen])
        fault = self._chance.choice(FAULTS)
        self.faults[fault.name] += 1
        if fault is signal.SIGSTOP:
            self._frozen[name] = time.monotonic() + FROZEN_S
        self._pipeline.workers[name].send_signal(fault)


def run(pipeline: Pipeline, seconds: float, every: float, rate: float, seed: int) -> bool:
    """One run; whether the promises held."""
    sent = list(made_leads(int(seconds * rate), seed, bad_every=50))
    chaos, places = Chaos(pipeline, seed), Places(pipeline.kafka)
    sending = threading.Thread(target=pipeline.send, args=(sent,), kwargs={"rate": rate})
    sending.start()
    struck = began = news = time.monotonic()
    longest, leads = 0.0, expected(sent)
    while (len(places.placed), places.rejected) < leads and time.monotonic() - news < DONE_S:
        chaos.supervise()
        if sending.is_alive() and time.monotonic() - struck > every:
            chaos.strike()
            struck = time.monotonic()
        if places.look():
            longest, news = max(longest, time.monotonic() - news), time.monotonic()
    sending.join()
    print(f"{leads[0]} leads in {time.monotonic() - began:.0f} s, {dict(chaos.faults)}")
    print(f"longest silence {longest:.1f} s; workers left with {dict(chaos.codes)}")
    places.close()
    for worker in pipeline.workers.values():
        worker.send_signal(signal.SIGCONT)
    pipeline.stop()
    found = findings(sent, read(pipeline.kafka))
    print("\n".join(found) or "the oracle finds nothing")
    return not found and set(chaos.codes) <= BY_FAULT


def main() -> int:
    """Runs with the arguments given."""
    given = [float(each) for each in sys.argv[1:]]
    seconds, every, rate, seed = (*given, *(60.0, 5.0, 100.0, 1.0)[len(given) :])
    with running_broker(quick=False) as broker, tempfile.TemporaryDirectory() as folder:
        pipeline = make(broker.bootstrap, Path(folder), roomy())
        return 0 if run(pipeline, seconds, every, rate, int(seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
