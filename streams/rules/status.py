"""A lead's status: what marketing earned, then what sales says about it (LIFE-01, LIFE-03)."""

from streams.rows.status import Sales, Status

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
"""Returns say nothing about the person, tries and no-shows only that sales took the lead on."""
_BY_PLACE: dict[str, Sales] = {
    "converted": "sql",
    "lost": "nurture",
    "nurture": "nurture",
    "archived": "nurture",
    "disqualified": "disqualified",
}
"""Every other place is one where the lead is worked on or may be: a verdict is taken back."""
_LADDER: tuple[Sales, ...] = ("", "sal", "sql", "customer")


def earned(*, score: int, mql_score: int, engaged: bool, customer: bool) -> Status:
    """What the lead is before sales says anything: `engaged` = it came back or did something."""
    if customer:
        return "customer"
    if score >= mql_score:
        return "mql"
    return "engaged" if engaged else "new"


def said(sales: Sales, before: Status) -> Status:
    """The status: sales' word, else what marketing earned."""
    return sales or before


def after(sales: Sales, *, outcome: str, place: str, reason: str) -> Sales:
    """Sales' word after an outcome, which `route` reports and `qualify` hears of.

    By the rep's activity, if that is the reason and says something, else by the outcome
    (`contacted`: sales took the lead on) and the place. Both stages ask here with the words of the
    same OutcomeReported, so leads.lifecycle and leads.scored say the same.
    """
    word = _BY_ACTIVITY.get(reason) or ("sal" if outcome == "contacted" else _BY_PLACE.get(place))
    if word:
        return _climbed(sales, word)
    return sales if sales in _LADDER else ""


def _climbed(before: Sales, word: Sales) -> Sales:
    """Up the ladder only: a call after the proposal is no step back. Verdicts always count."""
    if before in _LADDER and word in _LADDER:
        return max(before, word, key=_LADDER.index)
    return word
