"""Where a stage runs, and who is told what happens there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.ledger.happened import Happened
from agents.ledger.partition import Policies
from agents.ledger.trace import EVERY_TRACE
from agents.settings import Kafka
from schemas.codec import Codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What a stage needs to run somewhere."""

    kafka: Kafka
    instance: str
    data: Path
    """Folder that Faust insists on; nothing is kept there."""
    codec: Codec
    policies: Policies
    happened: Callable[[Happened], None]
    """Is told of what happens, in the stage's own thread."""
    trace_bound: int = EVERY_TRACE
    """Which new traces are sampled, see `bound_of`."""
