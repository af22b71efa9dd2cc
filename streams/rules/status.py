"""A lead's status: what marketing earned, then what sales says about it (LIFE-01, LIFE-03)."""

from typing import Literal

Status = Literal[
    "new", "engaged", "mql", "sal", "sql", "customer", "nurture", "disqualified"
]  # fmt: skip
Sales = Literal["", "sal", "sql", "customer", "nurture", "disqualified"]
"""What sales says of a lead; "" while it has said nothing."""
_BY_ACTIVITY: dict[str, Sales] = {
    "accepted": "sal",
    "contacted": "sal",
    "recorded": "sal",
    "meeting_booked": "sql",
    "meeting_held": "sql",
    "qualified": "sql",
    "proposal_sent": "sql",
    "opportunity_created": "sql",
    "won": "customer",
    "lost": "nurture",
    "rejected": "disqualified",
    "unqualified": "disqualified",
    "junk": "disqualified",
    "duplicate": "disqualified",
}
"""Attempts, no-shows and returns say nothing about the person and change nothing."""
_BY_PLACE: dict[str, Sales] = {
    "converted": "sql",
    "lost": "nurture",
    "nurture": "nurture",
    "archived": "nurture",
    "disqualified": "disqualified",
}
_LADDER: tuple[Sales, ...] = ("", "sal", "sql", "customer")


def earned(*, score: int, mql_score: int, engaged: bool, customer: bool) -> Status:
    """What the lead is before sales says anything: `engaged` = it came back or did something."""
    if customer:
        return "customer"
    if score >= mql_score:
        return "mql"
    return "engaged" if engaged else "new"


def after_activity(sales: Sales, activity: str) -> Sales:
    """Sales' word after something a rep did; "" while sales has said nothing."""
    return _climbed(sales, _BY_ACTIVITY.get(activity, ""))


def after_contact(sales: Sales) -> Sales:
    """Sales' word once somebody answered the lead."""
    return _climbed(sales, "sal")


def after_closing(sales: Sales, place: str, reason: str) -> Sales:
    """Sales' word once the lead is closed: by the rep's reason, else by the place."""
    return _climbed(sales, _BY_ACTIVITY.get(reason) or _BY_PLACE.get(place, ""))


def after_reopening(sales: Sales) -> Sales:
    """Sales' word once a closed lead is worked on again: a verdict off the ladder is taken back."""
    return sales if sales in _LADDER else ""


def _climbed(before: Sales, after: Sales) -> Sales:
    """Up the ladder only: a call after the proposal is no step back. Verdicts always count."""
    if not after:
        return before
    if before in _LADDER and after in _LADDER:
        return max(before, after, key=_LADDER.index)
    return after
