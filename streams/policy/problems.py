"""What is wrong with a policy: every problem with its line and column, in one sentence."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

_MOST_PROBLEMS = 100
Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document to an item."""


class Problem(NamedTuple):
    """One thing to put right; line and column count from 1."""

    line: int
    column: int
    path: str
    """Such as `teams.smb.territories[0].reps[1]`; empty for the whole text."""
    reason: str

    def __str__(self) -> str:
        """The place and the reason as one line of text."""
        at = f"line {self.line}, column {self.column}"
        return f"{at} ({self.path}): {self.reason}" if self.path else f"{at}: {self.reason}"


class PolicyError(ValueError):
    """The policy cannot be used; `problems` has what was found, in the order of the text.

    The first hundred: nobody reads more, and a megabyte of mistakes must not become a flood.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keeps the first problems by their place, each once."""
        self.problems = tuple(sorted(set(problems))[:_MOST_PROBLEMS])
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ForeignData(PolicyError):
    """The policy was released with other time zones, holidays or domain suffixes than these.

    Deciding with it here would give other results than elsewhere (design, section 3).
    """


def spell(path: Path) -> str:
    """A path as people write it: names joined by dots, list positions in brackets."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint such as `; did you mean 'smb'?`, or nothing when no known name is similar."""
    found = closest(word, known)
    return f"; did you mean {found!r}?" if found else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a word, or None where none is similar."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), None)
