"""Input about leads: what marketing systems send (contract, section 2)."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.record import Event, Record, Time
from schemas.sent import Identifier, Number, Text, Whole, keep_unknown

Source = Literal[
    "demo_request", "contact_sales", "free_trial", "pricing_inquiry", "content_download",
    "webinar", "event", "web_form", "chat", "paid_ad", "website_visit", "seo", "social",
    "referral", "materials_request", "outbound", "purchased_list", "phone", "other",
]  # fmt: skip
Action = Literal[
    "page_view", "pricing_view", "comparison_view", "case_study_view", "email_open",
    "email_click", "download", "form_filled", "webinar_attended", "event_attended",
    "trial_started", "demo_booked", "materials_requested", "quote_requested", "site_visit",
    "chat_question", "call_answered", "email_bounced", "phone_invalid", "unsubscribed",
]  # fmt: skip


class InputRecord(Record):
    """A part of an input event that keeps what it does not know."""

    extra: dict[str, Text] = Field(default_factory=dict)
    """Unknown fields by name, each as JSON text."""

    @model_validator(mode="before")
    @classmethod
    def _keep_unknown_fields(cls, given: Any) -> Any:
        return keep_unknown(cls, given)


class InputEvent(Event):
    """What every input event carries."""

    sender: Annotated[str, Field(max_length=128)] = ""
    """The system that sent it; event ids are unique per sender."""
    event_id: Identifier
    """A repeat within the policy's memory (7 days) is ignored."""
    occurred_at: Time
    """When it happened, by the sender's clock; never decides, always kept."""
    extra: dict[str, Text] = Field(default_factory=dict)
    """Unknown fields by name, each as JSON text."""

    @model_validator(mode="before")
    @classmethod
    def _keep_unknown_fields(cls, given: Any) -> Any:
        return keep_unknown(cls, given)


class Touch(InputRecord):
    """Where the person was when the lead was captured (CAP-10, CAP-12)."""

    landing_page: str | None = None
    referrer: str | None = None
    utm: dict[str, Text] = Field(default_factory=dict)
    device: str | None = None


class Consent(InputRecord):
    """What the person allows; only an explicit false blocks (decisions, Consent)."""

    marketing: bool | None = None
    contact: bool | None = None
    basis: str | None = None
    at: Time | None = None


class LeadDetails(InputRecord):
    """The person and the company as the sender knows them."""

    lead_id: Identifier | None = None
    email: str | None = None
    phone: Text | None = None
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
    postal_code: Text | None = None
    employees: Annotated[Whole, Field(ge=0, le=100_000_000)] | None = None
    industry: str | None = None
    product_interest: str | None = None
    message: str | None = None
    deal_size: Annotated[Number, Field(ge=0)] | None = None
    language: str | None = None
    time_zone: str | None = None
    preferred_channel: str | None = None
    external_ids: dict[str, Text] = Field(default_factory=dict)
    consent: Consent | None = None
    qualification: dict[str, Text] = Field(default_factory=dict)
    """Answers to BANT, CHAMP, MEDDIC or ANUM questions, by element."""

    @model_validator(mode="after")
    def _can_be_identified(self) -> Self:
        if self.lead_id or self.email or self.phone or (self.last_name and self.company):
            return self
        msg = "a lead needs one of lead_id, email, phone, or last_name together with company"
        raise ValueError(msg)


class LeadCaptured(InputEvent):
    """A person showed interest; a person with an open lead adds a touchpoint to it."""

    type: Literal["lead.captured"] = "lead.captured"
    source: Source
    direction: Literal["inbound", "outbound"] | None = None
    campaign: str | None = None
    touch: Touch | None = None
    lead: LeadDetails
    held_by: Identifier | None = None
    """The rep who has the lead already, in the system before this one: it is not routed."""


class WhoEvent(InputEvent):
    """An event about a person named by lead id, e-mail or phone."""

    lead_id: Identifier | None = None
    email: str | None = None
    phone: Text | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.lead_id or self.email or self.phone:
            return self
        msg = "the event needs one of lead_id, email or phone to say who is meant"
        raise ValueError(msg)


class LeadBehaviour(WhoEvent):
    """Something a person did; adds points to the score (SCO-03, SCO-04, SCO-08)."""

    type: Literal["lead.behaviour"] = "lead.behaviour"
    action: Action
    subject: str | None = None
    product: str | None = None
    count: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    dwell_s: Annotated[Whole, Field(ge=0, le=31_536_000)] | None = None


class ConsentChanged(WhoEvent):
    """A person allowed or forbade marketing or contact."""

    released: ClassVar[bool] = False
    type: Literal["consent.changed"] = "consent.changed"
    marketing: bool | None = None
    contact: bool | None = None
    basis: str
    at: Time
