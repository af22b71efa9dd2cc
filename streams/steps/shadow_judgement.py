"""How a candidate policy would have judged leads otherwise (decision 0040).

Score with its reasons, grade, status, hot, the next action, and of new leads the desk.
"""

from collections.abc import Iterable, Mapping, Sequence

from schemas.outputs import LeadScored
from schemas.shadow import DecisionDiffered, Judgement
from streams.stage import Beside, Comparison, Outgoing, event_id
from streams.steps.shadow import TOPIC
from streams.steps.side_by_side import side_by_side


def compared(beside: Beside) -> Comparison:
    """Every lead that is judged otherwise, and how many leads either policy judged anew."""
    return side_by_side(beside, judgements, lambda judgement: judgement, _event)


def moved(said: Sequence[Outgoing]) -> Sequence[str]:  # noqa: ARG001 - as a stage's `Comparing` asks
    """None: to judge one lead takes nothing from another."""
    return ()


def judgements(said: Iterable[Outgoing]) -> Mapping[str, Judgement]:
    """What is thought anew of leads, by lead id; the last word counts."""
    events = (each.event for each in said)
    return {event.lead_id: _judgement(event) for event in events if isinstance(event, LeadScored)}


def _judgement(event: LeadScored) -> Judgement:
    return Judgement(
        score=event.score,
        grade=event.grade,
        status=event.status,
        hot=event.hot,
        desk=event.desk,
        next_action=event.next_action,
        contributions=event.contributions,
    )


def _event(
    beside: Beside, lead_id: str | None, live: Judgement | None, shadow: Judgement | None
) -> Outgoing:
    version, candidate = beside.versions
    judged = live or shadow
    event = DecisionDiffered(
        event_id=event_id(beside.cause, f"judged:{candidate}:{lead_id or ''}", beside.ordinal),
        caused_by=beside.cause,
        at=beside.now,
        policy_version=version,
        desk=judged.desk if judged else None,
        lead_id=lead_id,
        shadow_version=candidate,
        stage="qualify",
        live_judgement=live,
        shadow_judgement=shadow,
        error_type=beside.error_type,
    )
    return Outgoing(TOPIC, lead_id or event.event_id, event)
