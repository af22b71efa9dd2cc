"""What is refused behind intake can come in again, as often as it is refused."""

import pytest

from schemas.codec import encode
from schemas.inner import CommandReceived, Origin, Refusal
from schemas.outputs import LeadRejected, LeadScored
from schemas.reps import RepChanged
from streams.policy.quantities import MINUTE_MS
from streams.tables import count
from tests.streams.policies import policy
from tests.streams.steps.desk_bench import STAGE, DeskBench
from tests.streams.steps.journey import NOON, Journey, behaviour, captured, one

RULES = policy()
WAIT_MS = 11 * MINUTE_MS
"""Longer than unknown people are waited for."""


def test_an_event_refused_twice_by_identify_is_two_letters_of_which_one_counts() -> None:
    """Each letter has an id of its own; one that comes in again takes its count back."""
    journey = Journey(RULES)
    journey.send(behaviour("1", email="jane@acme.com"))
    first = one(journey.until(NOON + WAIT_MS), LeadRejected)
    journey.again(first, NOON + WAIT_MS)
    assert journey.count("identify", "rejected:unknown_lead") == 0
    second = one(journey.until(NOON + 2 * WAIT_MS), LeadRejected)
    assert first.event_id != second.event_id
    assert journey.count("identify", "rejected:unknown_lead") == 1
    journey.again(second, NOON + 2 * WAIT_MS)
    journey.send(captured("2"), NOON + 2 * WAIT_MS)
    assert [scored.score for scored in journey.only(LeadScored)] == [10, 20]
    assert journey.count("identify", "rejected:unknown_lead") == 0


def test_an_event_refused_twice_by_qualify_is_two_letters_of_which_one_counts() -> None:
    """The mark reaches the agent that refused it, and only that one lowers its count."""
    journey = Journey(RULES)
    for tables in journey.tables.values():
        count(tables, "rejected:no_open_lead", 5)
    journey.send(captured("1", lead_id="L1", email="jane@acme.com"))
    journey.outcome("L1", "closed", "lost")
    first = one(journey.send(behaviour("2", email="jane@acme.com")), LeadRejected)
    second = one(journey.again(first), LeadRejected)
    assert (first.stage, second.stage) == ("qualify", "qualify")
    assert first.event_id != second.event_id
    assert journey.count("qualify", "rejected:no_open_lead") == 6
    journey.send(captured("3", email="jane@acme.com"))
    one(journey.again(second), LeadScored)
    counts = [journey.count(stage, "rejected:no_open_lead") for stage in journey.tables]
    assert counts == [5, 5, 5]


@pytest.mark.parametrize(("stage", "left"), [("route", 1), ("qualify", 2)])
def test_a_command_that_route_had_refused_takes_routes_count_back(stage: str, left: int) -> None:
    """Route's own count, and only for its own refusals."""
    bench = DeskBench(RULES)
    count(bench.tables, "rejected:not_released", 2)
    changed = RepChanged(event_id="1", occurred_at=NOON, rep_id="bob", available=False)
    event = CommandReceived(
        event_id="e",
        type="rep.changed",
        captured_at=NOON,
        origin=Origin(topic="reps.events", partition=0, offset=0),
        event=encode(changed),
        desk="main",
        replayed=Refusal(stage=stage, reason="not_released"),
    )
    list(STAGE.steps[CommandReceived](bench.tables, event, RULES, NOON))
    row = bench.tables.counts.get("rejected:not_released")
    assert row is not None
    assert row.value == left


def test_a_mark_lowers_no_count_below_nothing() -> None:
    """It comes from a header that anybody may have written."""
    journey = Journey(RULES)
    journey.send(captured("1"), replayed=True)
    assert journey.count("identify", "rejected:step_failed") == 0
