"""OutcomeReported: what route made of a lead opens or closes it and moves its status."""

from collections.abc import Iterable

import msgspec

from schemas.inner import OutcomeReported
from streams.policy.compiled import Policy
from streams.rows.qualify import Lead, QualifyTables
from streams.rules import status
from streams.stage import Outgoing
from streams.steps import leads
from streams.steps.telling import Cause, told
from streams.tables import count


def outcome(
    tables: QualifyTables, event: OutcomeReported, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Placed: open (again). Closed: to be forgotten. The status follows what route accepted.

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
    if event.outcome == "closed" and lead.open:
        lead = leads.closed(tables, event.lead_id, lead, policy, now)
    elif event.outcome == "placed" and not lead.open:
        lead = leads.reopened(tables, event.lead_id, lead)
    words = {"outcome": event.outcome, "place": event.place, "reason": event.reason}
    sales = status.after(lead.history.sales, **words)
    return msgspec.structs.replace(lead, history=msgspec.structs.replace(lead.history, sales=sales))
