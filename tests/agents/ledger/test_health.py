"""Liveness and readiness over HTTP."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agents.leaving import StayDown
from agents.ledger.health import Health


@contextmanager
def answering(*, live: bool = True, ready: bool = True) -> Iterator[Health]:
    """A health endpoint on a free port."""
    health = Health("127.0.0.1", 0, lambda: live, lambda: {"intake": True, "route": ready})
    health.start()
    try:
        yield health
    finally:
        health.stop()


def get(port: int, path: str) -> tuple[int, object]:
    """Status and JSON body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, body


def test_a_worker_that_lives_and_takes_records_says_so() -> None:
    """200 and the stages by name."""
    with answering() as health:
        assert get(health.port, "/live") == (200, {"live": True})
        assert get(health.port, "/ready") == (200, {"ready": {"intake": True, "route": True}})


def test_a_stage_that_still_restores_makes_the_worker_not_ready() -> None:
    """503 on /ready; /live stays 200, or the supervisor would kill a restore."""
    with answering(ready=False) as health:
        assert get(health.port, "/ready") == (503, {"ready": {"intake": True, "route": False}})
        assert get(health.port, "/live")[0] == 200


def test_a_silent_worker_is_not_alive() -> None:
    """503 on /live: restart it."""
    with answering(live=False) as health:
        assert get(health.port, "/live") == (503, {"live": False})


@pytest.mark.parametrize("path", ["/", "/live/", "/tables", "/ready?x=1"])
def test_nothing_else_is_served(path: str) -> None:
    """404: no table, no setting, no event leaves by this door."""
    with answering() as health:
        assert get(health.port, path)[0] == 404


def test_it_listens_on_the_given_address_only() -> None:
    """Bound to localhost by default, not to every interface."""
    with answering() as health:
        assert health._server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_told_with_a_remedy() -> None:
    """One sentence, and no restart."""
    with answering() as health, pytest.raises(StayDown, match="LEADSTREAM_HEALTH_PORT"):
        Health("127.0.0.1", health.port, lambda: True, dict)
