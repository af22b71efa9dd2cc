"""A worker's stable name: what lets its restart fence its own past and keep its partitions."""

import fcntl
import socket
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from agents.leaving import StayDown

SLOTS = 64


class Slot:
    """The first slot of this host whose lock file is free; free again when the process ends.

    The lock is the kernel's, so a kill leaves none behind. Raises `StayDown` when the folder cannot
    be written or every slot is taken.
    """

    def __init__(self, folder: Path, agents: str) -> None:
        """`agents` tells workers of different agents on one host apart, in their names too.

        Else a worker of all agents and one of a single agent, each in its first slot, would fence
        each other.
        """
        self._file, number = _first_free(folder, agents)
        self.name = f"{socket.gethostname()}-{agents}-{number}"

    def __enter__(self) -> Self:
        """Holds the slot."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Frees the slot."""
        self._file.close()


def _first_free(folder: Path, agents: str) -> tuple[IO[str], int]:
    make_folder(folder)
    try:
        for number in range(SLOTS):
            file = (folder / f"{agents}-{number}.lock").open("w")
            if _lock(file):
                return file, number
            file.close()
    except OSError as error:
        raise _unusable(folder, error) from None
    msg = f"all {SLOTS} slots in {folder} are taken: set LEADSTREAM_INSTANCE to a name of its own"
    raise StayDown(msg)


def make_folder(folder: Path) -> None:
    """Makes the data folder. Raises `StayDown` where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from None


def _unusable(folder: Path, error: OSError) -> StayDown:
    return StayDown(
        f"the data folder {folder} cannot be used ({error.strerror}): set LEADSTREAM_DATA to a "
        "folder that can be written"
    )


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
