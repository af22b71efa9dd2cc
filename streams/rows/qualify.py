"""What qualify knows: accounts, people with an open lead, leads with their score."""

from schemas.lead import Source
from streams.rows.status import Sales, Status
from streams.rules.grade import Grade
from streams.tables import Row, StageTables, Table


class Account(Row, frozen=True):
    """A company's data. Key: home."""

    account_id: str = ""
    name: str | None = None
    owner_rep_id: str | None = None
    opportunity_owner_rep_id: str | None = None
    named: bool = False
    named_owner_rep_id: str | None = None
    customer: bool = False
    employees: int | None = None
    industry: str | None = None
    country: str | None = None
    parent_owner_rep_id: str | None = None
    """Who owns the parent account."""


class Home(Row, frozen=True):
    """The open leads of a home, in pages, and what was asked about it. Key: home."""

    leads: int = 0
    """Leads kept under this home, open or closed."""
    page: int = 0
    """The page that takes the next lead."""
    rescored: int | None = None
    """The next page to score again after the account changed; None: none is due."""
    asked: tuple[str, ...] = ()
    """Fields that enrichment was asked for, in order of name."""


class Page(Row, frozen=True):
    """Open leads of a home, in order of opening. Key: `<home>#<page>`."""

    lead_ids: tuple[str, ...]


class Person(Row, frozen=True):
    """A person with an open lead. Key: the person's keyed hash."""

    lead_id: str


class Alias(Row, frozen=True):
    """Another id under which a sender knows a lead. Key: that id."""

    lead_id: str


class Details(Row, frozen=True):
    """The person and company as the sender said; names as in `schemas.lead.LeadDetails`."""

    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    domain: str | None = None
    title: str | None = None
    department: str | None = None
    country: str | None = None
    state: str | None = None
    region: str | None = None
    city: str | None = None
    postal_code: str | None = None
    employees: int | None = None
    industry: str | None = None
    product_interest: str | None = None
    message: str | None = None
    deal_size: float | None = None
    language: str | None = None
    preferred_channel: str | None = None


class Origin(Row, frozen=True):
    """How the lead came to be: its first capture."""

    captured_at: int
    source: Source
    direction: str | None = None
    campaign: str | None = None
    device: str | None = None
    utm_source: str | None = None
    free_mail: bool = False


class History(Row, frozen=True):
    """What happened to the lead since."""

    touches: int = 1
    """Captures of this interest."""
    actions: tuple[tuple[str, int], ...] = ()
    """How often the person did what, in order of first time."""
    last: tuple[str, ...] = ()
    """The latest sources and actions, newest first, at most ten."""
    qualification: tuple[tuple[str, str], ...] = ()
    """Answers by element, in order of name."""
    contact_allowed: bool = True
    marketing_allowed: bool = True
    sales: Sales = ""
    """What sales says of it: a status, or "" while sales has said nothing."""


class Judged(Row, frozen=True):
    """What was last said about the lead on leads.scored."""

    score: int
    attributes: int
    behaviour: int
    contributions: tuple[tuple[str, int], ...]
    grade: Grade
    status: Status
    hot: bool
    next_action: str = ""


class Lead(Row, frozen=True):
    """A lead. Key: lead id."""

    home: str
    person: str
    page: int
    desk: str
    details: Details
    origin: Origin
    history: History
    judged: Judged | None = None
    told: str = ""
    """Fingerprint of what route was last told, so that it is told only news."""
    open: bool = True
    aliases: tuple[str, ...] = ()
    """At most ten."""


class QualifyTables(StageTables):
    """Key of all input is the home, so all rows of a home are in one partition."""

    accounts: Table[Account]
    homes: Table[Home]
    pages: Table[Page]
    persons: Table[Person]
    aliases: Table[Alias]
    leads: Table[Lead]
