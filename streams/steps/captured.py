"""lead.captured at its home: a new lead is admitted, an open one touched."""

from collections.abc import Iterator

import msgspec

from schemas.inner import EventIdentified
from schemas.lead import LeadCaptured, LeadDetails
from streams.policy.compiled import Policy
from streams.rows.qualify import Details, History, Lead, Origin, QualifyTables
from streams.rules import domain, email_address, free_mail, identity, qualification
from streams.stage import Outgoing
from streams.steps import asking, leads
from streams.steps.telling import Cause, told
from streams.tables import count

MOST_LAST = 10
"""Touches and actions that a rep is shown."""
_LATEST = ("message", "product_interest", "deal_size")
"""What a person says anew each time; everything else a touch only completes."""


def captured(
    tables: QualifyTables, event: EventIdentified, capture: LeadCaptured, policy: Policy, now: int
) -> Iterator[Outgoing]:
    """A person showed interest: a touchpoint on the open lead, else a new lead (VAL-01).

    A dead letter sent in again whose lead was admitted and closed meanwhile is a repeat.
    """
    if capture.held_by is not None:
        yield from _imported(tables, event, capture, policy, now)
        return
    found = leads.open_lead(tables, event.lead_id, event.person)
    cause = Cause(event.event_id, event.captured_at)
    lead_id = found[0] if found else _new_id(tables, event)
    if found is not None:
        count(tables, "touched")
        lead = leads.aliased(tables, lead_id, touched(found[1], capture), capture.lead.lead_id)
        yield from told(tables, lead_id, lead, cause, policy, now, "touch")
    elif tables.leads.get(lead_id) is not None:
        count(tables, "repeats")
        return
    else:
        yield from _admitted(tables, lead_id, _new(event, capture, policy), cause, policy, now)
    yield from asking.asked(tables, lead_id, cause, policy)


def _imported(
    tables: QualifyTables, event: EventIdentified, capture: LeadCaptured, policy: Policy, now: int
) -> Iterator[Outgoing]:
    """A lead that a rep had before this system: let in once (decision 0036).

    An import that is run again changes nothing, nor does a second record of the same person; only
    its id is kept, so that what the CRM says about that record finds the lead. No provider is asked
    about thousands of old leads at once.
    """
    found = leads.open_lead(tables, event.lead_id, event.person)
    lead_id = found[0] if found else _new_id(tables, event)
    if found is not None:
        count(tables, "repeats")
        aliased = leads.aliased(tables, lead_id, found[1], capture.lead.lead_id)
        if aliased is not found[1]:
            tables.leads.put(lead_id, aliased)
    elif event.lead_known or tables.leads.get(lead_id) is not None:
        count(tables, "repeats")
    else:
        cause = Cause(event.event_id, event.captured_at, capture.held_by)
        yield from _admitted(tables, lead_id, _new(event, capture, policy), cause, policy, now)


def _admitted(
    tables: QualifyTables, lead_id: str, lead: Lead, cause: Cause, policy: Policy, now: int
) -> Iterator[Outgoing]:
    count(tables, "admitted")
    count(tables, "sent")
    leads.counted(tables, lead.home, 1)
    lead = leads.opened(tables, lead_id, lead)
    yield from told(tables, lead_id, lead, cause, policy, now, "new")


def touched(lead: Lead, capture: LeadCaptured) -> Lead:
    """The lead with one more touch: what it did not know is completed, its last word replaced."""
    history = _heard(lead.history, capture)
    return msgspec.structs.replace(
        lead,
        details=_completed(lead.details, _details(capture.lead)),
        history=msgspec.structs.replace(history, touches=history.touches + 1),
    )


def remembered(last: tuple[str, ...], newest: str) -> tuple[str, ...]:
    """The latest sources and actions with one more, newest first, at most ten."""
    return (newest, *last)[:MOST_LAST]


def _new_id(tables: QualifyTables, event: EventIdentified) -> str:
    """The given id unless it had a lead before: no id names two leads."""
    named = leads.named(tables, event.lead_id)
    if event.lead_id is None or event.lead_known or named is not None:
        return identity.derived_lead_id(event.event_id)
    return event.lead_id


def _new(event: EventIdentified, capture: LeadCaptured, policy: Policy) -> Lead:
    details = _details(capture.lead)
    return Lead(
        home=event.home,
        person=event.person or "",
        page=0,
        desk="",
        details=details,
        origin=_origin(event, capture, policy),
        history=_heard(History(), capture),
    )


def _origin(event: EventIdentified, capture: LeadCaptured, policy: Policy) -> Origin:
    touch = capture.touch
    email = capture.lead.email
    host = domain.registrable(email_address.host(email)) if email else None
    more = policy.document.identity.free_mail_domains
    return Origin(
        captured_at=event.captured_at,
        source=capture.source,
        direction=capture.direction,
        campaign=capture.campaign,
        device=touch.device if touch else None,
        utm_source=touch.utm.get("utm_source", touch.utm.get("source")) if touch else None,
        free_mail=host is not None and free_mail.is_free_mail(host, more),
    )


def _heard(history: History, capture: LeadCaptured) -> History:
    """Consent and answers of a capture: the latest explicit word counts."""
    consent = capture.lead.consent
    contact = consent.contact if consent else None
    marketing = consent.marketing if consent else None
    answers = qualification.merged(dict(history.qualification), capture.lead.qualification)
    return msgspec.structs.replace(
        history,
        last=remembered(history.last, capture.source),
        qualification=tuple(answers.items()),
        contact_allowed=history.contact_allowed if contact is None else contact,
        marketing_allowed=history.marketing_allowed if marketing is None else marketing,
    )


def _details(lead: LeadDetails) -> Details:
    given = lead.values()
    return Details(**{name: given[name] for name in Details.__struct_fields__})


def _completed(before: Details, after: Details) -> Details:
    changes = {
        name: value
        for name in Details.__struct_fields__
        if (value := getattr(after, name)) is not None
        and (name in _LATEST or getattr(before, name) is None)
    }
    return msgspec.structs.replace(before, **changes)
