"""lead.activity: what a rep heard is noted, what he did is sent on to the lead's desk."""

from collections.abc import Iterator

import msgspec

from schemas.crm import LeadActivity
from schemas.inner import EventIdentified
from streams.policy.compiled import Policy
from streams.rows.qualify import Lead, QualifyTables
from streams.rules import qualification
from streams.stage import Outgoing
from streams.steps import leads
from streams.steps.lead_command import sent_on, unknown_lead
from streams.steps.telling import Cause, told


def acted(
    tables: QualifyTables, event: EventIdentified, activity: LeadActivity, policy: Policy, now: int
) -> Iterator[Outgoing]:
    """The answers are noted; the command goes on by the lead's own id.

    The status follows only what route accepts of it, as its outcome says. Activity on a closed
    lead is sent on as well: what it means then is the desk's decision.
    """
    found = leads.named(tables, activity.lead_id)
    if found is None:
        yield unknown_lead(tables, event, policy, now)
        return
    lead_id, lead = found
    cause = Cause(event.event_id, event.captured_at)
    yield from told(tables, lead_id, _noted(lead, activity), cause, policy, now, None)
    yield sent_on(event, lead_id, lead)


def _noted(lead: Lead, activity: LeadActivity) -> Lead:
    history = lead.history
    given = qualification.answers(activity.qualification)
    answers = qualification.merged(dict(history.qualification), given)
    after = msgspec.structs.replace(
        history,
        qualification=tuple(answers.items()),
    )
    return msgspec.structs.replace(lead, history=after)
