"""The output file: whole or not there at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from agents.convert.problems import OutputError

_BUFFER_BYTES = 1 << 20
_ANYBODY = 0o666
"""Narrowed by the umask of the process, as for every new file."""


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of `target` when the block ends without an error.

    It is a hidden file in the same folder until then, so neither a full disk nor Ctrl-C leaves a
    half file, and what stood there before stays. A device or pipe is written directly. Raises
    `OutputError`.
    """
    with reported(target):
        place = target.resolve()
        if place.exists() and not place.is_file():
            with place.open("wb") as stream:
                yield stream
            return
        partial = place.with_name(f".leadstream-{secrets.token_hex(8)}.partial")
        try:
            with _created(partial) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _keep_mode(place, partial)
            partial.replace(place)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def reported(target: Path | None) -> Iterator[None]:
    """Turns a failure to write into `OutputError`; None is the standard output."""
    try:
        yield
    except OSError as error:
        name = target or "the output"
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"cannot write {name}: {reason}; nothing was changed there, choose another place"
            " or make room."
        ) from error


def _created(partial: Path) -> BinaryIO:
    handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _ANYBODY)
    return os.fdopen(handle, "wb", buffering=_BUFFER_BYTES)


def _keep_mode(place: Path, partial: Path) -> None:
    if place.exists():
        partial.chmod(place.stat().st_mode & 0o7777)
