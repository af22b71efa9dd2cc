"""The peers that do the work of `work.py`, and how each is started."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.peers import ours
from tests.peers.quix_python import quix_python
from tests.peers.work import HOPS

QUIX = Path(__file__).with_name("quix.py")


@dataclass(frozen=True, slots=True)
class Peer:
    """A stream processor with its settings."""

    name: str
    settings: str
    command: Callable[[], tuple[str, ...]]
    """What is run as a worker. May raise `QuixUnavailableError`."""


def _module(module: str, *arguments: str, **environment: str) -> tuple[str, ...]:
    pairs = (f"{name}={value}" for name, value in environment.items())
    return ("env", *pairs, sys.executable, "-m", module, *arguments)


def _faust(guarantee: str) -> tuple[str, ...]:
    arguments = ("worker", "-l", "warn", "--without-web")
    return _module("tests.peers.plain_faust", *arguments, PEER_GUARANTEE=guarantee)


def _quix(guarantee: str, commit_s: str) -> tuple[str, ...]:
    settings = (f"PEER_GUARANTEE={guarantee}", f"PEER_COMMIT_S={commit_s}")
    return ("env", "-u", "PYTHONPATH", *settings, str(quix_python()), str(QUIX), *HOPS)


PEERS = (
    Peer("leadstream", "its ledger, as it comes", lambda: _module(ours.__name__)),
    Peer("bare", "confluent-kafka transactions", lambda: _module("tests.peers.bare")),
    Peer("Quix Streams", "exactly-once, 0.01 s", lambda: _quix("exactly-once", "0.01")),
    Peer("Quix Streams", "exactly-once, 5 s", lambda: _quix("exactly-once", "5")),
    Peer("Quix Streams", "at-least-once, 5 s", lambda: _quix("at-least-once", "5")),
    Peer("plain Faust", "at_least_once", lambda: _faust("at_least_once")),
    Peer("plain Faust", "exactly_once", lambda: _faust("exactly_once")),
)
