"""Promise 1 under kill -9 and SIGTERM: two workers, and what an absence costs."""

import threading
import time

import pytest

from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

RATE = 150.0
RESTART_S = 5.0
SETTLE_S = 5.0
"""Room for restore and a busy machine behind the session timeout."""


class Sending(threading.Thread):
    """Sends made leads at a steady rate while the test does something to the workers."""

    def __init__(self, pipeline: Pipeline, seconds: float, seed: int) -> None:
        """`seconds` of leads at `RATE`."""
        super().__init__(daemon=True)
        self._pipeline = pipeline
        self.sent: list[Made] = list(made_leads(int(RATE * seconds), seed, bad_every=50))

    def run(self) -> None:
        """Sends everything."""
        self._pipeline.send(self.sent, rate=RATE)

    def finish(self, places: Places, timeout_s: float = 90) -> None:
        """Waits until everything that was sent came out."""
        self.join(60)
        leads = sum(made.fate == "lead" for made in self.sent)
        bad = sum(made.fate == "bad" for made in self.sent)
        places.wait(leads, bad, timeout_s)


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_two_workers_one_killed_and_restarted_the_other_terminated(pipeline: Pipeline) -> None:
    """Nothing lost, doubled or swapped; the killed worker is back within 5 s of its restart."""
    for name in ("one", "two"):
        pipeline.start(name)
    for name in ("one", "two"):
        pipeline.wait_ready(name)
    places = Places(pipeline.kafka)
    sending = Sending(pipeline, seconds=20, seed=2)
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
    assert back_s < RESTART_S
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
    sending = Sending(pipeline, seconds=12, seed=3)
    sending.start()
    time.sleep(4)
    assert pipeline.terminate("one") == 0
    pipeline.start("one")
    sending.finish(places)
    pipeline.stop()

    slowest = max(places.delays_s(pipeline.captured_ms).values())
    assert findings(sending.sent, read(pipeline.kafka)) == []
    print(f"slowest lead {slowest:.2f} s over a clean restart")
    assert slowest < RESTART_S
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
    sending = Sending(pipeline, seconds=16, seed=4)
    sending.start()
    time.sleep(4)
    assert pipeline.terminate("two") == 0
    sending.finish(places)
    pipeline.stop()

    slowest = max(places.delays_s(pipeline.captured_ms).values())
    assert findings(sending.sent, read(pipeline.kafka)) == []
    print(f"slowest lead {slowest:.2f} s over a hand-over")
    assert slowest < pipeline.session_timeout_ms / 1000 + SETTLE_S
    places.close()
