"""Telling the others what became of a lead: leads.scored the news, routing what it needs."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from schemas.inner import LeadCard, LeadQualified
from streams.policy.compiled import Policy
from streams.rows.qualify import Account, Judged, Lead, QualifyTables
from streams.rules import desk
from streams.stage import Outgoing, event_id
from streams.steps import judgement

SCORED = "leads.scored"
ROUTING = "routing.inbox"
_FINGERPRINT_BYTES = 8
Kind = Literal["new", "touch", "update"]
"""What route is told about a lead: it is new, its person asked again, its data changed."""


class Cause(NamedTuple):
    """Why something is told: the causing event's id, and when the raw record was captured."""

    event_id: str
    captured_at: int
    held_by: str | None = None
    """The rep who had the lead before it came here; None: nobody, or it is known here."""


def told(
    tables: QualifyTables,
    lead_id: str,
    lead: Lead,
    cause: Cause,
    policy: Policy,
    now: int,
    kind: Kind | None,
) -> Iterator[Outgoing]:
    """Judges a lead, writes its row and emits what is new.

    LeadScored when the judgement or an answer changed. LeadQualified for a new lead and a touch
    always, for an `update` when something changed that route decides on. Without a kind never:
    route itself reported it or is told by a command.
    """
    before = tables.leads.get(lead_id)
    account = tables.accounts.get(lead.home) or Account()
    values = judgement.values_of(lead, account)
    view = judgement.judged(lead, account, values, policy)
    if not lead.desk:
        lead = msgspec.structs.replace(lead, desk=_desk(values, view, cause, account, policy))
    earned = judgement.earned(lead, account, view.score, policy)
    news = _routing_fingerprint(values, view, lead, account, earned)
    routed = kind is not None and (kind != "update" or (lead.open and news != lead.told))
    after = msgspec.structs.replace(lead, judged=view, told=news if routed else lead.told)
    tables.leads.put(lead_id, after)
    if before is None or before.judged != view or _answers(before) != _answers(after):
        args = (lead_id, after, view, values, policy, cause.event_id, now)
        yield Outgoing(SCORED, lead_id, judgement.scored_event(*args))
    if kind is not None and routed:
        qualified = _qualified(
            lead_id, after, values, account, replace(view, status=earned), cause, kind
        )
        yield Outgoing(ROUTING, after.desk, qualified)


def _desk(
    values: Mapping[str, Any], view: Judged, cause: Cause, account: Account, policy: Policy
) -> str:
    """The desk of a new lead; it stays (a change of desk is a later issue's hand-over).

    That of who has it already, else as the rule says.
    """
    owner = cause.held_by or judgement.owner_of(account)
    return desk.chosen(
        policy.desk_of_rep(owner) if owner else None,
        ((name, row.when) for name, row in policy.document.desks.items()),
        partial(_holds, policy, values, view),
        policy.document.default_desk,
    )


def _holds(policy: Policy, values: Mapping[str, Any], view: Judged, condition: str) -> bool:
    """Whether a routing condition is true; the facts are made only where a policy asks."""
    found = {"score": view.score, "grade": view.grade, "status": view.status, "hot": view.hot}
    return policy.holds(condition, policy.routing_facts({**values, **found}))


def _answers(lead: Lead) -> tuple[tuple[str, str], ...]:
    return lead.history.qualification


def _routing_fingerprint(
    values: Mapping[str, Any], view: Judged, lead: Lead, account: Account, earned: str
) -> str:
    """Short for all that route decides on; nobody can read personal data out of it."""
    parts = (
        view.score,
        view.grade,
        view.hot,
        earned,
        lead.history.contact_allowed,
        values["country"],
        values["state"],
        values["employees"],
        values["industry"],
        judgement.owner_of(account),
        account.named,
        account.named_owner_rep_id,
        account.customer,
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=_FINGERPRINT_BYTES).hexdigest()


def _qualified(
    lead_id: str,
    lead: Lead,
    values: Mapping[str, Any],
    account: Account,
    view: Judged,
    cause: Cause,
    kind: Kind,
) -> LeadQualified:
    return LeadQualified(
        event_id=event_id(cause.event_id, f"qualified:{lead_id}"),
        caused_by=cause.event_id,
        captured_at=cause.captured_at,
        lead_id=lead_id,
        home=lead.home,
        desk=lead.desk,
        kind=kind,
        score=view.score,
        grade=view.grade,
        status=view.status,
        hot=view.hot,
        source=values["source"],
        country=values["country"],
        state=values["state"],
        region=values["region"],
        city=values["city"],
        postal_code=values["postal_code"],
        employees=values["employees"],
        industry=values["industry"],
        product_interest=values["product_interest"],
        deal_size=values["deal_size"],
        language=values["language"],
        owner_rep_id=judgement.owner_of(account),
        named=account.named,
        named_owner_rep_id=account.named_owner_rep_id,
        customer=account.customer,
        contact_allowed=lead.history.contact_allowed,
        card=_card(lead, values, view),
        held_by=cause.held_by,
        owner_of_parent=judgement.owner_of(account) != judgement.own_owner_of(account),
    )


def _card(lead: Lead, values: Mapping[str, Any], view: Judged) -> LeadCard:
    """What the rep needs to answer."""
    details = lead.details
    return LeadCard(
        email=details.email,
        phone=details.phone,
        first_name=details.first_name,
        last_name=details.last_name,
        company=values["company"],
        title=details.title,
        country=values["country"],
        city=details.city,
        source=lead.origin.source,
        campaign=lead.origin.campaign,
        message=details.message,
        product_interest=details.product_interest,
        language=details.language,
        preferred_channel=details.preferred_channel,
        contributions=judgement.contributions_of(view),
        last_touches=lead.history.last,
    )
