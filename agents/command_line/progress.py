"""How far a command is: on stderr, on a terminal only, once it takes over a second."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from agents.clock import steady_s

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

SILENT_S = 1.0


class Progress:
    """A bar that appears by itself when it is worth it."""

    def __init__(self, doing: str) -> None:
        """`doing` is what stands before the bar, such as `Reading`."""
        self._doing = doing
        self._began_s = steady_s()
        self._shown = sys.stderr.isatty()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Nothing is shown yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int | None) -> None:
        """So much is done; `total` None where nobody knows how much there is."""
        if self._shown and steady_s() - self._began_s >= SILENT_S:
            bar, task = self._visible()
            bar.update(task, completed=done, total=total)

    def _visible(self) -> "tuple[Bar, TaskID]":
        from rich.console import Console
        from rich.progress import Progress as Bar

        if self._bar is None or self._task is None:
            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._doing, total=None)
            self._bar.start()
        return self._bar, self._task
