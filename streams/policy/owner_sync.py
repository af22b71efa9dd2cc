"""The policy's part about owners that people set in the CRM."""

from streams.policy.quantities import MINUTE_MS, Duration
from streams.policy.section import Section


class OwnerSync(Section):
    """How our own assignments are told from owners that people set (decision 0027)."""

    our_users: tuple[str, ...] = ()
    """Users, as the CRM's events name them in `by`, under whom our assignments are written."""
    echo_within: Duration = 10 * MINUTE_MS
    """While `our_users` is empty: so long after an assignment the CRM may still tell us of it."""
