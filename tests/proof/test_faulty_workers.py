"""One thing goes wrong in a worker of the whole pipeline, with the real rules (design, section 4).

The toy's stages show each fault and its twin more closely (`tests/agents/ledger`); here leads come
in all the while, other workers are there, and the oracle of the proofs looks at the end.
"""

import signal
import time
from collections.abc import Iterator
from itertools import islice

import pytest

from agents.leaving import RESTART
from agents.settings import PUBLIC_SECRET
from schemas.codec import Codec
from streams.pipeline import pipeline as all_stages
from tests.agents.ledger.faulty_agents import (
    DECIDED,
    HUGE,
    IN_HAND,
    RAISED,
    WENT_ON,
    has_decided,
)
from tests.agents.ledger.faulty_commits import ARMED, STAGE, STANDS
from tests.agents.ledger.toy_pipeline import forget_offsets, wait_until
from tests.pace import slowness
from tests.proof.chaos import bound_s
from tests.proof.faulty import AT_ROUTE, back, settled, start_faulty
from tests.proof.load import Load
from tests.proof.made_leads import Made, expected, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import SAID_S, Pipeline, Places

LARGE = b'"capture-70"'
"""What stands in the record of the lead of which too much is said."""
pytestmark = pytest.mark.slow


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
    start_faulty(pipeline, "one", fault)
    assert pipeline.workers["one"].wait(SAID_S) == RESTART
    said = pipeline.log("one").read_text()
    assert words in said
    assert "Traceback" not in said
    back(pipeline, "one")
    assert settled(pipeline, load, places) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("agent_hangs_and_is_not_missed", "partitions restored"),
        ("callback_raises_and_nobody_leaves", WENT_ON),
    ],
)
def test_who_stayed_would_leave_its_leads_undecided(
    pipeline: Pipeline, places: Places, fault: str, words: str
) -> None:
    """Twin: without the deadline, and with a callback's exception ignored."""
    start_faulty(pipeline, "one", fault)
    pipeline.wait_said("one", words)
    pipeline.send(made_leads(20, seed=69))
    time.sleep(10)
    places.look()
    assert pipeline.workers["one"].poll() is None
    assert places.placed == set()
    pipeline.kill("one")  # who hangs does not end when it is asked to


def test_who_went_on_behind_a_failed_batch_would_be_noticed(
    pipeline: Pipeline, places: Places
) -> None:
    """Twin: a batch is lost, later leads come out, and the oracle says what is missing."""
    start_faulty(pipeline, "one", "agent_raises_and_nobody_leaves")
    made, sent = made_leads(1_000, seed=70), list[Made]()
    whole = False
    while not (whole and RAISED in pipeline.log("one").read_text()):
        few = list(islice(made, 20))
        assert few, "the fault never came, or nothing came out behind it"
        pipeline.send(few)
        sent += few
        time.sleep(2)
        places.look()
        whole = {one.lead_id for one in few if one.fate == "lead"} <= places.placed_ms.keys()
    assert findings(sent, read(pipeline.kafka)) != []


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
    pipeline.wait_said("one", STANDS)
    stood_ms = time.time() * 1000
    wait_until(lambda: all_placed(places, pipeline, stood_ms), SAID_S)
    pipeline.workers["one"].send_signal(signal.SIGCONT)
    if is_fine:
        assert pipeline.workers["one"].wait(SAID_S) == RESTART
        back(pipeline, "one")
        assert settled(pipeline, load, places) == []
        delays = places.delays_s(pipeline.captured_ms)
        assert max(delays.values()) < bound_s(pipeline, ("two", "three"), slowness())
    else:
        time.sleep(10)  # it commits under its new name meanwhile
        assert settled(pipeline, load, places) != []


def all_placed(places: Places, pipeline: Pipeline, until_ms: float) -> bool:
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
    start_faulty(pipeline, "one", fault, **{STAGE: "qualify"})
    pipeline.wait_ready("one")
    warm, first = list(made_leads(20, seed=60)), list(made_leads(200, seed=63))
    pipeline.send(warm)
    places.wait(*expected(warm), timeout_s=60)
    (pipeline.folder / ARMED).touch()
    pipeline.send(first)
    pipeline.start("two")
    wait_until(lambda: has_decided(pipeline.log("two").read_text(), "qualify"), SAID_S)
    (pipeline.folder / DECIDED).touch()
    pipeline.wait_said("one", IN_HAND)
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


def test_an_output_of_any_size_would_be_refused_again_and_again(
    pipeline: Pipeline, places: Places
) -> None:
    """Twin: nobody looks before the broker does, and no batch with that lead is committed."""
    sent = list(made_leads(300, seed=65))
    (large,) = [made for made in sent if made.fate == "lead" and LARGE in made.value]
    start_faulty(pipeline, "one", "output_of_any_size", **{HUGE: LARGE.decode()})
    pipeline.wait_ready("one")
    pipeline.send(sent)
    worker = pipeline.workers["one"]
    wait_until(
        lambda: (
            pipeline.log("one").read_text().count("batch aborted") > 1 or worker.poll() == RESTART
        ),
        SAID_S,
    )
    places.look()
    assert large.lead_id not in places.placed_ms
    assert places.rejected < expected(sent)[1] + 1


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
    forget_offsets(pipeline.kafka, all_stages(PUBLIC_SECRET.encode(), Codec()))
    if is_fine:
        sound(pipeline, "next")
    else:
        start_faulty(pipeline, "next", "group_is_trusted_alone")
        pipeline.wait_ready("next")
    load = Load(pipeline, places, seed=67)
    load.start()
    load.sent += first
    assert (settled(pipeline, load, places) == []) is is_fine
