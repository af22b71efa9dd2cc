"""Which waiting leads become free together: those that the same reps could take."""


def audience(
    team: str,
    owners: tuple[str | None, ...],
    territory: str | None,
    specialty: str | None,
    excluded: tuple[str, ...],
    *,
    kinds: tuple[str, ...] = (),
    hot_lane: bool,
) -> str:
    """A text that is equal for leads which any rep could take all or none of.

    If nobody is eligible for one of them, nobody is for the others: so a wake-up asks once for
    each audience and not once for each lead. `owners`: of the account, of the named
    account, then who works an account that has neither. Names have no `/` (policy, Name).
    """
    lane = "hot_lane" if hot_lane else ""
    parts = (team, territory or "", specialty or "", lane, *sorted(excluded), "", *kinds, "")
    return "/".join((*parts, *(owner or "" for owner in owners)))
