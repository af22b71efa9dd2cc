"""The policy's part about what people are told of the pipeline as a whole."""

from streams.policy.quantities import DAY_MS, MINUTE_MS, Duration
from streams.policy.section import Section


class Oversight(Section):
    """Of what sales operations hear, beside leads and reps."""

    assigned_within: Duration | None = MINUTE_MS
    """Alert when a pushed lead came to its owner later than this after capture (PERF-01)."""
    review_every: Duration | None = 90 * DAY_MS
    """Remind when no version has come into force for so long, and again after it (CFG-01)."""
