"""What a manager did about a rep is said on `alerts`: who, why, and what it changes."""

from schemas.outputs import Alert
from schemas.pools import RepPaused, TurnAdjusted
from streams.steps.work import Work


def tell(
    work: Work,
    kind: str,
    said: RepPaused | TurnAdjusted,
    *,
    value: str,
    limit: str,
    detail: str,
) -> None:
    """One alert for the rep: `by` and `why` are the manager's, nothing else is personal."""
    desk, team = work.policy.desk_of_rep(said.rep_id), work.policy.team_of_rep(said.rep_id)
    event = Alert(
        **work.common(kind, desk, team),
        kind=kind,
        severity="info",
        subject=said.rep_id,
        value=value,
        limit=limit,
        detail=detail,
        by=said.by,
        why=said.reason,
    )
    work.say("alerts", said.rep_id, event)
