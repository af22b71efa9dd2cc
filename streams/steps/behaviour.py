"""lead.behaviour: something a person did counts for the open lead (SCO-03, SCO-08)."""

from collections.abc import Iterable

import msgspec

from schemas.inner import EventIdentified
from schemas.lead import LeadBehaviour
from streams.policy.compiled import Policy
from streams.rows.qualify import History, QualifyTables
from streams.stage import Outgoing
from streams.steps import leads
from streams.steps.captured import remembered
from streams.steps.rejection import rejected
from streams.steps.telling import Cause, told

MOST_TIMES = 1_000_000
"""Counting stops here: no rule of the policy can tell the difference."""


def behaved(
    tables: QualifyTables, event: EventIdentified, done: LeadBehaviour, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Counts the action on the named lead, else on the person's open one; else refused."""
    found = leads.open_lead(tables, event.lead_id, event.person)
    if found is None:
        return [_no_open_lead(tables, event, policy, now)]
    lead_id, lead = found
    history = acted(lead.history, done)
    cause = Cause(event.event_id, event.captured_at)
    after = msgspec.structs.replace(lead, history=history)
    return told(tables, lead_id, after, cause, policy, now, "update")


def acted(history: History, done: LeadBehaviour) -> History:
    """The history with the action counted; who unsubscribes gets no more marketing."""
    times = dict(history.actions)
    times[done.action] = min(times.get(done.action, 0) + (done.count or 1), MOST_TIMES)
    return msgspec.structs.replace(
        history,
        actions=tuple(times.items()),
        last=remembered(history.last, done.action),
        marketing_allowed=history.marketing_allowed and done.action != "unsubscribed",
    )


def _no_open_lead(
    tables: QualifyTables, event: EventIdentified, policy: Policy, now: int
) -> Outgoing:
    return rejected(
        tables,
        event,
        now,
        stage="qualify",
        reason="no_open_lead",
        detail="the person has no open lead that this could count for; send lead.captured first",
        policy_version=policy.version,
    )
