"""The contact clock runs out: backup, next in the rotation, at last the manager (ESC-01)."""

from dataclasses import replace as replace_choice

from msgspec.structs import replace

from schemas.outputs import SlaBreached
from streams.policy.compiled import GENERAL, Policy
from streams.rows.route import AssignmentRow, BreachRow, LeadRow, PlaceRow, RouteTables
from streams.stage import Outgoing
from streams.steps import assignment, waiting_room
from streams.steps.assignment import charge_taker, give, give_back
from streams.steps.choose import backup, general, manager, rotate
from streams.steps.place_lead import has_priority, search_for
from streams.steps.search import Choice, Search
from streams.steps.work import Work, at, timer_work
from streams.tables import Timer

SLA = "push_contact"


def contact_overdue(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of an assigned lead: nobody got in touch in time (decisions 32, 35)."""
    work = timer_work(tables, timer, policy, now)
    lead, place = tables.leads.get(timer.subject), tables.places.get(timer.subject)
    if lead is not None and place is not None and place.assignment is not None:
        _breach(work, timer.subject, lead, place, place.assignment)
        waiting_room.drain(work, place.desk)
    return work.out


def _breach(work: Work, lead_id: str, lead: LeadRow, place: PlaceRow, held: AssignmentRow) -> None:
    """Takes the lead from who did not answer and gives it to who comes next.

    Those who wait come before it, equals at least: at this very instant somebody may have come
    back. Nobody eligible is the end of decision 35 too: the lead goes to the manager and does not
    wait for the one who let it lie, unless the manager has left.
    """
    waiting_room.drain(work, place.desk, high_only=has_priority(work, lead))
    excluded = (*(each for each in place.excluded if each != held.rep_id), held.rep_id)
    give_back(work, held)
    ended = assignment.end(work, lead_id, place, held, "reassigned")
    search = search_for(work, lead, excluded)
    choice = _next_rep(search, place, held)
    if choice and choice.method == "backup" and not choice.rotation:
        charge_taker(work, held.rotation, choice.rep_id, held.points)
    _say_breach(work, lead_id, place, held, choice)
    row = BreachRow(held.assignment_id, held.rep_id, held.due_at or work.now, work.now)
    after = replace(
        ended, attempt=place.attempt + 1, excluded=excluded, breaches=(*place.breaches, row)
    )
    if choice is None:
        waiting_room.enter(search, lead_id, place, after)
        return
    give(search, lead_id, place, after, choice)
    if choice.method == "manager":
        _tell_manager(work, lead_id, after, choice)


def _next_rep(search: Search, place: PlaceRow, held: AssignmentRow) -> Choice | None:
    """The named backup, else the next in the same rotation, else in the general one.

    At last the manager; None where the manager has left.
    """
    attempts = search.rules.contact.attempts
    if place.attempt >= attempts:
        return manager(search, f"no contact after {attempts} reps")
    choice = backup(search, held.rep_id) or _same_rotation(search, held) or general(search)
    if choice is None:
        return manager(search, "no contact, and nobody else eligible")
    return _as_backup(choice)


def _as_backup(choice: Choice) -> Choice:
    """However he was found, who takes over from a rep that did not answer is a backup."""
    return replace_choice(choice, method="backup", reason="contact_overdue")


def _same_rotation(search: Search, held: AssignmentRow) -> Choice | None:
    """Of the rotation that was charged; the general one is asked after it in any case."""
    team, _, name = held.rotation.partition("/")
    members = search.work.policy.rotations.get(held.rotation, ())
    if not members or team != search.team or name == GENERAL:
        return None
    return rotate(search, "backup", name, members, "next in the same rotation")


def _say_breach(
    work: Work, lead_id: str, place: PlaceRow, held: AssignmentRow, choice: Choice | None
) -> None:
    by_manager = choice is None or choice.method == "manager"
    event = SlaBreached(
        **work.common("breach", place.desk, place.team),
        lead_id=lead_id,
        assignment_id=held.assignment_id,
        rep_id=held.rep_id,
        sla=SLA,
        due_at=held.due_at or work.now,
        breached_at=work.now,
        kind="breach",
        action="alert_manager" if by_manager else "backup",
        count=len(place.breaches) + 1,
    )
    work.say("sla.breaches", lead_id, event)


def _tell_manager(work: Work, lead_id: str, place: PlaceRow, choice: Choice) -> None:
    work.alert(
        "contact_overdue",
        severity="critical",
        subject=choice.rep_id,
        value=f"{place.attempt - 1} reps",
        limit=SLA,
        detail=f"lead {lead_id}: {choice.reason}",
        about=at(place),
    )
