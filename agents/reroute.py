"""A bulk re-route: which leads are asked for, what each request would change, and the requests."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from agents.explain.events import Said
from agents.simulation.trial import Trial
from schemas.record import format_time
from streams.rows.route import LeadRow, PlaceRow
from streams.stage import event_id
from streams.steps.place_lead import has_priority, search_for
from streams.steps.reroute import IGNORED, REROUTED, ROUTED, where
from streams.steps.work import Work

TOPIC = "pools.commands"
AS_WANTED = "as_the_rules_want"
"""Why most leads stay."""


class NotTaken(Exception):
    """The requests would be refused at the door; the message says why."""


class Wanted(NamedTuple):
    """Which leads; None: whatever it is."""

    desk: str | None = None
    team: str | None = None
    territory: str | None = None
    """It is the lead's now, or the one by whose rotation it was given."""
    rep: str | None = None
    pool: str | None = None


class Hand(NamedTuple):
    """Who asks, and why; whether reps lose leads on which they have been in touch."""

    by: str
    reason: str
    worked: bool = False


class Found(NamedTuple):
    """A lead that is asked for."""

    lead_id: str
    desk: str


class Move(NamedTuple):
    """A lead that would go elsewhere."""

    lead_id: str
    came_from: str
    """Rep, pool or place."""
    to: str
    why: str


@dataclass(slots=True)
class Outlook:
    """What would come of it."""

    moves: list[Move] = field(default_factory=list)
    """Also of leads that were not asked for: who waits for a rep gets one who loses a lead."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    """The events that would move something, in the order in which they must come."""
    stay: Counter[str] = field(default_factory=Counter)
    """How many of the leads asked for stay where they are, by why."""


def strangers(wanted: Wanted, trial: Trial) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Names that the policy in force does not know: what it is, the name, and those it knows.

    Raises `LookupError` where no policy is in force yet.
    """
    _, policy = next(trial.desks(), (None, None))
    if policy is None:
        raise LookupError
    document = policy.document
    teams, desks = document.teams.values(), document.desks.values()
    known: dict[str, Iterable[str]] = {
        "desk": document.desks,
        "team": document.teams,
        "territory": (each.territory for team in teams for each in team.territories),
        "rep": document.reps,
        "pool": (pool.pool for desk in desks for pool in desk.pools),
    }
    for kind, name in wanted._asdict().items():
        names = tuple(known[kind])
        if name is not None and name not in names:
            yield kind, name, names


def outlook(trial: Trial, wanted: Wanted, hand: Hand, now: int) -> Outlook:
    """Routes every lead that is asked for again, in memory, and tells what has changed by it.

    Raises `NotTaken`.
    """
    before = _wheres(trial)
    found = Outlook()
    said: list[Said] = []
    for number, lead in enumerate(asked_for(trial, wanted)):
        event = request(lead, hand, now, number)
        told = trial.said(TOPIC, event, now)
        said += told
        _refuse_refused(told)
        kinds = {each.value["kind"]: each.value for each in told if _is_about(each, lead)}
        if REROUTED in kinds:
            found.requests.append(event)
        else:
            ignored = kinds.get(IGNORED)
            found.stay[ignored["value"] if ignored else AS_WANTED] += 1
    after, whys = _wheres(trial), _whys(said)
    for lead_id, place in after.items():
        if before.get(lead_id) != place:
            move = Move(lead_id, before.get(lead_id, ""), place, whys.get(lead_id, ""))
            found.moves.append(move)
    return found


def _refuse_refused(told: Iterable[Said]) -> None:
    for each in told:
        if each.topic == "leads.rejected" and each.value["stage"] == "intake":
            raise NotTaken(f"{each.value['field']}: {each.value['detail']}")


def _is_about(said: Said, lead: Found) -> bool:
    return said.topic == "alerts" and said.value["subject"] == lead.lead_id


def asked_for(trial: Trial, wanted: Wanted) -> list[Found]:
    """The leads in the order in which the waiting are served: priority, then who came first."""
    found: list[tuple[bool, int, int, Found]] = []
    for tables, policy in trial.desks():
        work = Work(tables, policy, trial.pipeline.now, "")
        for lead_id, place in tables.places.items():
            lead = tables.leads.get(lead_id)
            if lead is None or place.place not in ROUTED:
                continue
            if place.desk in policy.document.desks and _fits(work, lead, place, wanted):
                order = not has_priority(work, lead), place.arrival, lead.captured_at
                found.append((*order, Found(lead_id, place.desk)))
    return [each[-1] for each in sorted(found)]


def _fits(work: Work, lead: LeadRow, place: PlaceRow, wanted: Wanted) -> bool:
    held = place.assignment
    own = (
        (wanted.desk, place.desk),
        (wanted.team, place.team),
        (wanted.rep, held.rep_id if held else None),
        (wanted.pool, place.pool),
    )
    if any(name is not None and name != is_ for name, is_ in own):
        return False
    if wanted.territory is None:
        return True
    rotation = held.rotation.partition("/")[2] if held else ""
    now = search_for(work, lead, ()).territory()
    is_now = now is not None and now[0].territory == wanted.territory
    return is_now or rotation == f"territory:{wanted.territory}"


def request(lead: Found, hand: Hand, now: int, number: int) -> dict[str, Any]:
    """The event that asks for it: the same request at the same instant has the same id."""
    return {
        "type": "lead.reroute_requested",
        "sender": "leadstream reroute",
        "event_id": event_id(f"{hand.by}/{lead.lead_id}/{now}", "reroute", number),
        "occurred_at": format_time(now),
        "lead_id": lead.lead_id,
        "desk": lead.desk,
        "worked": hand.worked,
        "by": hand.by,
        "reason": hand.reason,
    }


def _wheres(trial: Trial) -> dict[str, str]:
    """Where every lead is."""
    return {
        lead_id: where(place)
        for tables, _ in trial.desks()
        for lead_id, place in tables.places.items()
    }


def _whys(said: Sequence[Said]) -> Mapping[str, str]:
    """The last reason for which each lead went where it is."""
    return dict(_reasons(said))


def _reasons(said: Iterable[Said]) -> Iterator[tuple[str, str]]:
    for each in said:
        value = each.value
        if each.topic == "assignments.rep":
            yield value["lead_id"], _decided(value["explanation"]["path"])
        elif each.topic == "assignments.pool" or value.get("to") in {"waiting", "nurture"}:
            yield value["lead_id"], value["reason"]


def _decided(path: Sequence[Mapping[str, Any]]) -> str:
    """The tier that decided; a path ends with it."""
    return f"{path[-1]['tier']}: {path[-1]['why']}"
