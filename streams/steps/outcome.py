"""OutcomeReported: what route made of a lead opens or closes it and moves its status."""

from collections.abc import Iterable

import msgspec

from schemas.inner import OutcomeReported
from streams.policy.compiled import Policy
from streams.rows.qualify import History, Lead, QualifyTables
from streams.rules import status
from streams.stage import Outgoing
from streams.steps import leads
from streams.steps.telling import Cause, told
from streams.tables import count


def outcome(
    tables: QualifyTables, event: OutcomeReported, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Placed: open (again). Contacted: sales accepted it. Closed: status by the reason.

    A lead that is forgotten already is only counted: it closed long ago.
    """
    lead = tables.leads.get(event.lead_id)
    if lead is None:
        count(tables, "outcomes_of_unknown_leads")
        return []
    after = _moved(tables, event, lead, policy, now)
    cause = Cause(event.event_id, lead.origin.captured_at)
    return told(tables, event.lead_id, after, cause, policy, now, None)


def _moved(
    tables: QualifyTables, event: OutcomeReported, lead: Lead, policy: Policy, now: int
) -> Lead:
    history = lead.history
    if event.outcome == "closed":
        sales = status.after_closing(history.sales, event.place, event.reason)
        if lead.open:
            lead = leads.closed(tables, event.lead_id, lead, policy, now)
        return _with_sales(lead, history, sales)
    if event.outcome == "contacted":
        return _with_sales(lead, history, status.after_contact(history.sales))
    if lead.open:
        return lead
    reopened = leads.reopened(tables, event.lead_id, lead)
    return _with_sales(reopened, history, status.after_reopening(history.sales))


def _with_sales(lead: Lead, history: History, sales: status.Sales) -> Lead:
    return msgspec.structs.replace(lead, history=msgspec.structs.replace(history, sales=sales))
