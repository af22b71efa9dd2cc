"""Policies in files: read, checked, and every complaint with file, line and column."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from agents.command_line.ending import Refused
from agents.command_line.tables import print_json

if TYPE_CHECKING:
    from streams.policy.compiled import Policy

POLICY_BYTES_MAX = 1024 * 1024
"""What a topic takes in one message by default."""


def text_of(file: Path) -> str:
    """The text of a policy file. Raises `Refused`."""
    try:
        with file.open("rb") as stream:
            content = stream.read(POLICY_BYTES_MAX + 1)
    except FileNotFoundError:
        raise Refused(f"{file} is not there: check the name") from None
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}; give a file of yours") from None
    if len(content) > POLICY_BYTES_MAX:
        raise Refused(f"{file} is larger than 1 MiB: that is no policy, check the name")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file} is not UTF-8 text: save the policy as UTF-8") from None


@contextmanager
def problems_of(file: Path | str, *, json: bool = False) -> Iterator[None]:
    """Turns problems of a policy into `Refused`, one sentence each, in the order of the text.

    `file` is where it comes from. With `json` they are printed as one JSON object, too.
    """
    from streams.policy.problems import PolicyError

    try:
        yield
    except PolicyError as error:
        if json:
            print_json({"problems": [one._asdict() for one in error.problems]})
        sentences = [
            f"{file}:{one.line}:{one.column}: {_with_path(one.path, one.reason)}"
            for one in error.problems
        ]
        raise Refused(*sentences) from None


def _with_path(path: str, reason: str) -> str:
    return f"{path}: {reason}" if path else reason


def compiled(file: Path, *, version: int = 0, json: bool = False) -> "Policy":
    """The policy in a file as a version. Raises `Refused` like `problems_of`."""
    from streams.policy.compiled import compile_policy

    text = text_of(file)
    with problems_of(file, json=json):
        return compile_policy(text, version)
