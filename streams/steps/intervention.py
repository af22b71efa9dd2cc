"""What a manager did about a rep is said on `alerts`: who, why, and what it changes."""

from schemas.pools import RepPaused, TurnAdjusted
from streams.steps.work import About, Work


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
    work.alert(
        kind,
        severity="info",
        subject=said.rep_id,
        value=value,
        limit=limit,
        detail=detail,
        about=About(desk, team, said.by, said.reason),
    )
