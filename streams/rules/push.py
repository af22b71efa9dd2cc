"""Whether a lead goes to a rep at once (CAP-03, decision 13) or is withheld from sales."""

from collections.abc import Callable

from streams.policy.document import Push
from streams.rows.route import LeadRow


def withheld(lead: LeadRow, nurture_grades: tuple[str, ...], *, worked: bool) -> str | None:
    """Why sales does not get the lead, None if it may (decisions, Share matrix and Consent).

    An explicit do-not-contact blocks everybody; a grade does not keep an owner from a lead of his
    own account (decision 13: regardless of anything else). `worked`: a rep works another lead of
    the account and takes this one too (ACCT-05).
    """
    if not lead.contact_allowed:
        return "contact_forbidden"
    if worked or owned(lead) or lead.grade not in nurture_grades:
        return None
    return f"grade_{lead.grade}"


def owned(lead: LeadRow) -> bool:
    """Whether the lead's account has an owner or a named owner."""
    return lead.owner_rep_id is not None or lead.named_owner_rep_id is not None


def why_pushed(
    lead: LeadRow, push: Push, holds: Callable[[str], bool], *, worked: bool
) -> str | None:
    """What puts the lead on the team's push list, None if nothing does."""
    if owned(lead):
        return "owned"
    if worked:
        return "account worked"
    if push.all:
        return "all"
    if push.hot and lead.hot:
        return "hot"
    if lead.source in push.sources:
        return f"source {lead.source}"
    return "condition" if push.when is not None and holds(push.when) else None
