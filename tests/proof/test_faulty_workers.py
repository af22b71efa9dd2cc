"""One thing goes wrong in a worker of the whole pipeline, with the real rules (design, section 4).

The toy's stages show each fault and its twin more closely (`tests/agents/ledger`); here leads come
in all the while, other workers are there, and the oracle of the proofs looks at the end.
"""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.kafka import clients, names
from agents.leaving import RESTART
from tests.agents.ledger.faulty_agents import HUGE, IN_HAND, LOSES
from tests.agents.ledger.faulty_commits import ARMED, COMMITS, COMMITTING, PAUSED, STANDS, UNKNOWN
from tests.agents.ledger.toy_pipeline import wait_until
from tests.broker import Broker, running_broker
from tests.pace import slowness
from tests.proof.faulty import start_faulty
from tests.proof.load import Load
from tests.proof.made_leads import expected, made_leads
from tests.proof.oracle import CHANGELOGS, findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places, make

AT_ROUTE = {COMMITTING: "route"}
"""Whose commit it is: that with the rotations and everybody's capacity."""
LARGE = b'"capture-70"'
"""What stands in the record of the lead of which too much is said."""
LEAVES_S = 60.0
OVER_S = 6.0 + 5.0
"""Issue 5: max(session timeout, transaction timeout + 1 s), and 5 s."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def pausable() -> Iterator[Broker]:
    """A broker that the tests of this file may freeze."""
    with running_broker() as own:
        yield own


@pytest.fixture
def places(pipeline: Pipeline) -> Iterator[Places]:
    """Watches the pipeline's leads."""
    watching = Places(pipeline.kafka)
    yield watching
    watching.close()


def sound(pipeline: Pipeline, *workers: str) -> None:
    """Starts workers in which nothing goes wrong, one after the other."""
    for name in workers:
        pipeline.start(name)
        pipeline.wait_ready(name)


def wait_said(pipeline: Pipeline, name: str, words: str) -> None:
    """Returns once a worker has said so."""
    wait_until(lambda: words in pipeline.log(name).read_text(), LEAVES_S)


def settled(pipeline: Pipeline, load: Load, places: Places) -> list[str]:
    """What the oracle finds when everything that was sent came out and the workers have ended."""
    load.finish(places)
    pipeline.stop()
    return findings(load.sent, read(pipeline.kafka))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("agent_raises", "LookupError"),
        ("agent_hangs", "did not answer within 2 s"),
        ("callback_raises", "LookupError"),
    ],
)
def test_who_goes_wrong_leaves_and_its_next_start_goes_on(
    pipeline: Pipeline, places: Places, fault: str, words: str
) -> None:
    """With 70 and a sentence, under load, beside a worker in which nothing is wrong."""
    sound(pipeline, "two")
    load = Load(pipeline, places, seed=61)
    load.start()
    start_faulty(pipeline, "one", fault, **AT_ROUTE)
    assert pipeline.workers["one"].wait(LEAVES_S) == RESTART
    said = pipeline.log("one").read_text()
    assert words in said
    assert "Traceback" not in said
    restarted = time.time()
    pipeline.start("one")
    pipeline.wait_for_batch("one", restarted)
    assert settled(pipeline, load, places) == []


@pytest.mark.parametrize(
    ("fault", "is_fine"), [("stands_still", True), ("stands_still_and_commits_anyway", False)]
)
def test_two_others_take_over_from_a_zombie_in_the_middle_of_a_commit(
    pipeline: Pipeline, places: Places, fault: str, *, is_fine: bool
) -> None:
    """SIGSTOP with route's transaction open: leads of then have a place in time; then SIGCONT.

    The twin commits under a name that nobody fences, and the oracle finds it.
    """
    start_faulty(pipeline, "one", fault, **AT_ROUTE)
    pipeline.wait_ready("one")
    sound(pipeline, "two", "three")
    load = Load(pipeline, places, seed=62)
    load.start()
    (pipeline.folder / ARMED).touch()
    wait_said(pipeline, "one", STANDS)
    stood_ms = time.time() * 1000
    wait_until(lambda: in_time(places, pipeline, stood_ms), LEAVES_S)
    pipeline.workers["one"].send_signal(signal.SIGCONT)
    if is_fine:
        assert pipeline.workers["one"].wait(LEAVES_S) == RESTART
        sound(pipeline, "one")
        assert settled(pipeline, load, places) == []
        delays = places.delays_s(pipeline.captured_ms)
        restore_s = max(pipeline.restore_s(name) for name in ("two", "three"))
        assert max(delays.values()) < OVER_S * slowness() + restore_s
    else:
        time.sleep(5)
        assert settled(pipeline, load, places) != []


def in_time(places: Places, pipeline: Pipeline, until_ms: float) -> bool:
    """Whether every lead captured until then has a place."""
    places.look()
    captured = {name for name, at in dict(pipeline.captured_ms).items() if at <= until_ms}
    return captured <= places.placed_ms.keys()


@pytest.mark.parametrize(
    ("fault", "is_fine"), [("partition_lost", True), ("partition_lost_and_kept", False)]
)
def test_leads_of_a_partition_that_is_lost_in_the_gather_are_the_others(
    pipeline: Pipeline, places: Places, fault: str, *, is_fine: bool
) -> None:
    """A gather of qualify's lasts until the other worker has decided what it took over."""
    start_faulty(pipeline, "one", fault, **{LOSES: "qualify"})
    pipeline.wait_ready("one")
    warm, first = list(made_leads(20, seed=60)), list(made_leads(200, seed=63))
    pipeline.send(warm)
    places.wait(*expected(warm), timeout_s=60)
    (pipeline.folder / ARMED).touch()
    pipeline.send(first)
    pipeline.start("two")
    wait_said(pipeline, "one", IN_HAND)
    assert f"{IN_HAND} 0\n" not in pipeline.log("one").read_text()
    load = Load(pipeline, places, seed=64)
    load.start()
    load.sent += warm + first
    assert (settled(pipeline, load, places) == []) is is_fine


def test_an_output_that_is_too_large_costs_its_lead_only(
    pipeline: Pipeline, places: Places
) -> None:
    """It is a dead letter with its bytes as they came, and all others have their places."""
    sent = list(made_leads(300, seed=65))
    start_faulty(pipeline, "one", "output_too_large", **{HUGE: LARGE.decode()})
    pipeline.wait_ready("one")
    pipeline.send(sent)
    (large,) = [made for made in sent if made.fate == "lead" and LARGE in made.value]
    meant = [made for made in sent if LARGE not in made.value]
    meant.append(large._replace(fate="bad", reason="output_too_large"))
    places.wait(*expected(meant), timeout_s=60)
    assert pipeline.workers["one"].poll() is None
    pipeline.stop()
    assert findings(meant, read(pipeline.kafka)) == []
    assert findings(sent, read(pipeline.kafka)) != []


def forget_offsets(pipeline: Pipeline) -> None:
    """Deletes the stages' groups: what a week without members does."""
    groups = [names.group_of(pipeline.kafka.prefix, stage) for stage in CHANGELOGS]
    admin = clients.admin(pipeline.kafka)
    for future in admin.delete_consumer_groups(groups).values():
        future.result(10)


@pytest.mark.parametrize("is_fine", [True, False])
def test_leads_go_on_behind_offsets_that_have_expired(
    pipeline: Pipeline, places: Places, monkeypatch: pytest.MonkeyPatch, *, is_fine: bool
) -> None:
    """The changelogs say how far each agent was; the twin begins at the beginning."""
    monkeypatch.setenv("LEADSTREAM_STATIC_MEMBERSHIP", "false")
    sound(pipeline, "one")
    first = list(made_leads(100, seed=66))
    pipeline.send(first)
    places.wait(*expected(first), timeout_s=60)
    assert pipeline.terminate("one") == 0
    forget_offsets(pipeline)
    if is_fine:
        sound(pipeline, "next")
    else:
        start_faulty(pipeline, "next", "group_is_trusted_alone")
        pipeline.wait_ready("next")
    load = Load(pipeline, places, seed=67)
    load.start()
    load.sent += first
    assert (settled(pipeline, load, places) == []) is is_fine


@pytest.mark.parametrize(
    ("fault", "leaves", "is_fine"),
    [
        ("commit_unknown", False, True),
        ("commit_unknown_for_good", True, True),
        ("commit_guessed", False, False),
    ],
)
def test_a_commit_without_an_answer_is_not_guessed(
    pausable: Broker, tmp_path: Path, fault: str, *, leaves: bool, is_fine: bool
) -> None:
    """The broker stands still during route's commit: asked again, or left to the restore.

    The twin takes it for aborted and decides those leads again.
    """
    pipeline = make(pausable.bootstrap, tmp_path, roomy())
    places = Places(pipeline.kafka)
    try:
        start_faulty(pipeline, "one", fault, **AT_ROUTE)
        pipeline.wait_ready("one")
        load = Load(pipeline, places, seed=68)
        load.start()
        (pipeline.folder / ARMED).touch()
        wait_said(pipeline, "one", COMMITS)
        pausable.pause()
        try:
            (pipeline.folder / PAUSED).touch()
            wait_said(pipeline, "one", UNKNOWN)
            time.sleep(0.5)
        finally:
            pausable.resume()
        if leaves:
            assert pipeline.workers["one"].wait(LEAVES_S) == RESTART
            sound(pipeline, "one")
        assert (settled(pipeline, load, places) == []) is is_fine
    finally:
        places.close()
        pipeline.stop()
