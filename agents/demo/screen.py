"""What a person sees of the demo: a live table in a terminal, lines elsewhere."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agents.demo.story import Story
from agents.terminal import Terminal


class Screen:
    """Shows a story as it goes; on stderr, so that stdout stays for the result."""

    def __init__(self, story: Story) -> None:
        """Shows nothing yet."""
        self._story = story
        self._console = Console(stderr=True)
        self._live: Live | None = None

    def __enter__(self) -> Self:
        """Begins to show."""
        if self._console.is_terminal:
            self._live = Live(
                console=self._console, refresh_per_second=8, get_renderable=self._picture
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Shows the last picture and gives the terminal back."""
        if self._live is not None:
            self._live.stop()

    def say(self, sentence: str) -> None:
        """One line of progress."""
        self._console.print(sentence, highlight=False)

    def _picture(self) -> Group:
        so_far = {"sent": len(self._story.sent_at_s)} | self._story.result(admitted=0)
        counts = Table(box=None, pad_edge=False)
        for name in ("sent", "assigned", "pooled", "nurtured", "rejected", "waiting"):
            counts.add_column(name, justify="right")
        counts.add_row(*[str(so_far[name]) for name in counts_of(counts)])
        reps = Table("rep", "leads", box=None, pad_edge=False)
        for rep, leads in sorted(self._story.reps.items()):
            reps.add_row(rep, f"{leads:4d} " + "■" * min(40, leads))
        lines = Text("\n".join(self._story.latest), no_wrap=True, overflow="ellipsis")
        return Group(counts, Panel(lines, title="latest decisions", height=12), reps)


def counts_of(table: Table) -> list[str]:
    """The names of a table's columns."""
    return [str(column.header) for column in table.columns]


def print_result(result: dict[str, object]) -> None:
    """The end of the story as a table on stdout."""
    table = Table(title="every lead has its place", title_justify="left")
    table.add_column("what")
    table.add_column("how many", justify="right")
    for name, value in result.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, number in parts:
            table.add_row(f"{name} {part}".rstrip(), str(number))
    Terminal(file=sys.stdout).print(table)
