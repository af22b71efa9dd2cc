"""What the tests of the agents can ask for."""

import threading
from collections.abc import Iterator

import pytest

from tests.agents.otlp import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A running receiver."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
