"""A large table is back in time, and what a worker keeps meanwhile goes on (issue 5)."""

import gc
import secrets
from collections.abc import Iterator

import pytest

from agents.settings import Kafka
from agents.worker import COLLECT_AFTER
from streams.steps.identify import identify_stage
from tests.bench.identify import SECRET
from tests.bench.restore import KEYS, UPDATES, beside, restored, written
from tests.broker import Broker
from tests.pace import slowness_during

RESTORE_S = 15.0
PAUSE_S = 1.0
"""Far more than the tenth of a second that was measured, and far less than a restore."""


@pytest.fixture
def as_a_worker_collects() -> Iterator[None]:
    """A worker has Python look for cycles rarely; all rows of a table would be looked at again."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER)
    yield
    gc.set_threshold(*before)


@pytest.mark.slow
@pytest.mark.usefixtures("as_a_worker_collects")
def test_half_a_million_keys_are_back_in_time_and_kept_partitions_go_on(broker: Broker) -> None:
    """After two million updates, none of them compacted away."""
    stage = identify_stage(SECRET)
    kafka = Kafka(broker=broker.bootstrap, prefix=f"restore-{secrets.token_hex(4)}-")
    changelog = written(kafka, stage, KEYS, UPDATES)
    slowness, (whole, kept, took_s) = slowness_during(
        lambda: beside(stage, lambda: restored(kafka, stage, changelog))
    )
    print(f"{took_s:.1f} s, longest pause {kept.longest_pause_s * 1000:.0f} ms, {slowness:.1f}")
    assert whole.loaded == KEYS
    assert took_s < RESTORE_S * slowness
    assert kept.decided > 0
    assert kept.longest_pause_s < PAUSE_S * slowness
