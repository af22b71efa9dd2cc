"""What every test can ask for, and what becomes of broker tests where no broker can run."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import registry
from tests.broker import Broker, running_broker
from tests.cluster import Cluster, running_cluster
from tests.kafka_jars import in_ci, obstacle
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, make

# How long an example takes says more about the machine than about the code. That hypothesis draws
# the same examples every time under CI=true stays.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

JAR_FIXTURES = {"own_cluster", "pausable", "secure"}
"""Brokers with settings that only the jars are started with, not Docker's image."""
REGISTRY_FIXTURES = {"registry", "own_registry"}
BROKER_FIXTURES = {"broker", "own_broker"} | JAR_FIXTURES | REGISTRY_FIXTURES
EVERYDAY = re.compile(r'"event":"(batch|decision)"')
LAST_LINES = 40
SLOW_S = 960
"""When a slow test hangs: far behind its own waits, which also say what is missing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that ask for a broker, and gives those that are slow the time they need.

    `-m "not broker"` leaves the former out.
    """
    for item in items:
        if BROKER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.broker)
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW_S))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a broker test, with the reason, where no broker can run; under CI=true it fails."""
    if item.get_closest_marker("broker") is None:
        return
    sentence = _obstacle(set(getattr(item, "fixturenames", ())))
    if sentence is None:
        return
    if in_ci():
        pytest.fail(f"{sentence} CI=true, so this test may not be skipped.", pytrace=False)
    pytest.skip(sentence)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a test fails, what its workers said last is in the report: their logs go with it."""
    report = yield
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if call.when == "call" and report.failed and folder is not None:
        for log in sorted(folder.rglob("*.log")):
            report.sections.append((f"the end of {log.name}", last_words(log)))
    return report


def last_words(log: Path) -> str:
    """What a worker wrote last, but for its batches and decisions."""
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join([each for each in lines if not EVERYDAY.search(each)][-LAST_LINES:])


def _obstacle(fixtures: set[str]) -> str | None:
    """Why what a test asks for cannot run here, or None when it can."""
    if fixtures & JAR_FIXTURES:
        return obstacle(with_docker=False)
    if fixtures & REGISTRY_FIXTURES:
        return registry.obstacle() or (obstacle() if "pipeline" in fixtures else None)
    return obstacle()


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A real Kafka broker that all tests of a session share: leave it be, take your own topics."""
    with running_broker() as shared:
        yield shared


@pytest.fixture
def pipeline(broker: Broker, tmp_path: Path) -> Iterator[Pipeline]:
    """Topics and policy under a prefix of their own; its workers end with the test."""
    made = make(broker.bootstrap, tmp_path, roomy())
    yield made
    made.stop()


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """Three brokers with replicas for one test, which may kill one of them."""
    with running_cluster() as own:
        yield own


@pytest.fixture(scope="module")
def pausable() -> Iterator[Broker]:
    """A real Kafka broker for the tests of a file, which may freeze it and have to thaw it.

    Its controller stands still with it and misses nothing, unless the session were shorter than
    that: then the broker would register anew (deploy/limits.md).
    """
    with running_broker(changes={"broker.session.timeout.ms": "60000"}) as own:
        yield own


@pytest.fixture
def own_broker() -> Iterator[Broker]:
    """A real Kafka broker for one test, which may stop, kill or freeze it."""
    with running_broker() as own:
        yield own
