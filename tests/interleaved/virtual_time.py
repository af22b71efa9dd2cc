"""Time that stands still unless somebody waits: in place of the module `time`."""

from collections.abc import Callable


class VirtualTime:
    """What the product asks of `time`. Wall clock and steady clock are one."""

    passed: Callable[[], None]
    """Is told when time has gone on."""

    def __init__(self, now_ms: int) -> None:
        """Begins at an instant, in milliseconds since the epoch."""
        self._ns = now_ms * 1_000_000
        self.look_s = 0.0
        """How long each look at the steady clock takes: work is slow while it is above 0."""
        self.passed = lambda: None

    @property
    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return self._ns // 1_000_000

    def time_ns(self) -> int:
        """The wall clock."""
        return self._ns

    def monotonic(self) -> float:
        """The steady clock, in seconds."""
        if self.look_s:
            self.sleep(self.look_s)
        return self._ns / 1_000_000_000

    def sleep(self, seconds: float) -> None:
        """Time goes on."""
        self._ns += round(seconds * 1_000_000_000)
        self.passed()
