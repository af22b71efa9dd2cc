"""What spans and metrics have in common on their way to an OTLP receiver that may not be there."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog

from agents.clock import steady_s

EXPORT_S = 5.0
"""How long one export may take, repeats included."""
FLUSH_S = 2.0
"""How long a worker's end waits for what is left."""
WARN_AGAIN_S = 60.0

log = structlog.get_logger("leadstream")


class Complaints(logging.Handler):
    """Turns what OpenTelemetry logs (no receiver, queue full) into our warning, once a minute."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        super().__init__(logging.WARNING)
        self._silent_until_s = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Logs a complaint, unless another was logged within the last minute."""
        now = steady_s()
        if now >= self._silent_until_s:
            self._silent_until_s = now + WARN_AGAIN_S
            log.warning("telemetry not exported", why=record.getMessage())


class Exporting:
    """Takes committed batches for as long as it is entered; a thread of its own exports.

    A receiver that cannot be reached neither delays nor ends anything: what was for it is lost.
    """

    def __init__(self, shutdown: Callable[[], object], give_up: Callable[[], object]) -> None:
        """`shutdown` exports what is left; `give_up` ends that. OpenTelemetry's log is ours now."""
        self._shutdown, self._give_up = shutdown, give_up
        chatter = logging.getLogger("opentelemetry")
        chatter.propagate, chatter.handlers = False, [Complaints()]

    def __enter__(self) -> Self:
        """Takes batches."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Exports what is left, for two seconds at most; the SDK itself would wait for thirty."""
        last = threading.Thread(target=self._shutdown, daemon=True)
        last.start()
        last.join(FLUSH_S)
        if last.is_alive():
            self._give_up()
