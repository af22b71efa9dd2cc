"""What the broker's clients say by the way."""

import pytest
from confluent_kafka import KafkaError
from structlog.testing import capture_logs

from agents.kafka import clients


def test_that_the_broker_lets_nobody_in_is_told_once_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A password that was changed while a worker runs: the client tries on, thrice a second."""
    now = [0.0]
    monkeypatch.setattr(clients, "steady_s", lambda: now[0])
    monkeypatch.setattr(clients, "_said_s", {})
    with capture_logs() as said:
        for _ in range(3 * 90):
            clients.tell(KafkaError(KafkaError._AUTHENTICATION, "invalid credentials"))
            clients.tell(KafkaError(KafkaError._TRANSPORT, "disconnected"))
            now[0] += 1 / 3
    assert [(each["log_level"], each["why"]) for each in said] == [
        ("error", "invalid credentials")
    ] * 2
