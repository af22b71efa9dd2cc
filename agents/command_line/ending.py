"""How a command ends: its exit code, and a sentence on stderr for each thing that is wrong."""

import traceback
from pathlib import Path
from typing import ClassVar, NamedTuple

from cyclopts import CycloptsError

from agents.convert.problems import ConversionError
from agents.leaving import StayDown

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes (contract, section 1); 130 is what shells give for Ctrl-C."""


class Ended(Exception):
    """A command that cannot go on: what, where and what to do, one sentence each."""

    code: ClassVar[int] = FAILED

    def __init__(self, *sentences: str) -> None:
        """At least one."""
        super().__init__(*sentences)
        self.sentences = sentences


class Failed(Ended):
    """It failed at run time."""


class Refused(Ended):
    """Wrong usage or invalid input."""

    code = REFUSED


class Interrupted(Ended):
    """Ctrl-C where there is something to say about how far it came."""

    code = INTERRUPTED


class Ending(NamedTuple):
    """What the user sees of a failure."""

    code: int
    sentences: tuple[str, ...]


def ending_of(error: Exception) -> Ending:
    """Exit code and sentences of a failure; never a traceback, never a person's data."""
    if isinstance(error, BrokenPipeError) or isinstance(error.__cause__, BrokenPipeError):
        # Whoever read our output has what they wanted, as with `| head`.
        return Ending(DONE, ())
    if isinstance(error, Ended):
        return Ending(error.code, error.sentences)
    if isinstance(error, ConversionError):
        return Ending(error.exit_code, (error.sentence,))
    if isinstance(error, CycloptsError):
        return Ending(REFUSED, (_usage(error),))
    return Ending(FAILED, (_failure(error),))


def _failure(error: Exception) -> str:
    if isinstance(error, StayDown):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        place = error.filename or "writing failed"
        return f"{place}: {error.strerror}; mend that and run the command again"
    return _unexpected(error)


def _usage(error: CycloptsError) -> str:
    words = " ".join(str(error).split()).partition(" Available commands:")[0].rstrip(".")
    command = " ".join(("leadstream", *(error.command_chain or ())))
    link = "" if words.endswith("?") else ";"
    return f"{words}{link} `{command} --help` shows what it takes"


def _unexpected(error: Exception) -> str:
    """Names kind and place but not the message, which may hold somebody's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return (
        f"unexpected {type(error).__name__}{place}: this is a mistake in leadstream, please report "
        "it together with the command"
    )
