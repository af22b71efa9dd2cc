"""The policy document: every number that decides something, with its default and its reason.

Written as YAML by a sales-operations person (`deploy/policies/default.yaml` is the commented
example), validated here field by field and across fields in `streams.policy.references`.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.lead import Source
from streams.policy.cap import Cap, Most
from streams.policy.hot_lane import HotLane
from streams.policy.oversight import Oversight
from streams.policy.owner_sync import OwnerSync
from streams.policy.points import GRADES, BehaviourPoints, GradeCut, ScoreRule, Scoring
from streams.policy.quantities import DAY_MS, HOUR_MS, MINUTE_MS, Duration
from streams.policy.rep import Rep
from streams.policy.rota import OnCallDates, Rota
from streams.policy.section import Condition, Country, Hours, Name, Section
from streams.policy.territory import Employees, MetropolitanArea, Region, Territory
from streams.policy.weighting import Weighting

__all__ = [
    "GRADES", "BehaviourPoints", "Calendar", "Condition", "ContactClock", "Country", "Desk",
    "Document", "Employees", "Enrichment", "GradeCut", "HotLane", "Hours", "Identity",
    "MetropolitanArea", "Name", "Oversight", "OwnerSync", "Pool", "Push", "Release", "Rep",
    "ScoreRule", "Scoring", "Section", "Specialty", "Team", "TeamRule", "Territory", "Tier",
    "Waiting", "Weighting",
]  # fmt: skip


class Identity(Section):
    """How long identity remembers and waits."""

    repeat_memory: Duration = 7 * DAY_MS
    """An event that comes a second time within so long is ignored (contract, section 2)."""
    behaviour_memory: Duration = DAY_MS
    """The same for things that people did, of which there are many more."""
    unknown_wait: Duration = 10 * MINUTE_MS
    """An event about somebody unknown waits so long for the lead to arrive."""
    unknown_most: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Events that wait for one unknown identifier; more are rejected at once."""
    free_mail_domains: tuple[str, ...] = ()
    """Free-mail domains beyond the built-in list: they never name a company."""


class Enrichment(Section):
    """What is asked of data providers when it is missing."""

    fields: tuple[Literal["employees", "industry", "country"], ...] = (
        "employees",
        "industry",
        "country",
    )
    """What is asked for when it is missing."""
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """Requests about one company before the field stays unknown."""


class Specialty(Section):
    """What a lead is about, and who knows it."""

    specialty: Name
    """Its name in explanations."""
    when: Condition
    """A CEL condition over the scored lead (SPEC-01, SPEC-03)."""
    reps: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Who knows it; several share it by weight."""


Tier = Literal["account", "named_account", "territory", "specialty", "round_robin"]
Channel = Literal["email", "sms", "slack", "teams", "crm", "crm_mobile"]


class Push(Section):
    """Which leads go to a rep at once; the others go to a pool (CAP-03, decision 13)."""

    all: bool = False
    """true: every lead goes to a rep, none to a pool."""
    hot: bool = True
    """Hot leads go to a rep whatever their source."""
    sources: tuple[Source, ...] = (
        "demo_request",
        "contact_sales",
        "free_trial",
        "pricing_inquiry",
    )
    """Leads from these sources go to a rep whatever their score (CAP-03)."""
    when: Condition | None = None
    """A further CEL condition; leads for which it holds go to a rep."""


class Waiting(Section):
    """What happens while nobody is eligible (decision 33)."""

    alert_after: Duration = 5 * MINUTE_MS
    """After so long an alert is raised; business time where hours are the only reason."""
    alert_after_high: Duration = MINUTE_MS
    """The same for leads of high priority."""
    manager_after: Duration = HOUR_MS
    """After so much business time the manager is told."""


class ContactClock(Section):
    """How soon a rep must answer, and what happens otherwise (ESC-01, decisions 31 and 35)."""

    target: Duration = 2 * HOUR_MS
    """The rep must answer within so long; else the lead goes to the backup."""
    target_high: Duration = 2 * HOUR_MS
    """The same for leads of high priority."""
    clock: Literal["business", "calendar"] = "business"
    """business: only the team's working time counts. calendar: all time counts."""
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """Reps tried before the manager keeps the lead."""
    satisfied_by: Literal["attempted", "contacted"] = "attempted"
    """What stops the clock: an attempt, or only a two-way contact (decisions, Contacted)."""


class Team(Section):
    """A team: its hours, tiers and rules."""

    manager: Name
    """The rep who is told when nobody is eligible, and keeps what all others missed."""
    zone: str
    """IANA time zone of the team's hours (decision 26)."""
    hours: Hours = Hours()
    """The team's working time: the business clock of its deadlines."""
    holidays: Country | None = None
    """Public holidays of this country are not working days."""
    outside_hours: Literal["assign", "hold"] = "assign"
    """assign: outside everybody's hours on-call reps first, then rotation by other criteria;
    the clock starts with the shift. hold: leads wait for the shift."""
    on_call: tuple[Name, ...] = ()
    """Reps who also take leads outside their hours."""
    on_call_rota: Rota | None = None
    """Who takes them in turn, beside those who always do."""
    on_call_dates: tuple[OnCallDates, ...] = ()
    """Days on which others take the place of the rota's."""
    open_limit: Annotated[int, Field(ge=1, le=10_000)] = 50
    """Open leads at which push skips a rep (AVL-04, decision 01)."""
    daily_limit: Most = 100
    """Leads in a day of the rep's zone at which push skips a rep; there is always a limit."""
    caps: tuple[Cap, ...] = ()
    """Further caps on the leads a rep gets, by period and by kind of lead."""
    login_within: Duration | None = 24 * HOUR_MS
    """Skip reps not logged in for so much of their own working time (AVL-05)."""
    skip_in_meetings: bool = True
    """Skip reps in meetings (AVL-03); in all-day meetings they are skipped in any case (AVL-02)."""
    tiers: tuple[Tier, ...] = (
        "account",
        "named_account",
        "territory",
        "specialty",
        "round_robin",
    )
    """Tried in this order (ROUT-04 to ROUT-08, decision 03)."""
    territories: tuple[Territory, ...] = ()
    """Who works where; the most specific that fits a lead is the lead's (TERR-02)."""
    expanded_territory: tuple[Name, ...] = ()
    """Who takes leads that no territory has (FALL-05); empty: the general rotation (24)."""
    specialties: tuple[Specialty, ...] = ()
    """Who knows what; the first that matches counts."""
    rotation: tuple[Name, ...] = ()
    """Members of the general rotation; empty: every rep of the team."""
    weighting: Weighting = Weighting()
    """What a rep's weight is made of beside the base."""
    absence: Literal["keep_place", "catch_up", "fresh"] = "keep_place"
    """What an absence does to a rep's place in rotation (decisions, Rotation)."""
    push: Push = Push()
    """Which leads go to a rep at once."""
    hot_lane: HotLane = HotLane()
    """Leads that come before all others but an owner's (decisions 07 and 13)."""
    waiting: Waiting = Waiting()
    """What happens while nobody is eligible."""
    contact: ContactClock = ContactClock()
    """How soon a rep must answer."""
    notify: tuple[Channel, ...] = ("email",)
    """Channels over which a rep hears of a lead, best several (NOTI-02, NOTI-03)."""


class TeamRule(Section):
    """Which team a lead belongs to; the first match counts."""

    when: Condition
    """A CEL condition over the scored lead."""
    team: Name
    """A team of the same desk."""


class Pool(Section):
    """Where a lead waits to be claimed; the first pool whose condition holds takes it."""

    pool: Name
    """Its name; no two pools share one."""
    when: Condition
    """A CEL condition over the scored lead (decisions 04 and 05)."""
    stale_after: Duration = 7 * DAY_MS
    """Unclaimed for so long it leaves the pool (STAL-01)."""
    stale_to: Literal["nurture"] = "nurture"
    """Where it goes then (decision 10)."""


class Desk(Section):
    """Teams that share reps, tiers and backups: the unit of serial decision."""

    teams: Annotated[tuple[Name, ...], Field(min_length=1)]
    """A team is in exactly one desk."""
    when: Condition | None = None
    """Which leads it takes; the first desk whose condition holds, else the default desk."""
    default_team: Name
    """Takes leads that no team rule matches."""
    team_rules: tuple[TeamRule, ...] = ()
    """The first rule that matches names the team."""
    pools: tuple[Pool, ...] = ()
    """The first pool whose condition holds takes a lead that is not pushed."""
    fallback_pool: Name
    """Takes what fits no pool, reason `no_pool_rule`."""


class Calendar(Section):
    """Years for which holidays are expanded to dates when the policy is released."""

    first_year: Annotated[int, Field(ge=2000, le=2100)] = 2025
    """The first year with holidays."""
    last_year: Annotated[int, Field(ge=2000, le=2100)] = 2030
    """The last; later years have no holidays until the policy is published again."""


class Release(Section):
    """What `policy publish` adds: data that must be the same wherever it is read."""

    fingerprints: dict[str, str] = Field(default_factory=dict)
    """Versions of time-zone data, holidays and public suffix list (name -> version)."""
    holidays: dict[Country, tuple[str, ...]] = Field(default_factory=dict)
    """ISO dates by country, ascending."""


class Document(Section):
    """A whole policy."""

    name: Name
    """The policy's name, for people."""
    high_score: int = 80
    """Leads at or above it have high priority, as have hot ones (decision 32)."""
    high_value_grades: tuple[str, ...] = ("A", "B")
    """Grades that count as high value (decision 32)."""
    nurture_grades: tuple[str, ...] = ("F",)
    """Grades withheld from sales (decisions, Share matrix)."""
    closed_kept: Duration = 7 * DAY_MS
    """How long the rows of a closed lead are kept: they have personal data (design, section 3).

    One number for all stages: what comes about the lead later is rejected everywhere.
    """
    archive_after: Duration = 30 * DAY_MS
    """A nurtured lead that is quiet for so long is archived and so closed (decision 10)."""
    calendar: Calendar = Calendar()
    """Years with holidays."""
    identity: Identity = Identity()
    """Who is meant by an event: memory and patience."""
    scoring: Scoring = Scoring()
    """Points and grades."""
    enrichment: Enrichment = Enrichment()
    """What is asked of data providers."""
    owner_sync: OwnerSync = OwnerSync()
    """Owners set by hand in the CRM."""
    oversight: Oversight = Oversight()
    """What sales operations are told of the pipeline as a whole."""
    regions: dict[Name, Region] = Field(default_factory=dict)
    """Countries by region; conditions know a lead's first one as `sales_region` (decision 06)."""
    metropolitan_areas: dict[Name, MetropolitanArea] = Field(default_factory=dict)
    """Metropolitan areas by name (TERR-02)."""
    default_desk: Name
    """Takes leads that no desk's condition matches."""
    desks: Annotated[dict[Name, Desk], Field(min_length=1)]
    """Desks by name."""
    teams: Annotated[dict[Name, Team], Field(min_length=1)]
    """Teams by name."""
    reps: Annotated[dict[Name, Rep], Field(min_length=1)]
    """Reps by id; ids are not personal, so rep-101 and not a name."""
    release: Release | None = None
    """Added by `leadstream policy publish`."""
