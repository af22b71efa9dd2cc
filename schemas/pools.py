"""Commands to pools and managers' interventions (contract, section 2)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.lead import InputEvent
from schemas.record import Time
from schemas.sent import Identifier, Text, Whole


class LeadClaim(InputEvent):
    """A rep takes a lead from a pool; without `lead_id` the next in the pool's order."""

    released: ClassVar[bool] = False
    type: Literal["lead.claim"] = "lead.claim"
    rep_id: Identifier
    pool: Identifier
    lead_id: Identifier | None = None


class PoolMoveRequested(InputEvent):
    """Somebody asks for a lead to go to another pool."""

    released: ClassVar[bool] = False
    type: Literal["pool.move_requested"] = "pool.move_requested"
    request_id: Identifier
    lead_id: Identifier
    to_pool: Identifier
    reason: str
    by: str


class PoolMoveDecided(InputEvent):
    """A manager decides on a requested move."""

    released: ClassVar[bool] = False
    type: Literal["pool.move_decided"] = "pool.move_decided"
    request_id: Identifier
    approved: bool
    by: str
    reason: str


class LeadReviewed(InputEvent):
    """What a reviewer decides about a lead in quarantine or review."""

    released: ClassVar[bool] = False
    type: Literal["lead.reviewed"] = "lead.reviewed"
    lead_id: Identifier
    decision: Literal["release", "fix", "recycle", "nurture", "archive", "junk"]
    by: str
    fields: dict[str, Text] = Field(default_factory=dict)


class OfferAccepted(InputEvent):
    """A rep accepts an offered lead; the first to do so has it."""

    type: Literal["offer.accepted"] = "offer.accepted"
    offer_id: Identifier
    rep_id: Identifier


class OfferDeclined(InputEvent):
    """A rep declines an offered lead and does not get it again."""

    type: Literal["offer.declined"] = "offer.declined"
    offer_id: Identifier
    rep_id: Identifier


class Intervention(InputEvent):
    """What every intervention by hand says: who and why."""

    by: Identifier
    """Who does it, as the sender names people: an id, no name."""
    reason: Annotated[Text, Field(min_length=1)]
    """Why, in that person's words."""


class TurnAdjusted(Intervention):
    """A manager gives a rep turns in a rotation, or takes some; in whole leads."""

    type: Literal["turn.adjusted"] = "turn.adjusted"
    rotation: Annotated[str, Field(min_length=1, max_length=256)]
    """As explanations name it: `<team>/round_robin`, `<team>/territory:<name>`, ..."""
    rep_id: Identifier
    leads: Annotated[Whole, Field(ge=-1_000, le=1_000)]
    """Above 0: the rep is owed so many leads more. Under 0: so many fewer."""


class RepPaused(Intervention):
    """A manager pauses a rep, or ends the pause."""

    type: Literal["rep.paused"] = "rep.paused"
    rep_id: Identifier
    paused: bool
    until: Time | None = None
    """When the pause ends by itself; None: when somebody ends it."""


class AssignmentSkipped(Intervention):
    """A manager takes a lead from the rep, who gets his turn back; the next in line gets it."""

    type: Literal["assignment.skipped"] = "assignment.skipped"
    lead_id: Identifier
    assignment_id: Identifier
    """The assignment that is skipped; one that has ended meanwhile is not."""


class LeadRerouteRequested(Intervention):
    """A lead is routed again by the rules in force, as if it came now: after a territory moved.

    It goes straight to its desk, so that commands of one sender keep their order.
    """

    type: Literal["lead.reroute_requested"] = "lead.reroute_requested"
    lead_id: Identifier
    """As output events name it: another system's name for the lead is not known at the desk."""
    desk: Identifier
    worked: bool = False
    """Whether it may be taken from a rep who has been in touch with the person."""


class MatchUndone(Intervention):
    """Two leads that were taken for duplicates are not."""

    released: ClassVar[bool] = False
    type: Literal["match.undone"] = "match.undone"
    lead_id: Identifier
    duplicate_of: Identifier


class PoolSettingChanged(Intervention):
    """A pool's setting is changed while it runs."""

    released: ClassVar[bool] = False
    type: Literal["pool.setting_changed"] = "pool.setting_changed"
    pool: Identifier
    setting: str
    value: Text


class PersonErased(Intervention):
    """A person's data must go."""

    released: ClassVar[bool] = False
    type: Literal["person.erased"] = "person.erased"
    lead_id: Identifier | None = None
    email: str | None = None
    phone: Text | None = None
