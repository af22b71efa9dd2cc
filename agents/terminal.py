"""Standard output for tables and help, whoever reads it."""

from typing import Never

from rich.console import Console


class Terminal(Console):
    """Like rich's own, but a reader that has gone away is told to us, not by exit code 1."""

    def on_broken_pipe(self) -> Never:
        """Lets `ending` decide: whoever read our output has what they wanted."""
        raise BrokenPipeError
