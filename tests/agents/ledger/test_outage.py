"""Waiting for a schema registry, and saying so."""

import time

import pytest
from structlog.testing import capture_logs

from agents.kafka.unavailable import RegistryUnavailable
from agents.ledger import outage
from agents.ledger.outage import AGAIN_S, SAY_AGAIN_S, Outage

DOWN = RegistryUnavailable("no schema registry answers at http://registry")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time that passes by being waited for."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(outage, "steady_s", lambda: now[0])
    monkeypatch.setattr(time, "sleep", sleep)
    return now


def test_it_is_said_at_once_then_every_ten_seconds_and_when_it_is_over(clock: list[float]) -> None:
    """Each try waits a second; a minute's outage is no minute's silence, and no flood of lines."""
    waiting = Outage("route")
    with capture_logs() as said:
        for _ in range(60):
            waiting.wait(DOWN)
        waiting.over()
    assert clock == [60 * AGAIN_S]
    warnings = [each for each in said if each["log_level"] == "warning"]
    assert [each["waited_s"] for each in warnings] == list(range(0, 60, int(SAY_AGAIN_S)))
    assert all((each["stage"], each["why"]) == ("route", str(DOWN)) for each in warnings)
    assert said[-1] == {
        "event": "the schema registry answers again",
        "stage": "route",
        "waited_s": 60,
        "log_level": "info",
    }


def test_nothing_is_said_where_there_is_no_outage(clock: list[float]) -> None:
    """Every batch that is decided ends the outage that there may have been."""
    quiet = Outage("route")
    with capture_logs() as said:
        quiet.over()
    assert (said, clock) == ([], [0.0])


def test_a_second_outage_is_a_new_one(clock: list[float]) -> None:
    """Its time begins anew."""
    waiting = Outage("route")
    with capture_logs() as said:
        waiting.wait(DOWN)
        waiting.over()
        clock[0] += 3
        waiting.wait(DOWN)
    assert [each.get("waited_s") for each in said] == [0, 1, 0]
