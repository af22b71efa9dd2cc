"""What streams may not know, file by file, and that its tests have no way out of the machine."""

import ast
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checks import breaches, sources
from tests.sockets import NoNetwork, without_network

OUTSIDE = {
    "asyncio", "calendar", "ctypes", "getpass", "glob", "http", "io", "locale", "logging",
    "multiprocessing", "os", "pathlib", "platform", "random", "secrets", "select", "selectors",
    "shutil", "signal", "socket", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib", "uuid",
}  # fmt: skip
"""Clock, chance, disk, network, threads, and what differs from machine to machine."""
PUBLISHING = Path("streams/policy/foreign.py")
ALLOWED = {(PUBLISHING, "pathlib")}
"""A policy's release names the versions of other people's data, so one file reads them."""


def outside(path: Path, text: str) -> Iterator[str]:
    """Streams import nothing through which the world could change a decision."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in sorted(_imported(node) & OUTSIDE):
                if (path, name) not in ALLOWED:
                    yield f"{path}:{node.lineno}: imports {name}; in streams everything is data."


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The top-level modules that an import statement names."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]}


def test_streams_import_nothing_from_outside() -> None:
    """Design, section 2: no clock, no I/O, no asyncio, no Kafka, no logging, no chance."""
    assert breaches(outside, sources("streams")) == []


@pytest.mark.parametrize(
    "line",
    ["import time", "from os import environ", "import http.client", "from io import StringIO"],
)
def test_an_import_from_outside_is_seen(line: str) -> None:
    """Twin: one import inside a function is enough."""
    text = f"def step() -> None:\n    {line}\n"
    assert len(list(outside(Path("streams/wrong.py"), text))) == 1


def test_what_one_file_may_no_other_may() -> None:
    """Twin: the exception is for the file that makes a release."""
    assert list(outside(PUBLISHING, "import pathlib")) == []
    assert list(outside(Path("streams/wrong.py"), "import pathlib")) != []


def connect(kind: socket.AddressFamily, address: tuple[str, int]) -> None:
    """Tries to reach somebody."""
    with socket.socket(kind) as client:
        client.settimeout(0.01)
        client.connect(address)


@pytest.mark.parametrize(
    ("kind", "address"),
    [(socket.AF_INET, ("127.0.0.1", 9)), (socket.AF_INET6, ("::1", 9))],
)
def test_a_blocked_test_reaches_nobody(
    monkeypatch: pytest.MonkeyPatch, kind: socket.AddressFamily, address: tuple[str, int]
) -> None:
    """The tests of streams and schemas run with sockets blocked, loopback included."""
    without_network(monkeypatch)
    with pytest.raises(NoNetwork):
        connect(kind, address)
    with pytest.raises(NoNetwork):
        socket.create_connection(address)
    with pytest.raises(NoNetwork):
        socket.getaddrinfo("leads.example", 80)


def test_a_pair_of_sockets_within_the_process_is_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test runner's own event loop wakes itself through one."""
    without_network(monkeypatch)
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"x")
        assert other.recv(1) == b"x"


def test_without_the_block_a_test_reaches_somebody() -> None:
    """Twin: it is the block that answers, not this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connect(socket.AF_INET, server.getsockname())
