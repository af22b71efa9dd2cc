"""A race for a lead: who may run, and whose answer counts (LANE-02, decision 07)."""

import re
from collections.abc import Container, Iterable
from itertools import islice
from typing import NamedTuple

from streams.rows.race import RaceRow

_NUMBER = re.compile(r"[1-9][0-9]?")
FEWEST = 2
"""A race of one would only make the lead wait."""


class Refusal(NamedTuple):
    """Why an answer to an offer does not count."""

    reason: str
    field: str
    detail: str


def runners(line: Iterable[str], busy: Container[str], most: int) -> tuple[str, ...]:
    """Who is offered the lead: those next in line who have no other offer open.

    Empty where fewer than two could run: then the lead is assigned at once.
    """
    found = tuple(islice((rep_id for rep_id in line if rep_id not in busy), most))
    return found if len(found) >= FEWEST else ()


def offer_id(race_id: str, number: int) -> str:
    """How the world names an offer; numbers count from 1."""
    return f"{race_id}-{number}"


def named(offer: str) -> tuple[str, int]:
    """The race and the number that an offer's id names; number 0: none of ours."""
    race_id, _, number = offer.rpartition("-")
    return race_id, int(number) if _NUMBER.fullmatch(number) else 0


def refusal(race: RaceRow | None, number: int, rep_id: str) -> Refusal | None:
    """Why the rep's answer does not count; None: it does."""
    if race is None or not 0 < number <= len(race.offers):
        detail = "no such offer was made, or it ended days ago; check offer_id"
        return Refusal("unknown_offer", "offer_id", detail)
    offer = race.offers[number - 1]
    if offer.rep_id != rep_id:
        detail = "the offer is another rep's; send the offer_id of his own"
        return Refusal("other_reps_offer", "rep_id", detail)
    if offer.ended:
        detail = f"the offer has ended ({offer.ended}); nothing is to be done"
        return Refusal("offer_ended", "offer_id", detail)
    return None


def is_open(race: RaceRow) -> bool:
    """Whether somebody may still accept."""
    return any(not offer.ended for offer in race.offers)
