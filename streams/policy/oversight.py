"""The policy's part about what people are told of the pipeline as a whole."""

from streams.policy.quantities import MINUTE_MS, Duration
from streams.policy.section import Section


class Oversight(Section):
    """Of what sales operations hear, beside leads and reps."""

    assigned_within: Duration | None = MINUTE_MS
    """Alert when a pushed lead came to its owner later than this after capture (PERF-01)."""
