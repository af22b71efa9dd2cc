"""Fixtures of the proofs: a pipeline of its own on the session's broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker import Broker
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, make


@pytest.fixture
def pipeline(broker: Broker, tmp_path: Path) -> Iterator[Pipeline]:
    """Topics and policy under a prefix of their own; its workers end with the test."""
    made = make(broker.bootstrap, tmp_path, roomy())
    yield made
    made.stop()
