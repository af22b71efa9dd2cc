"""Rows of a race: one for the race with its offers, one for each rep who has an open offer."""

from streams.tables import Row


class OfferRow(Row, frozen=True):
    """One rep's offer."""

    rep_id: str
    ended: str = ""
    """Why it has ended; empty: it is open."""


class RaceRow(Row, frozen=True):
    """A lead that several reps were offered at once; kept for a time when it is over.

    So whoever answers too late hears what became of the offer.
    """

    lead_id: str
    team: str
    rotation: str
    """Key of the rotation whose next in line they are; whoever wins is charged there."""
    expires_at: int
    offers: tuple[OfferRow, ...]
    """In line; the number of an offer counts from 1."""


class OpenOfferRow(Row, frozen=True):
    """The race in which a rep has an open offer: one at a time."""

    race_id: str
