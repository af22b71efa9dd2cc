"""What to do next about a lead (SCO-15)."""

from typing import Literal, NamedTuple

NextAction = Literal["call", "email", "nurture", "none"]


class Reach(NamedTuple):
    """How the person may and can be reached."""

    contact_allowed: bool
    marketing_allowed: bool
    has_phone: bool
    has_email: bool


def next_action(reach: Reach, *, status: str, promising: bool, withheld: bool) -> NextAction:
    """`promising`: hot or of a high-value grade. `withheld`: of a grade that sales does not get.

    Do not contact and disqualified: none. Withheld or lost: nurture, if marketing is allowed.
    """
    if not reach.contact_allowed or status == "disqualified":
        return "none"
    if withheld or status == "nurture":
        return "nurture" if reach.marketing_allowed else "none"
    if reach.has_phone and (promising or not reach.has_email):
        return "call"
    return "email" if reach.has_email else "none"
