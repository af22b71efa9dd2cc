"""A race is run: the first to accept has the lead; reps, time and rules may end it (LANE-02)."""

from msgspec.structs import replace

from schemas.inner import CommandReceived
from schemas.pools import OfferAccepted, OfferDeclined
from streams.policy.compiled import Policy
from streams.rows.race import RaceRow
from streams.rows.route import LeadRow, PlaceRow, RouteTables
from streams.rules import race
from streams.rules.availability import OUTSIDE_HOURS
from streams.stage import Outgoing
from streams.steps import waiting_room
from streams.steps.assignment import give
from streams.steps.board import Board, Question, board_for
from streams.steps.look import look
from streams.steps.offer import arm_race, end_offer, end_race, race_of
from streams.steps.place_lead import has_priority, to_rep
from streams.steps.search import Choice, Search
from streams.steps.work import Work, timer_work
from streams.tables import Timer

ACCEPTED = "accepted"


def offer_accepted(
    tables: RouteTables, event: CommandReceived, said: OfferAccepted, policy: Policy, now: int
) -> list[Outgoing]:
    """The first has the lead; who is too late, or cannot take it any more, is refused."""
    work = Work(tables, policy, now, event.event_id)
    _, _, row = _answered(work, event, said)
    if row is not None:
        board = _board(work, row, said.rep_id)
        why_not = board.looked[said.rep_id].why_not
        if why_not is None:
            _win(work, row, board, said.rep_id)
        else:
            detail = f"the rep cannot take a lead now ({why_not}); the other offers stand"
            work.refuse(event, reason="not_eligible", field="rep_id", detail=detail)
    return work.out


def offer_declined(
    tables: RouteTables, event: CommandReceived, said: OfferDeclined, policy: Policy, now: int
) -> list[Outgoing]:
    """The rep does not get this lead again; the others may still accept."""
    work = Work(tables, policy, now, event.event_id)
    race_id, number, row = _answered(work, event, said)
    if row is not None:
        lead, place = _racing(work, row.lead_id)
        place = replace(place, excluded=(*place.excluded, said.rep_id))
        work.tables.places.put(row.lead_id, place)
        after = end_offer(work, place.desk, race_id, number, "declined")
        _go_on(work, after, lead, place)
    return work.out


def _answered(
    work: Work, event: CommandReceived, said: OfferAccepted | OfferDeclined
) -> tuple[str, int, RaceRow | None]:
    """The race and the number of the offer; no race where the answer does not count."""
    race_id, number = race.named(said.offer_id)
    row = work.tables.races.get(race_id)
    refusal = race.refusal(row, number, said.rep_id)
    if refusal is None:
        return race_id, number, row
    work.refuse(event, reason=refusal.reason, field=refusal.field, detail=refusal.detail)
    return race_id, number, None


def _racing(work: Work, lead_id: str) -> tuple[LeadRow, PlaceRow]:
    """A lead whose race is open has both rows. Raises `LookupError` where it has not."""
    lead, place = work.tables.leads.get(lead_id), work.tables.places.get(lead_id)
    if lead is None or place is None or not place.race:
        msg = f"lead {lead_id} has an open race and is in none"
        raise LookupError(msg)
    return lead, place


def _board(work: Work, row: RaceRow, rep_id: str) -> Board:
    """The rotation with the rep, whose hours do not count: that he answers says he is there."""
    lead, place = _racing(work, row.lead_id)
    team, _, name = row.rotation.partition("/")
    members, kinds = work.policy.rotations[row.rotation], Search(work, lead, team).kinds(team)
    question = Question(team, name, members, excluded=place.excluded, here=rep_id, kinds=kinds)
    return board_for(work, question)


def _win(work: Work, row: RaceRow, board: Board, rep_id: str) -> None:
    """The winner is charged as if the rotation had picked him; the others' offers are withdrawn."""
    lead, place = _racing(work, row.lead_id)
    search = Search(work, lead, row.team, place.excluded)
    search.looks.append(board.looked)
    offered = ", ".join(offer.rep_id for offer in row.offers)
    why = f"{board.question.rotation}: offered to {offered}; {rep_id} accepted first"
    search.tried("hot_lane", matched=True, why=why)
    pick = board.pick(work, rep_id, points=search.cost)
    choice = Choice(rep_id, "hot_lane", ACCEPTED, board.question.key, pick, board)
    after = end_race(work, row.lead_id, place, "taken", winner=rep_id)
    give(search, row.lead_id, place, after, choice)


def _go_on(work: Work, row: RaceRow, lead: LeadRow, place: PlaceRow) -> None:
    """A race without anybody who could still accept is over."""
    if race.is_open(row):
        arm_race(work, place.race, row)
    else:
        _assign(work, row, lead, place, "nobody_left")


def _assign(work: Work, row: RaceRow, lead: LeadRow, place: PlaceRow, reason: str) -> None:
    """To the next in line: behind those who had an offer, and who waits with its priority."""
    after = end_race(work, row.lead_id, place, reason)
    waiting_room.drain(work, place.desk, high_only=has_priority(work, lead))
    offered = tuple(offer.rep_id for offer in row.offers)
    to_rep(work, row.lead_id, lead, after, offered=offered)


def race_due(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a race: nobody accepted in time (decision 07), or a runner's absence begins."""
    work = timer_work(tables, timer, policy, now)
    row = race_of(work, timer.subject)
    if now >= row.expires_at:
        _assign(work, row, *_racing(work, row.lead_id), "expired")
        return work.out
    for offer in row.offers:
        if not offer.ended:
            withdraw_from(work, offer.rep_id)
    return work.out


def forget_race(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a race that is over: who answers from now on hears that there was no such offer."""
    del policy, now
    tables.races.delete(timer.subject)
    return []


def withdraw_from(work: Work, rep_id: str) -> None:
    """Ends the offer of a rep who is not there any more; hours and a full plate may still pass."""
    held = work.tables.open_offers.get(rep_id)
    if held is None:
        return
    row = race_of(work, held.race_id)
    lead, place = _racing(work, row.lead_id)
    why_not = look(work, rep_id).why_not
    if why_not not in {None, OUTSIDE_HOURS, "at_capacity"}:
        number = [offer.rep_id for offer in row.offers].index(rep_id) + 1
        row = end_offer(work, place.desk, held.race_id, number, str(why_not))
    _go_on(work, row, lead, place)
