"""What is free goes back to the system."""

import os
import platform

import pytest

from agents import memory
from agents.bench import machine

BLOCK, BLOCKS = 1_000, 100_000
"""Larger than what Python's own allocator takes from the C library in one piece."""
MUCH_MB = BLOCK * BLOCKS / 1e6 / 2


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other library can")
def test_what_lies_free_between_what_stays_goes_back() -> None:
    """And would stay, if nobody asked: the last of the blocks holds on to all below it."""
    blocks = [bytes(BLOCK) for _ in range(BLOCKS)]
    full = machine.memory_mb(os.getpid()) or 0.0
    del blocks[:-1]
    free = machine.memory_mb(os.getpid()) or 0.0
    memory.give_back()
    after = machine.memory_mb(os.getpid()) or 0.0
    assert full - free < MUCH_MB
    assert full - after > MUCH_MB


def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has no such call, as musl or that of macOS."""
    monkeypatch.setattr("agents.memory.ctypes.CDLL", lambda _name: object())
    memory.give_back()
