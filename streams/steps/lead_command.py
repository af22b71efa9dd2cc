"""A command about a lead goes on to the lead's desk, under the lead's own id."""

from collections.abc import Iterator

from schemas.crm import OwnerSet
from schemas.inner import CommandReceived, EventIdentified
from schemas.pools import AssignmentSkipped
from streams.policy.compiled import Policy
from streams.rows.qualify import Lead, QualifyTables
from streams.stage import Outgoing
from streams.steps import leads
from streams.steps.rejection import rejected
from streams.steps.telling import ROUTING


def commanded(
    tables: QualifyTables,
    event: EventIdentified,
    said: OwnerSet | AssignmentSkipped,
    policy: Policy,
    now: int,
) -> Iterator[Outgoing]:
    """Sends it on, closed leads included: what it means for them is the desk's decision."""
    found = leads.named(tables, said.lead_id)
    if found is None:
        yield unknown_lead(tables, event, policy, now)
    else:
        yield sent_on(event, *found)


def sent_on(event: EventIdentified, lead_id: str, lead: Lead) -> Outgoing:
    """The command for the desk."""
    command = CommandReceived(
        event_id=event.event_id,
        type=event.type,
        captured_at=event.captured_at,
        origin=event.origin,
        event=event.event,
        replayed=event.replayed,
        desk=lead.desk,
        home=lead.home,
        lead_id=lead_id,
    )
    return Outgoing(ROUTING, lead.desk, command)


def unknown_lead(
    tables: QualifyTables, event: EventIdentified, policy: Policy, now: int
) -> Outgoing:
    """The refusal of what names a lead that is not kept."""
    return rejected(
        tables,
        event,
        now,
        stage="qualify",
        reason="unknown_lead",
        field="lead_id",
        detail="no lead of this id is kept: it was never admitted, or closed long ago",
        policy_version=policy.version,
    )
