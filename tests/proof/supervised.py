"""A supervisor as a deployment has one: it starts a worker again that left with 70."""

import threading
import time

from agents.leaving import RESTART
from tests.proof.running import Pipeline

PAUSE_S = 0.5


class Supervised(threading.Thread):
    """Runs one worker until it ends for good or the test does."""

    def __init__(self, pipeline: Pipeline, name: str, *agents: str) -> None:
        """Starts the worker under its name."""
        super().__init__(daemon=True)
        self._pipeline, self._name, self._agents = pipeline, name, agents
        self._over = threading.Event()
        self.codes: list[int] = []
        """What the worker left with, each time."""
        pipeline.start(name, *agents)
        self.start()

    def run(self) -> None:
        """Waits for the worker's end, and starts it again where it asks for that."""
        while not self._over.is_set():
            code = self._pipeline.workers[self._name].poll()
            if code is None:
                time.sleep(0.1)
                continue
            self.codes.append(code)
            if code != RESTART:
                return
            time.sleep(PAUSE_S)
            self._pipeline.start(self._name, *self._agents)

    def finish(self) -> list[int]:
        """Supervises no more; gives the codes that the worker left with until then."""
        self._over.set()
        self.join(10)
        return self.codes
