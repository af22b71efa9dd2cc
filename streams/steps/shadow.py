"""Where a candidate policy would have put leads otherwise (decision 0040)."""

from collections.abc import Iterable, Iterator, Sequence

from schemas.outputs import LeadOffered, LeadPooled, LifecycleChanged, RepAssigned, TierTried
from schemas.shadow import Decided, DecisionDiffered
from streams.stage import Beside, Comparison, Outgoing, event_id
from streams.steps.side_by_side import side_by_side

TOPIC = "decisions.shadow"


def compared(beside: Beside) -> Comparison:
    """Every lead that went elsewhere, and how many leads either policy moved."""
    return side_by_side(beside, decisions, where, _event)


def moved(said: Sequence[Outgoing]) -> list[str]:
    """The leads that a step has moved, in order."""
    return list(decisions(said))


def decisions(said: Iterable[Outgoing]) -> dict[str, Decided]:
    """Where each lead is that a step has moved, by lead id; the last word counts."""
    found: dict[str, Decided] = {}
    for each in said:
        event = each.event
        if isinstance(event, RepAssigned):
            found[event.lead_id] = Decided(
                place="assigned",
                team=event.team,
                rep_id=event.rep_id,
                method=event.method,
                reason=event.reason,
                why=_why(event.explanation.path),
            )
        elif isinstance(event, LeadPooled):
            found[event.lead_id] = Decided(
                place="pooled",
                team=event.team,
                pool=event.pool,
                reason=event.reason,
                why=_why(event.explanation.path),
            )
        elif isinstance(event, LeadOffered) and not event.withdrawn:
            found[event.lead_id] = _offered(event, found.get(event.lead_id))
        elif isinstance(event, LifecycleChanged):
            found |= _moved(event, found.get(event.lead_id))
    return found


def where(decided: Decided | None) -> tuple[object, ...]:
    """What has to be the same; how it came about does not. The waiting wait for a team."""
    if decided is None:
        return ()
    team = decided.team if decided.place == "waiting" else None
    return decided.place, team, decided.rep_id, decided.pool, decided.offered_to


def _offered(event: LeadOffered, before: Decided | None) -> Decided:
    """A race is one decision, told offer by offer, the first with its explanation."""
    path = event.explanation.path if event.explanation else ()
    return Decided(
        place="waiting",
        team=event.team,
        offered_to=(*(before.offered_to if before else ()), *event.offered_to),
        reason=event.reason,
        why=_why(path) or (before.why if before else None),
    )


def _moved(event: LifecycleChanged, before: Decided | None) -> dict[str, Decided]:
    """A place that no other event tells of; nothing where only the status is another."""
    told = before is not None and before.place == event.to_place
    if told or event.from_place == event.to_place:
        return {}
    moved = Decided(
        place=event.to_place, team=event.team, rep_id=event.held_by, reason=event.reason
    )
    return {event.lead_id: moved}


def _why(path: Sequence[TierTried]) -> str | None:
    """The tier that decided: a path ends with it."""
    return f"{path[-1].tier}: {path[-1].why}" if path else None


def _event(
    beside: Beside, lead_id: str | None, live: Decided | None, shadow: Decided | None
) -> Outgoing:
    version, candidate = beside.versions
    of_lead = list(_about(beside, lead_id))
    event = DecisionDiffered(
        event_id=event_id(beside.cause, f"differed:{candidate}:{lead_id or ''}", beside.ordinal),
        caused_by=beside.cause,
        at=beside.now,
        policy_version=version,
        desk=of_lead[0].desk if of_lead else None,
        team=of_lead[0].team if of_lead else None,
        lead_id=lead_id,
        shadow_version=candidate,
        live=live,
        shadow=shadow,
        error_type=beside.error_type,
    )
    return Outgoing(TOPIC, lead_id or event.event_id, event)


def _about(beside: Beside, lead_id: str | None) -> Iterator[LifecycleChanged]:
    """What was said of the lead's place, first by the policy in force."""
    for each in (*beside.live, *beside.shadow):
        if isinstance(each.event, LifecycleChanged) and each.event.lead_id == lead_id:
            yield each.event
