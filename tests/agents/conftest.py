"""What the tests of the agents can ask for."""

from collections.abc import Iterator

import pytest

from tests.agents.otlp import Receiver, running_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A running receiver."""
    with running_receiver() as server:
        yield server
