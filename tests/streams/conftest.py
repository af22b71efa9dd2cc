"""Tests of streams run with sockets blocked: nothing there may look outside (design, section 2)."""

import pytest

from tests.sockets import without_network


@pytest.fixture(autouse=True)
def _blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test of this folder."""
    without_network(monkeypatch)
