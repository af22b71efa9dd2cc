"""Which records of the real stages wait for others: enrichment's requests, qualify's outcomes."""

from collections.abc import Iterator

import pytest

from schemas.topics import CATALOGUE
from tests.interleaved.running import MADE, Running
from tests.interleaved.workers import MOMENT_S, held_by


@pytest.fixture
def run() -> Iterator[Running]:
    """A pipeline at rest that has just got a lead of a company that nobody knows."""
    made = Running()
    made.rest()
    made.office.lead(5, "demo_request", None, "leads.raw")
    yield made
    made.close()


def turns(run: Running, *stages: str) -> list[int]:
    """How many records each stage decides in one turn, on both workers together."""
    return [sum(worker.turn(stage) for worker in run.workers.values()) for stage in stages]


def held(run: Running, stage: str) -> int:
    """How many records wait in a stage."""
    return sum(len(held_by(worker.books[stage])) for worker in run.workers.values())


def test_a_lead_waits_nowhere_on_its_way(run: Running) -> None:
    """Each agent decides it with the turn in which it finds it."""
    assert turns(run, "intake", "identify", "qualify", "route") == [1, 1, 1, 1]


def test_what_became_of_it_waits_for_a_moment(run: Running) -> None:
    """And is decided by itself where nothing else comes."""
    turns(run, "intake", "identify", "qualify", "route")

    assert (turns(run, "qualify"), held(run, "qualify")) == ([0], 1)
    run.kafka.time.sleep(MOMENT_S)
    assert (turns(run, "qualify"), held(run, "qualify")) == ([1], 0)


def test_what_became_of_it_goes_with_the_next_lead(run: Running) -> None:
    """Of the same company, so that both are in one partition."""
    turns(run, "intake", "identify", "qualify", "route")
    assert turns(run, "qualify") == [0]
    run.office.lead(5, "demo_request", None, "leads.raw")

    assert turns(run, "intake", "identify", "qualify") == [1, 1, 2]


def test_the_provider_is_asked_in_a_moment(run: Running) -> None:
    """For all companies of that moment together."""
    turns(run, "intake", "identify", "qualify")

    assert (turns(run, "enrich"), held(run, "enrich")) == ([0], 1)
    run.kafka.time.sleep(MOMENT_S)
    assert turns(run, "enrich") == [1]


def test_what_a_stage_calls_unhurried_exists() -> None:
    """A name with a mistake in it would make everything hurried."""
    named = {name for stage in MADE for name in stage.unhurried}

    assert named
    assert named <= CATALOGUE.keys()
