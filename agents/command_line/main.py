"""The program `leadstream`.

Nothing is imported at the top that takes time: Ctrl-C during start must end in one line, too.
"""

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn


def main() -> None:
    """Runs the command that the process was started with, and ends the process."""
    _open_closed_streams()
    try:
        from agents.command_line.running import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _interrupted()
    sys.exit(code)


def _open_closed_streams() -> None:
    """A stream that the caller has closed leads nowhere, instead of not being there at all."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open until the process ends
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the same
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the same


def _interrupted() -> NoReturn:
    """Leaves at once: a client that still waits for a broker would hold a normal exit up."""
    shown_again = "\x1b[?25h" if sys.stderr.isatty() else ""
    os.write(2, f"{shown_again}leadstream: interrupted\n".encode())
    os._exit(130)


if __name__ == "__main__":
    main()
