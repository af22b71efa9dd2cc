"""Where in the funnel a lead is: awareness, consideration, decision (QUAL-14)."""

_STAGES = {
    "new": "tofu",
    "engaged": "mofu",
    "mql": "mofu",
    "nurture": "mofu",
    "sal": "bofu",
    "sql": "bofu",
    "customer": "bofu",
    "disqualified": "tofu",
}


def stage_of(status: str, *, hot: bool) -> str:
    """`tofu`, `mofu` or `bofu`; a hot lead is at its decision whatever its status (HOT-01)."""
    return "bofu" if hot and status != "disqualified" else _STAGES[status]
