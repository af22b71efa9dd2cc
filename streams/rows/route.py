"""Rows of the stage `route`: leads and where they are, reps and their load, rotations."""

from typing import ClassVar, Final

from streams.rows.race import OpenOfferRow, RaceRow
from streams.rows.rotation import FairnessRow, RotationRow, TurnRow
from streams.rows.status import Sales, Status
from streams.tables import Row, SortKey, StageTables, Table, View


class CardRow(Row, frozen=True):
    """`schemas.inner.LeadCard` as a row, the fields in its order."""

    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    title: str | None
    country: str | None
    city: str | None
    source: str
    campaign: str | None
    message: str | None
    product_interest: str | None
    language: str | None
    preferred_channel: str | None
    contributions: tuple[tuple[str, int], ...]
    last_touches: tuple[str, ...]


class LeadRow(Row, frozen=True):
    """What is known about a lead: `schemas.inner.LeadQualified` without what the event itself is.

    Removed some days after the lead is closed: it has personal data.
    """

    captured_at: int
    home: str
    desk: str
    score: int
    grade: str
    status: Status
    """What marketing earned: sales' word is with the lead's place."""
    hot: bool
    source: str
    country: str | None
    state: str | None
    region: str | None
    city: str | None
    postal_code: str | None
    employees: int | None
    industry: str | None
    product_interest: str | None
    deal_size: float | None
    language: str | None
    owner_rep_id: str | None
    named: bool
    named_owner_rep_id: str | None
    customer: bool
    contact_allowed: bool
    card: CardRow
    owner_of_parent: bool = False
    """The owner is the parent account's."""


IMPORTED: Final = "imported"
"""Method of an assignment that was made in the system before this one (decision 0036)."""


class AssignmentRow(Row, frozen=True):
    """Who has a lead."""

    assignment_id: str
    rep_id: str
    method: str
    given_at: int
    due_at: int | None
    """When the contact clock runs out; None: no clock runs."""
    contacted_at: int | None = None
    rotation: str = ""
    """Key of the rotation that was charged for it; empty: none."""
    echoed: bool = False
    """The CRM has told us of it: that happens once (decision 0027)."""
    lane_due_at: int | None = None
    """When the manager hears of a hot-lane lead without contact; None: it is none."""
    caps: tuple[str, ...] = ()
    """Names of the rep's caps that it counts for."""
    points: int = 1
    """What it cost in its rotation."""


class EchoRow(Row, frozen=True):
    """An assignment that has ended and of which the CRM has not told us yet."""

    rep_id: str
    given_at: int


class BreachRow(Row, frozen=True):
    """A contact clock that ran out: a contact logged late may still excuse it."""

    assignment_id: str
    rep_id: str
    due_at: int
    breached_at: int
    sla: str = "push_contact"
    """Which clock it was."""


class PlaceRow(Row, frozen=True):
    """Where a lead is."""

    place: str
    desk: str
    team: str
    since: int
    """When it came to this place."""
    high: bool = False
    """Priority (decision 32)."""
    arrival: int = 0
    """Number in the desk's order of arrival at the waiting room; 0: not waiting."""
    audience: str = ""
    """Which reps could take it: waiting leads with the same audience become free together."""
    assignment: AssignmentRow | None = None
    """Set while a rep has the lead: a converted lead is still in the rep's hands until closed."""
    pool: str = ""
    attempt: int = 1
    """How many reps the contact clock has tried, this one included."""
    excluded: tuple[str, ...] = ()
    """Reps who do not get it again: they let the clock run out, or gave it back."""
    breaches: tuple[BreachRow, ...] = ()
    supersedes: str = ""
    """The last assignment, when it has ended."""
    previous_rep_id: str = ""
    returns: int = 0
    """How often it was in a pool before."""
    sales: Sales = ""
    """What sales says of it: `qualify` keeps the same word by the same rule (rules/status)."""
    status: str = ""
    """The status last said on leads.lifecycle."""
    echoes: tuple[EchoRow, ...] = ()
    """What the CRM may still tell us of, the oldest first (decision 0027)."""
    race: str = ""
    """Id of the race while several reps have an offer: the lead waits for them alone."""
    home: str = ""
    """The lead's home, so that the leads of one account are found together (ACCT-05)."""


class AwayRow(Row, frozen=True):
    """A span in which a rep takes no leads; `to` is not part of it."""

    begin: int
    to: int
    kind: str


class RepRow(Row, frozen=True):
    """What is known about a rep beside the policy."""

    left: bool = False
    available: bool = True
    away: tuple[AwayRow, ...] = ()
    """By begin."""
    logged_in_at: int | None = None
    login_until: int | None = None
    """From then on the rep counts as not logged in (AVL-05); None: no log-in feed."""
    paused: bool = False
    """A manager has paused the rep, for ever or until the next field."""
    paused_until: int | None = None
    ramp: int = 100
    """Percent of the weight in rotations: fewer while the rep is new (decision 41)."""
    preferences: tuple[str, ...] = ()
    """Specialties that the rep asked for last."""


class TakenRow(Row, frozen=True):
    """The leads that count for one of a rep's caps."""

    since: int = 0
    """Beginning of the calendar period in which so many were counted."""
    count: int = 0
    at: tuple[int, ...] = ()
    """Of a cap that rolls: when each came, in ascending order."""
    carried: int = 0
    """Beginning of the period of another zone that the number was carried over from; 0: none."""


class LoadRow(Row, frozen=True):
    """How many open leads a rep has (CPTY-07)."""

    open: int


class DeskRow(Row, frozen=True):
    """How many leads have come to a desk's waiting room so far."""

    arrivals: int


class NoticeRow(Row, frozen=True):
    """When somebody was last told of something that would be told with every lead."""

    at: int


def _waiting(key: str, row: Row) -> SortKey | None:
    """By desk and audience, then in the order in which they are served (decision 33)."""
    del key
    if not isinstance(row, PlaceRow) or not row.arrival:
        return None
    return row.desk, row.audience, 0 if row.high else 1, row.arrival


def _held(key: str, row: Row) -> SortKey | None:
    """By the rep who has them."""
    del key
    return (row.assignment.rep_id,) if isinstance(row, PlaceRow) and row.assignment else None


def _pooled(key: str, row: Row) -> SortKey | None:
    """By desk and pool."""
    del key
    return (row.desk, row.pool) if isinstance(row, PlaceRow) and row.pool else None


WORK = {"manager": 1, "account": 2}
"""How much a lead says about its rep's work on the account, by method; 0, most: all others."""


def _worked(key: str, row: Row) -> SortKey | None:
    """By desk, home and rep, what says most first, then in the order in which he got them."""
    del key
    if not isinstance(row, PlaceRow) or row.assignment is None:
        return None
    held = row.assignment
    return row.desk, row.home, held.rep_id, WORK.get(held.method, 0), held.given_at


def _colleagues(key: str, row: Row) -> SortKey | None:
    """Waiting leads by desk and home, then in the order in which they are served."""
    del key
    if not isinstance(row, PlaceRow) or not row.arrival:
        return None
    return row.desk, row.home, 0 if row.high else 1, row.arrival


class RouteTables(StageTables):
    """The tables of `route`."""

    views: ClassVar[dict[str, tuple[View, ...]]] = {
        "places": (
            View("waiting", _waiting),
            View("held", _held),
            View("pooled", _pooled),
            View("worked", _worked),
            View("colleagues", _colleagues),
        ),
    }
    leads: Table[LeadRow]
    """By lead id."""
    places: Table[PlaceRow]
    """By lead id."""
    reps: Table[RepRow]
    """By rep id; no row: nothing was said about the rep."""
    loads: Table[LoadRow]
    """By rep id."""
    taken: Table[TakenRow]
    """By `<rep id>/<cap>`."""
    rotations: Table[RotationRow]
    """By `<team>/<rotation>`."""
    turns: Table[TurnRow]
    """By `<team>/<rotation>/<rep id>`."""
    fairness: Table[FairnessRow]
    """By `<team>/<rotation>`."""
    races: Table[RaceRow]
    """By race id."""
    open_offers: Table[OpenOfferRow]
    """By rep id."""
    desks: Table[DeskRow]
    """By desk."""
    notices: Table[NoticeRow]
    """By `<kind>/<team>` or `<kind>/<desk>`."""
