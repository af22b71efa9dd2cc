"""A steady load of made leads that lasts as long as what a test does to the workers."""

import threading
from collections.abc import Iterator

from tests.proof.made_leads import Made, expected, made_leads
from tests.proof.running import Pipeline, Places

RATE = 40.0
"""Leads a second: two tests beside each other on two slow cores must not queue for those."""
WARM_UP = 200
LONGEST_S = 120
"""A load ends by itself then: its test has failed."""


class Load(threading.Thread):
    """Sends made leads at a steady rate until it is finished, however slow the machine is.

    A load of a length fixed beforehand would be over before a slow worker is back, which then has
    nothing to show.
    """

    def __init__(self, pipeline: Pipeline, places: Places, seed: int, rate: float = RATE) -> None:
        """Sends a few leads and waits for them: limits are about workers that are warm."""
        super().__init__(daemon=True)
        self._pipeline, self._rate = pipeline, rate
        self._enough = threading.Event()
        self._made = made_leads(WARM_UP + int(rate * LONGEST_S), seed, bad_every=50)
        self.sent: list[Made] = [next(self._made) for _ in range(WARM_UP)]
        pipeline.send(self.sent)
        places.wait_for({made.lead_id for made in self.sent if made.fate == "lead"}, timeout_s=60)
        pipeline.captured_ms.clear()

    def run(self) -> None:
        """Sends until it is enough."""
        self._pipeline.send(self._until_enough(), rate=self._rate)

    def _until_enough(self) -> Iterator[Made]:
        for made in self._made:
            if self._enough.is_set():
                return
            self.sent.append(made)
            yield made

    def finish(self, places: Places, timeout_s: float = 90) -> None:
        """Stops sending and waits until everything that was sent came out."""
        self._enough.set()
        self.join(60)
        places.wait(*expected(self.sent), timeout_s)
