"""What the agents say to each other: identity.inbox, accounts.inbox, routing.inbox, requests."""

from typing import Literal

from pydantic import Field

from schemas.record import Bytes, Event, Record, Time


class Origin(Record):
    """Where the raw record stood."""

    topic: str
    partition: int
    offset: int


class Refusal(Record):
    """Which agent refused an input event before it was sent in again, and why."""

    stage: str
    reason: str


class InnerEvent(Event):
    """What every inner event about the outside world carries."""

    event_id: str
    """Hash of sender and the sender's event id, 32 hexadecimal digits."""
    type: str
    """The input event's type, such as lead.captured."""
    captured_at: Time
    """Log-append time of the raw record."""
    origin: Origin
    event: Bytes
    """The input event as intake validated and normalised it, Avro single-object encoded: a hop
    that needs nothing from it does not decode it."""
    replayed: Refusal | None = None
    """A dead letter sent in again: the memory of repeats lets it pass, and the agent that had
    refused it takes its own count back."""


class Identifiers(Record):
    """Everything an event says about who is meant, normalised by intake."""

    lead_id: str | None = None
    email: str | None = None
    phone: str | None = None
    account_id: str | None = None
    domains: tuple[str, ...] = ()
    """Registrable company domains; free-mail domains never stand here."""
    company: str | None = None
    """Company name without legal form, lower case."""
    person_name: str | None = None
    """Lower case first and last name: with the company the weakest identifier."""
    rep_id: str | None = None


class EventReceived(InnerEvent):
    """identity.inbox: a valid event; whose it is is not yet known."""

    who: Identifiers


class EventIdentified(InnerEvent):
    """accounts.inbox: the home account is known."""

    home: str
    """Key of the home account: `account:<id>`, `domain:<domain>` or `person:<keyed hash>`."""
    person: str | None = None
    """Keyed hash that names the person in this home; None for events about an account."""
    lead_id: str | None = None
    """The lead that the event names, or that a capture would open."""
    lead_known: bool = False
    """The directory knew the lead id before this event: it is never given to a second lead."""
    parent_owner_rep_id: str | None = None
    """Of an account: the owner of its parent account."""


class OwnerInherited(Event):
    """accounts.inbox: the account that is a company's parent has another owner, or none."""

    event_id: str
    caused_by: str
    captured_at: Time
    home: str
    owner_rep_id: str | None = None


class LeadCard(Record):
    """What a rep needs to answer: personal data, only ever in message values."""

    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    country: str | None = None
    city: str | None = None
    source: str
    campaign: str | None = None
    message: str | None = None
    product_interest: str | None = None
    language: str | None = None
    preferred_channel: str | None = None
    contributions: tuple["Contribution", ...] = ()
    last_touches: tuple[str, ...] = ()
    """The latest sources and actions, newest first, at most ten."""


class Contribution(Record):
    """One rule's part of a score."""

    rule: str
    points: int


class LeadQualified(Event):
    """routing.inbox: a new lead, or news about one; everything that route decides on."""

    event_id: str
    caused_by: str
    captured_at: Time
    lead_id: str
    home: str
    desk: str
    kind: Literal["new", "touch", "update"]
    """new: admitted just now. touch: its person asked again. update: score or data changed."""
    score: int
    grade: str
    status: str
    hot: bool
    source: str
    country: str | None = None
    state: str | None = None
    region: str | None = None
    city: str | None = None
    postal_code: str | None = None
    employees: int | None = None
    industry: str | None = None
    product_interest: str | None = None
    deal_size: float | None = None
    language: str | None = None
    owner_rep_id: str | None = None
    """The account's owner; the open opportunity's before it, the parent account's behind it."""
    named: bool = False
    named_owner_rep_id: str | None = None
    customer: bool = False
    contact_allowed: bool = True
    card: LeadCard
    held_by: str | None = None
    """Of a new lead: the rep who has it already, in the system before this one."""
    owner_of_parent: bool = False
    """The owner is the parent account's."""


class CommandReceived(InnerEvent):
    """routing.inbox: an input event that route decides on (rep.changed, lead.activity, ...)."""

    desk: str
    home: str | None = None
    lead_id: str | None = None


class OutcomeReported(Event):
    """accounts.inbox: what route made of a lead, so that qualify knows which leads are open."""

    event_id: str
    caused_by: str
    at: Time
    home: str
    lead_id: str
    outcome: Literal["placed", "contacted", "closed"]
    place: str
    rep_id: str | None = None
    reason: str


class EnrichmentRequested(Event):
    """enrichment.requests: what is missing about a company."""

    event_id: str
    caused_by: str
    home: str
    lead_id: str
    account_id: str | None = None
    domain: str | None = None
    company: str | None = None
    missing: tuple[str, ...]
    attempt: int = Field(default=1, ge=1)
    attempts: int = Field(default=3, ge=1)
    """How often a failing provider is asked; from the policy that made the request."""


class Tick(Event):
    """An inbox's own record that only carries a time: its log-append time."""

    event_id: str


class PolicyActivated(Event):
    """An inbox's own record: from `effective_at` on, decisions follow this version."""

    event_id: str
    version: int
    """Offset of the document in the topic `policy`."""
    effective_at: Time


class ShadowSet(Event):
    """An inbox's own record: from here on a candidate decides beside the policy."""

    event_id: str
    version: int | None = None
    """The candidate's document in the topic `policy`; None: no candidate decides any more."""
