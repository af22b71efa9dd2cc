"""`python -m schemas write|check|compat`: keeps models, Avro schemas and golden examples one."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from schemas.release import Tree, compatibility, drift, write
from schemas.topics import event_models
from schemas.unreadable import Unreadable

_HERE = Path(__file__).parent


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m schemas", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write", help="write what changed, as the record's next version")
    writing.add_argument(
        "--again",
        action="store_true",
        help="write the newest versions anew; only for versions that nobody has seen yet",
    )
    commands.add_parser("check", help="fail where models, schemas and examples differ")
    commands.add_parser("compat", help="fail where a version could not be read any more")
    return parser.parse_args(words)


def run(tree: Tree, command: str, *, again: bool = False) -> tuple[list[str], list[str]]:
    """Runs one command; returns what it did and what is wrong, as lines.

    Raises as the commands do: `OSError`, `ValueError` and `Unreadable` for files that cannot be
    read or written.
    """
    if command == "write":
        written, faults = write(tree, again=again)
        return [f"wrote {path}" for path in written], faults
    return [], drift(tree) if command == "check" else compatibility(tree)


def _shortest(folder: Path) -> Path:
    """The folder as seen from where the command runs, so that its sentences stay readable."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def main(words: Sequence[str] | None = None, tree: Tree | None = None) -> int:
    """The command. Exit codes: 0 fine, 1 drift or an incompatible change, 2 wrong usage."""
    given = _arguments(words)
    tree = tree or Tree(_shortest(_HERE), event_models())
    try:
        done, faults = run(tree, given.command, again=getattr(given, "again", False))
    except (OSError, ValueError, Unreadable) as error:
        done, faults = [], [f"the files in {tree.folder} cannot be used: {error}"]
    print("\n".join([*done, f"{given.command}: {'failed' if faults else 'fine'}"]))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
