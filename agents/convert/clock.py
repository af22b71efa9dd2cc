"""The `at` of every line. It comes from the file alone, never from the machine's clock."""

from collections.abc import Callable


class ExportClock:
    """Gives rows without a date one, and notices whether times run forwards.

    A row without a date gets `given` where the caller names it; else the date of the nearest row
    above that has one; above the first such row, that row's. The file's order is kept.
    """

    def __init__(self, given: int | None, find_first: Callable[[], int]) -> None:
        """`find_first` gives the first date of the file (ms) and raises if there is none."""
        self._given = given
        self._find_first = find_first
        self._known: int | None = None
        self._last: int | None = None
        self.ascending = True

    def at(self, created: int | None) -> int:
        """The time of the next line, milliseconds since the epoch, UTC."""
        if created is not None:
            self._known = at = created
        else:
            at = self._stand_in()
        self.ascending = self.ascending and (self._last is None or at >= self._last)
        self._last = at
        return at

    def _stand_in(self) -> int:
        if self._given is not None:
            return self._given
        if self._known is None:
            self._known = self._find_first()
        return self._known
