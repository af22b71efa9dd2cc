"""What spans and metrics have in common on their way to an OTLP receiver that may not be there."""

import logging
import threading
from collections.abc import Callable

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


def listen() -> None:
    """From now on OpenTelemetry's own log is our warning."""
    chatter = logging.getLogger("opentelemetry")
    chatter.propagate, chatter.handlers = False, [Complaints()]


def flush(shutdown: Callable[[], object], give_up: Callable[[], object]) -> None:
    """Exports what is left, for two seconds at most; the SDK itself would wait for thirty."""
    last = threading.Thread(target=shutdown, daemon=True)
    last.start()
    last.join(FLUSH_S)
    if last.is_alive():
        give_up()
