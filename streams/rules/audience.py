"""Which waiting leads become free together: those that the same reps could take."""


def audience(
    team: str,
    owners: tuple[str | None, str | None],
    territory: str | None,
    specialty: str | None,
    excluded: tuple[str, ...],
    *,
    kinds: tuple[str, ...] = (),
    hot_lane: bool,
) -> str:
    """A text that is equal for leads which any rep could take all or none of.

    If nobody is eligible for one of them, nobody is for the others: so a wake-up asks once for
    each audience and not once for each lead. Names have no `/` (policy, Name).
    """
    lane = "hot_lane" if hot_lane else ""
    parts = (team, owners[0] or "", owners[1] or "", territory or "", specialty or "", lane)
    return "/".join((*parts, *sorted(excluded), "", *kinds))
