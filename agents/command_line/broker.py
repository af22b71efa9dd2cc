"""Speaking to the broker from a command: failures become sentences, Ctrl-C works at any time."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from agents.command_line.ending import Failed, Interrupted
from agents.command_line.environment import codec
from agents.guard import Failure, attempt

if TYPE_CHECKING:
    from agents.kafka.reading import Reading
    from agents.settings import Kafka, Settings

T = TypeVar("T")
LOOK_S = 0.05


@contextmanager
def speaking_to(kafka: "Kafka") -> Iterator[None]:
    """Asks whether the broker is there, then turns its refusals into `Failed`.

    `StayDown`, such as for no broker, passes through: it is a sentence already.
    """
    from agents.kafka import failures, reachable

    try:
        patiently(lambda: reachable.check_reachable(kafka))
        yield
    except failures.KINDS as error:
        raise Failed(failures.sentence(error, kafka)) from error


@contextmanager
def reading(found: "Settings") -> "Iterator[Reading]":
    """The same for whoever reads events; says at the end what was passed over."""
    from agents.kafka.reading import Reading

    with speaking_to(found.kafka):
        reader = Reading(codec(found))
        yield reader
    if reader.complaint is not None:
        print(f"leadstream: {reader.complaint}", file=sys.stderr)


def patiently(call: Callable[[], T]) -> T:
    """What the call returns or raises, without being deaf to Ctrl-C meanwhile.

    librdkafka waits inside C code, where Python's signal handlers do not run; so the call gets a
    thread of its own, and the main thread only looks whether it is done.
    """
    outcomes: list[T | Failure] = []
    worker = threading.Thread(target=lambda: outcomes.append(attempt(call)), daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(LOOK_S)
    outcome = outcomes[0]
    if isinstance(outcome, Failure):
        raise outcome.error
    return outcome


@contextmanager
def telling_how_far(so_far: Callable[[], str], interrupted: str = "interrupted") -> Iterator[None]:
    """Ends a command in the middle of sending in a sentence: why, and what was sent until then."""
    from agents.kafka.produce import NotAcknowledged

    try:
        yield
    except NotAcknowledged as error:
        raise Failed(f"{error}; {so_far()}") from None
    except KeyboardInterrupt:
        raise Interrupted(f"{interrupted}; {so_far()}") from None
