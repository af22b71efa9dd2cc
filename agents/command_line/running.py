"""One run of the command line: parses, calls, and turns whatever happens into an exit code."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from agents.command_line.ending import DONE, Refused, ending_of
from agents.command_line.program import program
from agents.guard import Failure, attempt


def run(tokens: Sequence[str]) -> int:
    """Runs a command; gives its exit code. `KeyboardInterrupt` passes through."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # The same bytes whatever the locale says; a name in kanji must not end a command.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    outcome = attempt(lambda: _call(tokens))
    if not isinstance(outcome, Failure):
        return outcome
    _abandon_output()
    ending = ending_of(outcome.error)
    attempt(lambda: [print(f"leadstream: {one}", file=sys.stderr) for one in ending.sentences])
    return ending.code


def _call(tokens: Sequence[str]) -> int:
    for word in tokens:
        if not word.isprintable() and any("\udc80" <= sign <= "\udcff" for sign in word):
            shown = os.fsencode(word).decode("utf-8", "backslashreplace")
            raise Refused(f"the argument {shown} is not UTF-8 text: rename it or write it anew")
    # cyclopts takes a lone hyphen for an option; as a path it means the standard input or output.
    code = program()(["./-" if word == "-" else word for word in tokens])
    sys.stdout.flush()
    return code if isinstance(code, int) else DONE


def _abandon_output() -> None:
    """Gives what is still buffered a last chance, then nowhere to fail at the interpreter's end."""
    if isinstance(attempt(sys.stdout.flush), Failure) and isinstance(sys.stdout, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
