"""Whether an owner set in the CRM is our own assignment coming back (decision 0027)."""

from msgspec.structs import replace

from schemas.crm import LeadOwnerChanged, OwnerSet
from streams.policy.owner_sync import OwnerSync
from streams.rows.route import AssignmentRow, EchoRow, PlaceRow


def is_echo(said: OwnerSet, place: PlaceRow, rules: OwnerSync, now: int) -> bool:
    """Who has the lead already is set by nobody; else it is told by the user who wrote it.

    Where the policy does not name our users, the last word is with time: an assignment that has
    ended may come back as `lead.owner_changed`, once, so long after it was given. A manager's
    `lead.reassigned` is always meant.
    """
    if place.assignment is not None and place.assignment.rep_id == said.rep_id:
        return True
    if rules.our_users:
        return said.by in rules.our_users
    return isinstance(said, LeadOwnerChanged) and any(
        each.rep_id == said.rep_id and now - each.given_at < rules.echo_within
        for each in place.echoes
    )


def heard(place: PlaceRow, rep_id: str) -> PlaceRow:
    """The place after an echo: the same assignment does not come back again."""
    held = place.assignment
    if held is not None and held.rep_id == rep_id:
        return replace(place, assignment=replace(held, echoed=True))
    first = next((each for each in place.echoes if each.rep_id == rep_id), None)
    return replace(place, echoes=tuple(each for each in place.echoes if each is not first))


def expected(place: PlaceRow, ended: AssignmentRow, now: int, within: int) -> tuple[EchoRow, ...]:
    """What may still come back once an assignment has ended."""
    known = [each for each in place.echoes if now - each.given_at < within]
    if not ended.echoed and now - ended.given_at < within:
        known.append(EchoRow(ended.rep_id, ended.given_at))
    return tuple(known)
