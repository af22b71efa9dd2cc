"""What a rep's activity means for a lead's clock, place and turn (contract, lead.activity)."""

from typing import Literal

from schemas.crm import Activity

_TWO_WAY = frozenset(
    {"contacted", "meeting_booked", "meeting_held", "qualified", "proposal_sent",
     "opportunity_created", "won"}
)  # fmt: skip
"""Nobody gets there without having spoken to the person."""
_ATTEMPT = _TWO_WAY | {"attempted", "recorded", "no_show"}
"""Somebody tried: a result is recorded of a try, a meeting missed was agreed on."""
_CLOSING: dict[str, Literal["converted", "lost", "disqualified"]] = {
    "won": "converted",
    "lost": "lost",
    "rejected": "disqualified",
    "unqualified": "disqualified",
    "junk": "disqualified",
    "duplicate": "disqualified",
}
_NOT_CHARGED = frozenset({"junk", "duplicate", "no_show"})


def stops_clock(activity: Activity, satisfied_by: Literal["attempted", "contacted"]) -> bool:
    """Whether the contact clock stops (decisions, Contacted)."""
    return activity in (_ATTEMPT if satisfied_by == "attempted" else _TWO_WAY)


def closes_to(activity: Activity) -> Literal["converted", "lost", "disqualified"] | None:
    """The place of a lead that the activity closes, None if it stays open."""
    return _CLOSING.get(activity)


def gives_turn_back(activity: Activity) -> bool:
    """Whether the rep's turn was not worth its charge (decisions, Charge)."""
    return activity in _NOT_CHARGED
