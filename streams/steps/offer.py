"""A lead is offered to several reps at once, and offers end (LANE-02, decision 07)."""

from msgspec.structs import replace

from schemas.outputs import Explanation, LeadOffered
from streams.rows.race import OfferRow, OpenOfferRow, RaceRow
from streams.rows.route import PlaceRow
from streams.rules import race
from streams.rules.availability import changes
from streams.stage import event_id
from streams.steps.assignment import give
from streams.steps.search import Choice, Search
from streams.steps.work import Work, moved

OFFERED = "offered"
"""Reason for which a lead waits during its race: in no order, for reps who know of it."""
RACE, FORGET = "race", "forget_race"
"""Kinds of a race's timers: something may happen to it; it need not be kept any longer."""


def give_or_offer(
    search: Search, lead_id: str, before: PlaceRow | None, place: PlaceRow, choice: Choice
) -> None:
    """Gives the lead to whom a search found, or begins the race that it found."""
    if choice.offered:
        _begin(search, lead_id, before, place, choice)
    else:
        give(search, lead_id, before, place, choice)


def _begin(
    search: Search, lead_id: str, before: PlaceRow | None, place: PlaceRow, choice: Choice
) -> None:
    """Nobody's turn is charged before somebody has won."""
    work = search.work
    explanation = search.explain_offers(choice)
    race_id = event_id(work.cause, RACE, len(work.out))
    expires_at = work.now + search.rules.hot_lane.offer_for
    offers = tuple(map(OfferRow, choice.offered))
    row = RaceRow(lead_id, search.team, choice.rotation, expires_at, offers)
    work.tables.races.put(race_id, row)
    work.drop_timers(lead_id)
    arm_race(work, race_id, row)
    for number, rep_id in enumerate(choice.offered, 1):
        work.tables.open_offers.put(rep_id, OpenOfferRow(race_id))
        told = explanation if number == 1 else None
        _say(work, place.desk, race_id, row, number, reason=choice.reason, told=told)
    after = moved(place, "waiting", work.now, team=search.team, assignment=None, race=race_id)
    work.move(lead_id, search.lead, before, after, reason=OFFERED)


def arm_race(work: Work, race_id: str, row: RaceRow) -> None:
    """Wakes the race at its end, or where a runner may be gone before it, then."""
    runners = [offer.rep_id for offer in row.offers if not offer.ended]
    instants = [each for rep_id in runners for each in changes(work.rep(rep_id), work.now)]
    work.set_timer(RACE, race_id, min((row.expires_at, *instants)))


def end_offer(work: Work, desk: str, race_id: str, number: int, reason: str) -> RaceRow:
    """Ends one offer; its rep hears that it is withdrawn. The race as it is then.

    Raises `LookupError` for a race that is not kept.
    """
    row = _ended(work, race_id, number, reason)
    _say(work, desk, race_id, row, number, reason=reason)
    return row


def end_race(work: Work, lead_id: str, place: PlaceRow, reason: str, winner: str = "") -> PlaceRow:
    """Ends the race for a lead: whoever has not answered hears why. The place without it.

    The winner hears by his assignment. Raises `LookupError` for a race that is not kept.
    """
    race_id, row = place.race, race_of(work, place.race)
    for number, offer in enumerate(row.offers, 1):
        if offer.rep_id == winner:
            _ended(work, race_id, number, "accepted")
        elif not offer.ended:
            end_offer(work, place.desk, race_id, number, reason)
    work.tables.timers.delete(f"{RACE}:{race_id}")
    work.set_timer(FORGET, race_id, work.now + work.policy.document.closed_kept)
    after = replace(place, race="")
    work.tables.places.put(lead_id, after)
    return after


def race_of(work: Work, race_id: str) -> RaceRow:
    """The race. Raises `LookupError` for one that is not kept: a place that names it is wrong."""
    row = work.tables.races.get(race_id)
    if row is None:
        msg = f"race {race_id} is named and has no row"
        raise LookupError(msg)
    return row


def _ended(work: Work, race_id: str, number: int, reason: str) -> RaceRow:
    row = race_of(work, race_id)
    offer = replace(row.offers[number - 1], ended=reason)
    row = replace(row, offers=(*row.offers[: number - 1], offer, *row.offers[number:]))
    work.tables.races.put(race_id, row)
    work.tables.open_offers.delete(offer.rep_id)
    return row


def _say(
    work: Work,
    desk: str,
    race_id: str,
    row: RaceRow,
    number: int,
    *,
    reason: str,
    told: Explanation | None = None,
) -> None:
    offer = row.offers[number - 1]
    lead = work.tables.leads.get(row.lead_id)
    rules = work.policy.document.teams.get(row.team)
    event = LeadOffered(
        **work.common("offer", desk, row.team),
        offer_id=race.offer_id(race_id, number),
        lead_id=row.lead_id,
        offered_to=(offer.rep_id,),
        expires_at=row.expires_at,
        withdrawn=True if offer.ended else None,
        reason=reason,
        score=lead.score if lead else None,
        grade=lead.grade if lead else None,
        notify=rules.notify if rules else (),
        explanation=told,
    )
    work.say("assignments.offers", row.lead_id, event)
