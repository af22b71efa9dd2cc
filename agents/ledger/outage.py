"""A schema registry that does not answer: nobody's event is at fault, so it is waited for."""

import time

import structlog

from agents.clock import steady_s
from agents.kafka.unavailable import RegistryUnavailable

AGAIN_S = 1.0
"""So long is waited before a batch is tried again; the group goes on seeing us."""
SAY_AGAIN_S = 10.0
log = structlog.get_logger("leadstream.ledger")


class Outage:
    """Says that it waits, as long as it lasts, and when it is over."""

    def __init__(self, stage: str) -> None:
        """There is none."""
        self._stage = stage
        self._began_s: float | None = None
        self._said_s = 0.0

    def wait(self, error: RegistryUnavailable) -> None:
        """Waits a little before the next try."""
        now = steady_s()
        if self._began_s is None:
            self._began_s, self._said_s = now, now - SAY_AGAIN_S
        if now - self._said_s >= SAY_AGAIN_S:
            self._said_s = now
            log.warning(
                "waiting for the schema registry",
                stage=self._stage,
                why=str(error),
                waited_s=int(now - self._began_s),
            )
        time.sleep(AGAIN_S)

    def over(self) -> None:
        """A batch was decided."""
        if self._began_s is not None:
            waited_s = int(steady_s() - self._began_s)
            log.info("the schema registry answers again", stage=self._stage, waited_s=waited_s)
            self._began_s = None
