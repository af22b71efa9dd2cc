"""No way out of the machine, for tests of what must not look for one."""

import socket
from typing import Never

import pytest

NETWORKS = frozenset({socket.AF_INET, socket.AF_INET6})
connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
Address = tuple[str, int] | str | bytes


class NoNetwork(Exception):
    """Somebody wanted out. No `OSError`: a library must not take it for a bad connection."""


def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks connections and look-ups of names until the test's end.

    Sockets within the process stay: the event loop needs a pair.
    """

    def refused_connect(self: socket.socket, address: Address) -> None:
        _refuse_network(self)
        connect(self, address)

    def refused_connect_ex(self: socket.socket, address: Address) -> int:
        _refuse_network(self)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", refused_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", refused_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)


def _refuse_network(client: socket.socket) -> None:
    if client.family in NETWORKS:
        _refuse()


def _refuse(*_arguments: object, **_options: object) -> Never:
    raise NoNetwork("streams and schemas decide from data: this test may not reach anybody")
