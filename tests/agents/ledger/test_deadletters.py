"""How many dead letters are too many, and what stands in one."""

import pytest

from agents.leaving import StayDown
from agents.ledger.deadletters import DeadLetterLimit, TooManyDeadLetters, letter
from agents.ledger.records import Incoming

RECORD = Incoming("routing.inbox", 3, 17, 1_000, b"key", b"\x00\xffbytes")


def passes(outcomes: list[bool]) -> bool:
    """Whether the limit lets these outcomes through (True: the step failed)."""
    limit = DeadLetterLimit()
    try:
        for failed in outcomes:
            limit.note(failed=failed)
    except TooManyDeadLetters:
        return False
    return True


def test_nineteen_of_nineteen_pass_and_twenty_of_twenty_do_not() -> None:
    """At least 20, or a quiet topic would stop at its first bad record."""
    assert passes([True] * 19)
    assert not passes([True] * 20)


def test_five_percent_of_a_thousand_pass_and_one_more_does_not() -> None:
    """More than 5 % of the last 1 000."""
    assert passes([False] * 950 + [True] * 50)
    assert not passes([False] * 949 + [True] * 51)


def test_only_the_latest_thousand_count() -> None:
    """Failures of yesterday do not stop a worker that has mended its ways."""
    assert passes([True] * 19 + [False] * 1_000 + [True] * 19)


def test_a_share_below_the_limit_passes_for_ever() -> None:
    """One in twenty-five is below 5 %, however long it goes on."""
    assert passes(([False] * 24 + [True]) * 200)


def test_a_batch_that_is_decided_again_counts_once() -> None:
    """One bad record in a batch that the broker aborts again and again is one bad record."""
    limit = DeadLetterLimit()
    for _ in range(40):
        limit.note(failed=True)
        limit.rollback()
    for _ in range(19):
        limit.note(failed=True)
        limit.commit()
    with pytest.raises(TooManyDeadLetters):
        limit.note(failed=True)


def test_too_many_dead_letters_are_not_cured_by_a_restart() -> None:
    """A bad deployment stays down until somebody looks."""
    assert issubclass(TooManyDeadLetters, StayDown)


def test_a_dead_letter_has_the_original_bytes_and_the_place() -> None:
    """Original bytes, reason, place, kind of error: all that a replay needs."""
    dead = letter("route", RECORD, ValueError("no such rep"), now=2_000, policy_version=4)
    assert dead.original == RECORD.value
    assert dead.key == RECORD.key
    assert (dead.source.topic, dead.source.partition, dead.source.offset) == (
        "routing.inbox",
        3,
        17,
    )
    assert (dead.reason, dead.error_type, dead.stage) == ("step_failed", "ValueError", "route")
    assert (dead.at, dead.policy_version, dead.caused_by) == (2_000, 4, "routing.inbox/3/17")


def test_a_dead_letter_names_the_event_that_its_headers_name() -> None:
    """The failed event's id leads from the dead letter back to it."""
    record = RECORD._replace(headers=(("event_id", b"abc"),))
    assert letter("route", record, ValueError(), now=1, policy_version=None).caused_by == "abc"


@pytest.mark.parametrize("other", [RECORD._replace(offset=18), RECORD._replace(partition=2)])
def test_the_id_of_a_dead_letter_is_the_places(other: Incoming) -> None:
    """The same record gives the same id on every replay, another one another."""
    ids = [letter("route", one, ValueError(), now=1, policy_version=None).event_id
           for one in (RECORD, RECORD, other)]  # fmt: skip
    assert ids[0] == ids[1] != ids[2]
