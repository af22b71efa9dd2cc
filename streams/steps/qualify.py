"""Qualify: leads are admitted, completed and judged at their home account."""

from collections.abc import Callable, Iterable

from schemas.codec import decode
from schemas.crm import AccountChanged, LeadActivity, LeadOwnerChanged, LeadReassigned
from schemas.inner import EventIdentified, OutcomeReported, OwnerInherited
from schemas.lead import LeadBehaviour, LeadCaptured
from schemas.pools import AssignmentSkipped
from streams.policy.compiled import Policy
from streams.rows.qualify import QualifyTables
from streams.stage import Comparing, Outgoing, Stage
from streams.steps import (
    account,
    activity,
    asking,
    behaviour,
    captured,
    lead_command,
    leads,
    outcome,
    shadow_judgement,
    telling,
)
from streams.steps.rejection import TOPIC as REJECTED
from streams.steps.rejection import taken_back
from streams.steps.shadow import TOPIC as SHADOW

NAME = "qualify"
INBOX = "accounts.inbox"


def qualify_stage() -> Stage:
    """The agent `qualify`: key is the home account, so all of a company is decided in one place."""
    return Stage(
        name=NAME,
        sources=(INBOX,),
        tables=QualifyTables,
        steps={
            EventIdentified: qualify,
            OwnerInherited: account.owner_inherited,
            OutcomeReported: outcome.outcome,
        },
        timers={account.RESCORE: account.next_page, leads.FORGET: leads.forget},
        comparing=Comparing(shadow_judgement.moved, shadow_judgement.compared),
        writes=(telling.SCORED, telling.ROUTING, asking.REQUESTS, REJECTED, SHADOW),
        unhurried=(telling.ROUTING,),
    )


def qualify(
    tables: QualifyTables, event: EventIdentified, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """One event whose home is known. Raises `TypeError` for a kind that identify never sends."""
    taken_back(tables, NAME, event.replayed)
    said = decode(event.event)
    step = _STEPS.get(type(said))
    if step is None:
        msg = f"qualify has no step for {type(said).__name__}"
        raise TypeError(msg)
    return step(tables, event, said, policy, now)


_STEPS: dict[type, Callable[..., Iterable[Outgoing]]] = {
    LeadCaptured: captured.captured,
    LeadBehaviour: behaviour.behaved,
    AccountChanged: account.account_changed,
    LeadActivity: activity.acted,
    LeadOwnerChanged: lead_command.commanded,
    LeadReassigned: lead_command.commanded,
    AssignmentSkipped: lead_command.commanded,
}
