"""The tests of streams cannot reach anybody: what they decide they have from data."""

import socket

import pytest

from tests.sockets import NoNetwork


def test_nobody_can_be_reached_from_here() -> None:
    """Design, section 2: the tests run with sockets blocked, this machine's own ports included."""
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(NoNetwork):
        socket.create_connection(server.getsockname(), timeout=1)
