"""Output events: what notification services, CRMs and reports rely on (contract, section 3)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.inner import Contribution, LeadCard, Origin
from schemas.record import Bytes, Event, Record, Time

Place = Literal[
    "waiting", "assigned", "pooled", "nurture", "quarantine", "review", "archived", "converted",
    "lost", "disqualified",
]  # fmt: skip
Method = Literal[
    "account", "named_account", "territory", "specialty", "round_robin", "hot_lane", "fallback",
    "backup", "overflow", "forced", "claim", "manager",
]  # fmt: skip


class OutputEvent(Event):
    """What every output event carries."""

    event_id: str
    """Hash of the causing event's id, kind and ordinal: a replay gives the same one."""
    caused_by: str
    at: Time
    policy_version: int | None = None
    """None: refused by intake, which needs no policy."""
    desk: str | None = None
    team: str | None = None


class TierTried(Record):
    """One tier of the path: did it match, and why (not)."""

    tier: str
    matched: bool
    why: str


class Candidate(Record):
    """One rep who was looked at."""

    rep_id: str
    eligible: bool
    why_not: str | None = None
    turn_before: str | None = None
    """Virtual start and deadline in the rotation, whole numbers in units of 2^-40 lead."""
    load: int | None = None
    """Open leads."""
    rotation: str | None = None
    """Where he was looked at; None: as owner or named backup. The choice is derived from the
    candidates whose rotation is the explanation's."""


class Explanation(Record):
    """Enough to derive the owner again together with the policy version. No personal data."""

    policy_version: int
    now: Time
    path: tuple[TierTried, ...]
    candidates: tuple[Candidate, ...] = ()
    """At most 50 in full."""
    counts_by_reason: dict[str, int] = Field(default_factory=dict)
    """Beyond 50 candidates: how many were passed over, by reason."""
    rotation: str | None = None
    virtual_time_before: str | None = None
    chosen: str | None = None
    tie_break: str | None = None
    turn_after: str | None = None
    virtual_time_after: str | None = None
    points: int | None = None
    """What the lead cost the rep where the rotation shares points; None: one lead."""


class RepAssigned(OutputEvent):
    """assignments.rep: a rep has the lead."""

    assignment_id: str
    supersedes: str | None = None
    previous_rep_id: str | None = None
    lead_id: str
    rep_id: str
    method: Method
    attempt: int
    score: int
    grade: str
    priority: Literal["high", "normal"]
    reason: str
    contact_due_at: Time | None = None
    captured_at: Time
    notify: tuple[str, ...] = ()
    lead: LeadCard
    explanation: Explanation
    by: str | None = None
    """Who gave it by hand; None: the rules did."""
    why: str | None = None
    """That person's own words."""


class AssignmentEnded(OutputEvent):
    """assignments.ended: a rep has the lead no more."""

    assignment_id: str
    lead_id: str
    rep_id: str
    reason: Literal["reassigned", "returned", "closed", "owner_changed"]
    by: str | None = None
    """Who took it away by hand; None: the rules or the rep did."""
    why: str | None = None
    """That person's own words."""


class LeadOffered(OutputEvent):
    """assignments.offers: a rep may take the lead, as several others may; the first has it.

    One event with each offer, and one when it ends, but for the winner's: he is assigned the lead.
    No personal data: who does not get a lead need not know whose it is.
    """

    offer_id: str
    lead_id: str
    offered_to: tuple[str, ...]
    """The rep."""
    expires_at: Time
    withdrawn: bool | None = None
    """True: nobody can accept it any more."""
    reason: str
    """Why it was offered (hot_lane), or withdrawn (taken, declined, expired, pto, left, ...)."""
    score: int | None = None
    grade: str | None = None
    notify: tuple[str, ...] = ()
    """Channels over which the rep should hear of it."""
    explanation: Explanation | None = None
    """With the first offer of a race: who stood in line, and who was passed over."""


class LeadPooled(OutputEvent):
    """assignments.pool: the lead is in a pool."""

    lead_id: str
    pool: str
    band: str
    returns: int
    score: int
    grade: str
    claimable_from: Time
    reason: str
    explanation: Explanation


class Prediction(Record):
    """A model's opinion beside the rules' score."""

    score: float
    model_version: str


class LeadScored(OutputEvent):
    """leads.scored: score, grade and status with their reasons."""

    lead_id: str
    account_key: str
    score: int
    attribute_score: int
    behaviour_score: int
    grade: Literal["A", "B", "C", "D", "E", "F"]
    status: Literal[
        "new", "engaged", "mql", "sal", "sql", "customer", "nurture", "disqualified"
    ]  # fmt: skip
    hot: bool
    funnel_stage: str
    icp: bool
    segments: tuple[str, ...] = ()
    persona: str | None = None
    predicted: Prediction | None = None
    missing_elements: tuple[str, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    qualification: dict[str, str] = Field(default_factory=dict)
    next_action: str
    duplicate_of: str | None = None


class LeadRejected(OutputEvent):
    """leads.rejected: what could not be read or decided, with its bytes as they came."""

    reason: str
    field: str | None = None
    detail: str
    original: Bytes
    source: Origin
    stage: str
    """The agent that refused it."""
    error_type: str | None = None
    """The exception's class where a step failed; None where the input is at fault."""
    key: Bytes | None = None
    """The original's key, so that a replay goes to the same partition."""


class ClaimDecided(OutputEvent):
    """claims.results: a claim was granted or refused, with every reason."""

    released: ClassVar[bool] = False
    claim_id: str
    rep_id: str
    pool: str
    granted: bool
    lead_id: str | None = None
    assignment_id: str | None = None
    refusals: tuple[str, ...] = ()
    retry_at: Time | None = None


class SlaBreached(OutputEvent):
    """sla.breaches: a clock ran out, is about to, or was excused."""

    lead_id: str
    assignment_id: str
    rep_id: str
    sla: str
    due_at: Time
    breached_at: Time
    kind: Literal["warning", "breach", "excused"]
    action: Literal["backup", "return_to_pool", "alert_manager", "penalty"]
    count: int


class LeadRecycled(OutputEvent):
    """leads.recycled: a lead left its place for another one."""

    lead_id: str
    from_place: Annotated[str, Field(alias="from")]
    to_place: Annotated[str, Field(alias="to")]
    reason: str


class MarketingActionDue(OutputEvent):
    """marketing.actions: what the marketing tool should do."""

    released: ClassVar[bool] = False
    lead_id: str
    stage: str
    content_key: str
    channel: str
    due: Time


class SalesTaskDue(OutputEvent):
    """sales.tasks: what a rep should do."""

    released: ClassVar[bool] = False
    lead_id: str
    rep_id: str
    task: str
    due: Time


class LifecycleChanged(OutputEvent):
    """leads.lifecycle: every change of place or status, in order; no personal data."""

    lead_id: str
    from_place: Annotated[Place | None, Field(alias="from")] = None
    """None: the lead is new."""
    to_place: Annotated[Place, Field(alias="to")]
    status: str
    reason: str
    assignment_id: str | None = None
    pool: str | None = None
    counts_by_reason: dict[str, int] = Field(default_factory=dict)
    """Of a lead that has to wait: how many reps were passed over, by reason."""
    held_by: str | None = None
    """Of a lead that was imported: the rep who had it before and has it on. Nothing else tells of
    this assignment, because it is no news to anybody: not assignments.rep."""


class Alert(OutputEvent):
    """alerts: something a person should look at."""

    kind: str
    severity: Literal["info", "warning", "critical"]
    subject: str
    value: str
    limit: str
    detail: str
    by: str | None = None
    """Of a manager's intervention: who."""
    why: str | None = None
    """That person's own words."""
