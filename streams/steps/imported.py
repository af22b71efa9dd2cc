"""A lead that a rep had before this system: it is his on, and nobody decides on it (decision 0036).

It costs no turn and counts under no cap, no clock runs for it, and no rep is told of it: for him it
is no news. From then on it is a lead in his hands as any other.
"""

from streams.rows.route import IMPORTED, AssignmentRow, LeadRow, PlaceRow
from streams.stage import event_id
from streams.steps import assignment
from streams.steps.account_work import changed
from streams.steps.work import Work


def keep(work: Work, lead_id: str, lead: LeadRow, rep_id: str, *, high: bool) -> bool:
    """Leaves a new lead with the rep who has it; False where he cannot have it, which is told.

    Then it is a lead that nobody has, to be decided on as any other. `high`: it has priority.
    """
    why_not = _why_not(work, lead, rep_id)
    if why_not is not None:
        _tell(work, lead_id, rep_id, why_not)
        return False
    held = AssignmentRow(
        event_id(work.cause, "assignment", len(work.out)),
        rep_id,
        IMPORTED,
        work.now,
        None,
        # The CRM was not told of it, so it does not come back from there (decision 0027).
        echoed=True,
    )
    team = work.policy.document.reps[rep_id].team
    place = PlaceRow(
        "assigned", lead.desk, team, work.now, high=high, assignment=held, home=lead.home
    )
    assignment.add_load(work, rep_id, 1)
    changed(work, place)
    work.move(lead_id, lead, None, place, reason=IMPORTED)
    return True


def _why_not(work: Work, lead: LeadRow, rep_id: str) -> str | None:
    """What speaks against it, in words; hours, absences and limits do not: he has it already."""
    if work.policy.desk_of_rep(rep_id) != lead.desk:
        return "the policy in force does not know him at the lead's desk"
    if work.row(rep_id).left:
        return "he has left"
    return None if lead.contact_allowed else "the person forbade contact"


def _tell(work: Work, lead_id: str, rep_id: str, why_not: str) -> None:
    work.alert(
        "import_not_kept",
        severity="warning",
        subject=rep_id,
        value=lead_id,
        limit="",
        detail=f"lead {lead_id} came as held by {rep_id}, but {why_not}: decided on as a new lead",
    )
