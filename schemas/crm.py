"""Input from the CRM: accounts, what reps did, owners set by hand (contract, section 2)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from schemas.lead import InputEvent, InputRecord
from schemas.sent import Identifier, Number, Text, Whole, reaches_somebody

Activity = Literal[
    "accepted", "attempted", "contacted", "recorded", "meeting_booked", "meeting_held",
    "no_show", "qualified", "proposal_sent", "opportunity_created", "won", "lost", "returned",
    "rejected", "unqualified", "junk", "duplicate",
]  # fmt: skip


def names_nobody(account_id: str) -> str:
    """The id: it is in the keys of topics and tables. Raises `ValueError` for personal data."""
    if reaches_somebody(account_id.strip()):
        raise ValueError("it is an e-mail address or a phone number; send the CRM's own id")
    return account_id


class AccountDetails(InputRecord):
    """A company: reference data is nothing but these."""

    account_id: Annotated[Identifier, AfterValidator(names_nobody)]
    domains: tuple[str, ...]
    name: str | None = None
    parent_id: Identifier | None = None
    owner_rep_id: Identifier | None = None
    opportunity_owner_rep_id: Identifier | None = None
    named: bool | None = None
    named_owner_rep_id: Identifier | None = None
    employees: Annotated[Whole, Field(ge=0, le=100_000_000)] | None = None
    industry: str | None = None
    country: str | None = None
    customer: bool | None = None


class AccountChanged(InputEvent):
    """An account's data as it now is; registers its domains and name in the directory."""

    type: Literal["account.changed"] = "account.changed"
    account: AccountDetails


class LeadActivity(InputEvent):
    """What a rep did about a lead; stops clocks, closes or returns it."""

    type: Literal["lead.activity"] = "lead.activity"
    lead_id: Identifier
    assignment_id: Identifier | None = None
    rep_id: Identifier
    activity: Activity
    channel: str | None = None
    comment: str | None = None
    reason: str | None = None
    qualification: dict[str, Text] = Field(default_factory=dict)
    amount: Number | None = None


class OwnerSet(InputEvent):
    """What every event about an owner set by hand says: whose lead it is, who did it and why."""

    lead_id: Identifier
    rep_id: Identifier
    """Who has the lead from now on."""
    by: Text
    """Who set it, as the sender names people: an id, no name."""
    reason: Text
    """Why, in that person's words."""


class LeadOwnerChanged(OwnerSet):
    """An owner set by hand in the CRM; respected and never routed again."""

    type: Literal["lead.owner_changed"] = "lead.owner_changed"


class LeadReassigned(OwnerSet):
    """A manager gave the lead to another rep; respected in the same way."""

    type: Literal["lead.reassigned"] = "lead.reassigned"
