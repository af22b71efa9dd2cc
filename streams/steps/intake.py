"""Intake: the only place that reads, validates and normalises what comes from outside."""

from collections.abc import Callable, Iterable
from functools import partial

from schemas.codec import Codec, Unreadable, encode
from schemas.crm import AccountChanged, LeadActivity, LeadOwnerChanged, LeadReassigned, OwnerSet
from schemas.inner import EventReceived, Identifiers, Origin
from schemas.lead import InputEvent, LeadBehaviour, LeadCaptured, LeadDetails
from schemas.outputs import LeadRejected
from schemas.pools import (
    AssignmentSkipped,
    LeadRerouteRequested,
    OfferAccepted,
    OfferDeclined,
    RepPaused,
    TurnAdjusted,
)
from schemas.reps import RepChanged
from schemas.topics import INPUT_BYTES_MAX, INPUTS
from streams.policy.compiled import Policy
from streams.rows.intake import IntakeTables
from streams.rules import (
    company,
    domain,
    email_address,
    extra,
    free_mail,
    identity,
    lead_id,
    plain_text,
)
from streams.stage import Outgoing, Raw, Stage, event_id
from streams.steps import normalise
from streams.steps.rejection import TOPIC as REJECTED
from streams.tables import count

AboutALead = LeadActivity | OwnerSet | AssignmentSkipped | LeadRerouteRequested
AboutARep = RepChanged | RepPaused | TurnAdjusted | OfferAccepted | OfferDeclined
INBOX = "identity.inbox"
NAME = "intake"


def intake_stage(codec: Codec) -> Stage:
    """The agent `intake`: any input topic in, `identity.inbox` out; it needs no policy."""
    return Stage(
        name=NAME,
        sources=tuple(topic.name for topic in INPUTS),
        tables=IntakeTables,
        raw=partial(take, codec),
        needs_policy=False,
        writes=(INBOX, REJECTED),
        paced=("leads.bulk",),
    )


def take(
    codec: Codec,
    tables: IntakeTables,
    raw: Raw,
    policy: Policy | None,  # noqa: ARG001 - every step has the same signature
    now: int,
) -> Iterable[Outgoing]:
    """One input record: an EventReceived, or a LeadRejected with its bytes and the reason.

    `now` becomes `captured_at`: the log-append time of the raw record.
    """
    try:
        event = normalised(_readable(codec, raw))
    except Unreadable as refusal:
        count(tables, f"rejected:{refusal.reason}")
        return [_refused(raw, refusal.reason, refusal.field, refusal.detail, now)]
    if not event.released:
        count(tables, "rejected:not_released")
        detail = f"{_type(event)} is not decided on by this version; update leadstream"
        return [_refused(raw, "not_released", "type", detail, now)]
    count(tables, f"{'replayed' if raw.replayed else 'received'}:{_type(event)}")
    return [Outgoing(INBOX, None, _received(raw, event, now))]


def normalised(event: InputEvent) -> InputEvent:
    """The event in normal form; unreleased types as they are.

    Raises `Unreadable` when nothing is left by which its person could be identified.
    """
    form = _NORMAL_FORMS.get(type(event))
    plain = form(event) if form else event
    if not plain.extra:
        return plain
    return plain.model_copy(update={"extra": extra.bounded(plain.extra)})


def _readable(codec: Codec, raw: Raw) -> InputEvent:
    """The valid event. Size first: nothing looks into bytes that nobody should have sent."""
    if not raw.value:
        raise Unreadable("empty", None, "the message is empty; send one event a message")
    if len(raw.value) > INPUT_BYTES_MAX:
        size = f"{len(raw.value)} bytes; a message may have {INPUT_BYTES_MAX}"
        raise Unreadable("too_large", None, size)
    event = codec.parse(raw.value, raw.topic)
    if isinstance(event, InputEvent):
        return event
    raise Unreadable("wrong_topic", "type", f"{type(event).__name__} is no input event")


def _refused(raw: Raw, reason: str, field: str | None, detail: str, now: int) -> Outgoing:
    place = f"{raw.topic}/{raw.partition}/{raw.offset}"
    refusal = LeadRejected(
        event_id=event_id(place, "rejected"),
        caused_by=place,
        at=now,
        reason=reason,
        field=field,
        detail=detail,
        original=raw.value or b"",
        source=Origin(topic=raw.topic, partition=raw.partition, offset=raw.offset),
        stage=NAME,
        key=raw.key,
    )
    return Outgoing(REJECTED, refusal.event_id, refusal)


def _received(raw: Raw, event: InputEvent, now: int) -> EventReceived:
    return EventReceived(
        event_id=identity.event_id(event.sender, event.event_id),
        type=_type(event),
        captured_at=now,
        origin=Origin(topic=raw.topic, partition=raw.partition, offset=raw.offset),
        event=encode(event),
        who=_IDENTIFIERS[type(event)](event),
        replayed=raw.replayed,
    )


def _type(event: InputEvent) -> str:
    name = type(event).model_fields["type"].default
    return str(name)


def _captured(event: LeadCaptured) -> LeadCaptured:
    lead = normalise.lead_details(event.lead)
    if lead.lead_id or lead.email or lead.phone or _is_named(lead):
        holder = plain_text.trimmed(event.held_by) or event.held_by
        return event.model_copy(update={"lead": lead, "held_by": holder})
    field = "lead.email" if event.lead.email else "lead.phone" if event.lead.phone else "lead"
    raise _nobody(field)


def _is_named(lead: LeadDetails) -> bool:
    """Whether company and name identify somebody: a lone legal form or full stop names nobody."""
    known = company.comparable(lead.company) if lead.company else None
    return bool(known and plain_text.person_name(lead.first_name, lead.last_name))


def _behaved(event: LeadBehaviour) -> InputEvent:
    plain = normalise.who(event)
    if plain.lead_id or plain.email or plain.phone:
        return plain
    raise _nobody("email" if event.email else "phone")


def _account_changed(event: AccountChanged) -> AccountChanged:
    return event.model_copy(update={"account": normalise.account_details(event.account)})


def _about_a_lead(event: AboutALead, other: str) -> InputEvent:
    """Ids as in captures, or the same lead would have two; `other` is the field beside it."""
    usable = lead_id.usable(event.lead_id)
    if usable is None:
        raise _nobody("lead_id")
    written = getattr(event, other)
    text = plain_text.trimmed(written) or written
    return event.model_copy(update={"lead_id": usable, other: text})


def _about_a_rep(event: AboutARep) -> InputEvent:
    rep_id = plain_text.trimmed(event.rep_id) or event.rep_id
    return event.model_copy(update={"rep_id": rep_id})


def _nobody(field: str) -> Unreadable:
    detail = f"{field} is not valid and nothing else says who is meant; send a valid one"
    return Unreadable("invalid_field", field, detail)


def _captured_by(event: LeadCaptured) -> Identifiers:
    lead = event.lead
    mail = domain.registrable(email_address.host(lead.email)) if lead.email else None
    found = (name for name in (mail, lead.domain) if name and not free_mail.is_free_mail(name))
    return Identifiers(
        lead_id=lead.lead_id,
        email=lead.email,
        phone=lead.phone,
        domains=tuple(dict.fromkeys(found)),
        company=company.comparable(lead.company) if lead.company else None,
        person_name=plain_text.person_name(lead.first_name, lead.last_name),
        rep_id=event.held_by,
    )


def _behaved_by(event: LeadBehaviour) -> Identifiers:
    return Identifiers(lead_id=event.lead_id, email=event.email, phone=event.phone)


def _account_of(event: AccountChanged) -> Identifiers:
    account = event.account
    return Identifiers(
        account_id=account.account_id,
        domains=account.domains,
        company=company.comparable(account.name) if account.name else None,
    )


def _lead_and_rep_of(event: LeadActivity | OwnerSet) -> Identifiers:
    return Identifiers(lead_id=event.lead_id, rep_id=event.rep_id)


def _lead_of(event: AssignmentSkipped | LeadRerouteRequested) -> Identifiers:
    return Identifiers(lead_id=event.lead_id)


def _rep_of(event: AboutARep) -> Identifiers:
    return Identifiers(rep_id=event.rep_id)


_NORMAL_FORMS: dict[type[InputEvent], Callable[..., InputEvent]] = {
    LeadCaptured: _captured,
    LeadBehaviour: _behaved,
    AccountChanged: _account_changed,
    LeadActivity: partial(_about_a_lead, other="rep_id"),
    LeadOwnerChanged: partial(_about_a_lead, other="rep_id"),
    LeadReassigned: partial(_about_a_lead, other="rep_id"),
    RepChanged: _about_a_rep,
    RepPaused: _about_a_rep,
    TurnAdjusted: _about_a_rep,
    OfferAccepted: _about_a_rep,
    OfferDeclined: _about_a_rep,
    AssignmentSkipped: partial(_about_a_lead, other="assignment_id"),
    LeadRerouteRequested: partial(_about_a_lead, other="desk"),
}
_IDENTIFIERS: dict[type[InputEvent], Callable[..., Identifiers]] = {
    LeadCaptured: _captured_by,
    LeadBehaviour: _behaved_by,
    AccountChanged: _account_of,
    LeadActivity: _lead_and_rep_of,
    LeadOwnerChanged: _lead_and_rep_of,
    LeadReassigned: _lead_and_rep_of,
    RepChanged: _rep_of,
    RepPaused: _rep_of,
    TurnAdjusted: _rep_of,
    OfferAccepted: _rep_of,
    OfferDeclined: _rep_of,
    AssignmentSkipped: _lead_of,
    LeadRerouteRequested: _lead_of,
}
