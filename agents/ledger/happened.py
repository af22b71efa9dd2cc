"""What happens in a stage, for those who watch it: logs, spans and metrics."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from agents.ledger.records import Sent

Share = tuple[str, int]
"""Topic by the catalogue, without the deployment's prefix, and partition."""


class Committed(NamedTuple):
    """A batch was committed just now."""

    stage: str
    records: int
    sent: list[Sent]
    decide_s: float
    commit_s: float
    waited_s: float = 0.0
    """How long the record that waited longest had been in its topic when the batch began."""


class Aborted(NamedTuple):
    """A batch was not committed and is decided again; `tried_s` is how long committing took."""

    stage: str
    records: int
    tried_s: float


class Moved(NamedTuple):
    """Partitions were gained or lost: a rebalance."""

    stage: str
    gained: bool
    partitions: int


class Restored(NamedTuple):
    """Partitions take records; `took_s` since they were gained."""

    stage: str
    partitions: int
    rows: int
    took_s: float


class Stands(NamedTuple):
    """How a stage stands here, told again every few seconds."""

    stage: str
    lags: Mapping[Share, int]
    """Records of each partition of ours that are not decided yet; transaction markers count, so
    that at rest a few are left."""
    counts: Counter[str]
    """What the stage counted in those partitions since the beginning, as committed."""


Happened = Committed | Aborted | Moved | Restored | Stands
