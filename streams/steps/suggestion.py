"""A rep's preferences are told to the manager, who alone changes the policy (SPEC-06, FAIR-05)."""

from streams.rules.wish import wishes
from streams.steps.work import Work


def suggest(work: Work, rep_id: str, asked: tuple[str, ...]) -> None:
    """One suggestion for each specialty that he asks for or asks to leave.

    Nothing is routed otherwise for it: rules stand in the policy only, where everybody sees them,
    and publishing them is the approval. What the rep wrote is repeated only where it is a name of
    the policy's: it could hold anything.
    """
    team = work.policy.document.reps[rep_id].team
    found = wishes(rep_id, asked, work.policy.document.teams[team].specialties)
    for specialty in found.more:
        _tell(work, rep_id, team, specialty, "add him to")
    for specialty in found.fewer:
        _tell(work, rep_id, team, specialty, "take him from")
    if found.unknown:
        work.alert(
            "preference_unknown",
            severity="info",
            subject=rep_id,
            value=str(found.unknown),
            limit="",
            detail=f"so many preferences are no specialty of team {team}; name one, or make one",
        )


def _tell(work: Work, rep_id: str, team: str, specialty: str, what: str) -> None:
    work.alert(
        "preference_suggested",
        severity="info",
        subject=rep_id,
        value=specialty,
        limit="",
        detail=f"to approve, {what} specialty {specialty} of team {team} and publish the policy",
    )
