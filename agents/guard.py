"""The one place that catches everything: a failure becomes a value, or ends the process."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from agents.leaving import leave_for_error

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that raised."""

    error: Exception


def attempt(call: Callable[[], T], *, passing: tuple[type[Exception], ...] = ()) -> T | Failure:
    """What the call returns, or its failure as a value.

    Exceptions of the types in `passing` go through: the world is at fault, not this event.
    """
    try:
        return call()
    except passing:
        raise
    except Exception as error:  # noqa: BLE001 - the one place that catches everything
        return Failure(error)


def or_leave(call: Callable[P, T]) -> Callable[P, T]:
    """The call, but an exception ends the process: librdkafka would go on as if nothing were."""

    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the one place that catches everything
            leave_for_error(call.__name__, error)

    return guarded


def or_leave_async(call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """The same for a coroutine; being cancelled is no error."""

    async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await call(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the one place that catches everything
            leave_for_error(call.__name__, error)

    return guarded
