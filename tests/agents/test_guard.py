"""The one place that catches everything."""

import asyncio

import pytest

from agents.guard import Failure, attempt, or_leave, or_leave_async


def broken() -> int:
    """Raises."""
    raise KeyError("x")


def test_a_failure_becomes_a_value() -> None:
    """The caller decides what becomes of the event."""
    outcome = attempt(broken)
    assert isinstance(outcome, Failure)
    assert isinstance(outcome.error, KeyError)
    assert attempt(lambda: 5) == 5


def test_the_worlds_failures_go_through() -> None:
    """What is not the event's fault is not made its value."""
    with pytest.raises(KeyError):
        attempt(broken, passing=(KeyError,))


def test_an_interrupt_goes_through() -> None:
    """Ctrl-C is nobody's poison."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted)
    with pytest.raises(KeyboardInterrupt):
        or_leave(interrupted)()


async def test_being_cancelled_is_no_error() -> None:
    """A task that is stopped in good order does not end the process."""
    task = asyncio.ensure_future(or_leave_async(asyncio.sleep)(60))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
