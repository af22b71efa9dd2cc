"""Promise 1 under kill -9 and SIGTERM: two workers, and what an absence costs."""

import threading
import time

import pytest

from tests.pace import slowness
from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

RATE = 150.0
WARM_UP = 200
RESTART_S = 5.0
SETTLE_S = 5.0
"""Room for restore behind the session timeout."""


class Sending(threading.Thread):
    """Sends made leads at a steady rate while the test does something to the workers."""

    def __init__(self, pipeline: Pipeline, places: Places, seconds: float, seed: int) -> None:
        """`seconds` of leads at `RATE`, behind a few that only warm the workers up."""
        super().__init__(daemon=True)
        self._pipeline = pipeline
        self.sent: list[Made] = list(made_leads(int(RATE * seconds), seed, bad_every=50))
        self._settle(places)

    def _settle(self, places: Places) -> None:
        """Waits until workers have restored, joined and decided: the limits are about later."""
        first = self.sent[:WARM_UP]
        self._pipeline.send(first)
        places.wait(*expected(first), timeout_s=60)
        self._pipeline.captured_ms.clear()

    def run(self) -> None:
        """Sends everything else."""
        self._pipeline.send(self.sent[WARM_UP:], rate=RATE)

    def finish(self, places: Places, timeout_s: float = 90) -> None:
        """Waits until everything that was sent came out."""
        self.join(60)
        places.wait(*expected(self.sent), timeout_s)


def expected(sent: list[Made]) -> tuple[int, int]:
    """How many leads must have a place and how many messages must be rejected."""
    return sum(made.fate == "lead" for made in sent), sum(made.fate == "bad" for made in sent)


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_two_workers_one_killed_and_restarted_the_other_terminated(pipeline: Pipeline) -> None:
    """Nothing lost, doubled or swapped; the killed worker is back within 5 s of its restart."""
    for name in ("one", "two"):
        pipeline.start(name)
    for name in ("one", "two"):
        pipeline.wait_ready(name)
    places = Places(pipeline.kafka)
    sending = Sending(pipeline, places, seconds=20, seed=2)
    sending.start()
    time.sleep(4)
    pipeline.kill("one")
    restarted = time.time()
    pipeline.start("one")
    time.sleep(7)
    assert pipeline.terminate("two") == 0
    sending.finish(places)
    back_s = pipeline.first_batch_s("one", restarted)
    pipeline.stop()

    assert findings(sending.sent, read(pipeline.kafka)) == []
    print(f"first batch {back_s:.2f} s after the restart")
    assert back_s < RESTART_S * slowness()
    places.close()


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_a_clean_restart_under_the_same_name_delays_no_lead_by_more_than_five_seconds(
    pipeline: Pipeline,
) -> None:
    """A static member that comes back keeps its partitions; its leads wait for nothing else."""
    pipeline.start("one")
    pipeline.wait_ready("one")
    places = Places(pipeline.kafka)
    sending = Sending(pipeline, places, seconds=12, seed=3)
    sending.start()
    time.sleep(4)
    assert pipeline.terminate("one") == 0
    pipeline.start("one")
    sending.finish(places)
    pipeline.stop()

    slowest = max(places.delays_s(pipeline.captured_ms).values())
    assert findings(sending.sent, read(pipeline.kafka)) == []
    print(f"slowest lead {slowest:.2f} s over a clean restart")
    assert slowest < RESTART_S * slowness()
    places.close()


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_a_worker_that_leaves_for_good_hands_over_within_the_session_timeout(
    pipeline: Pipeline,
) -> None:
    """After the session timeout the other worker restores its partitions and goes on."""
    for name in ("one", "two"):
        pipeline.start(name)
    for name in ("one", "two"):
        pipeline.wait_ready(name)
    places = Places(pipeline.kafka)
    sending = Sending(pipeline, places, seconds=16, seed=4)
    sending.start()
    time.sleep(4)
    assert pipeline.terminate("two") == 0
    sending.finish(places)
    pipeline.stop()

    slowest = max(places.delays_s(pipeline.captured_ms).values())
    assert findings(sending.sent, read(pipeline.kafka)) == []
    print(f"slowest lead {slowest:.2f} s over a hand-over")
    assert slowest < pipeline.session_timeout_ms / 1000 + SETTLE_S * slowness()
    places.close()
