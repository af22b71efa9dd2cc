"""What a candidate policy would have decided otherwise: decisions.shadow."""

from schemas.inner import Contribution
from schemas.outputs import Method, OutputEvent, Place
from schemas.record import Record


class Decided(Record):
    """Where one policy puts a lead, and why."""

    place: Place
    team: str | None = None
    rep_id: str | None = None
    method: Method | None = None
    pool: str | None = None
    offered_to: tuple[str, ...] = ()
    """In a race: who may take it."""
    reason: str
    why: str | None = None
    """The tier, or the pool, that decided, with what it found."""


class Judgement(Record):
    """What one policy thinks of a lead, and why; for a new lead also which desk decides on it."""

    score: int
    grade: str
    status: str
    hot: bool
    desk: str | None = None
    next_action: str
    contributions: tuple[Contribution, ...] = ()


class DecisionDiffered(OutputEvent):
    """decisions.shadow: what a candidate policy would have decided otherwise; no personal data."""

    lead_id: str | None = None
    """None: the candidate failed where the policy in force moved and judged no lead."""
    shadow_version: int
    live: Decided | None = None
    """Under the policy in force, which is `policy_version`; None: the lead stayed where it was."""
    shadow: Decided | None = None
    """Under the candidate; None: the lead would have stayed, or the candidate failed."""
    error_type: str | None = None
    """The exception's class where the candidate failed."""
    stage: str = "route"
    """The agent that decided: route where the lead goes, qualify what it is worth."""
    live_judgement: Judgement | None = None
    """By qualify, under the policy in force; None: it thinks of the lead as before."""
    shadow_judgement: Judgement | None = None
    """Under the candidate; None: it would think as before, or the candidate failed."""
