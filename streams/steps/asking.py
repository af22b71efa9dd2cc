"""Asking data providers for what nobody knows about a company (ENR-01)."""

from collections.abc import Iterator

import msgspec

from schemas.inner import EnrichmentRequested
from streams.policy.compiled import Policy
from streams.rows.qualify import Account, Home, QualifyTables
from streams.rules import domain, email_address, known
from streams.stage import Outgoing, event_id
from streams.steps import judgement
from streams.steps.telling import Cause

REQUESTS = "enrichment.requests"


def asked(tables: QualifyTables, lead_id: str, cause: Cause, policy: Policy) -> Iterator[Outgoing]:
    """One request for a home and set of missing fields.

    Only where an account id or a domain leads the answer back to the home. Fields that were asked
    for before are not asked for again: a provider's attempts are counted in its requests, not here.
    """
    lead = tables.leads.get(lead_id)
    if lead is None:
        return
    home = tables.homes.get(lead.home) or Home()
    if set(policy.document.enrichment.fields) <= set(home.asked):
        return
    account = tables.accounts.get(lead.home) or Account()
    values = judgement.values_of(lead, account)
    missing = known.missing(policy.document.enrichment.fields, values)
    company_domain = lead.details.domain or _mail_domain(lead.details.email, lead.origin.free_mail)
    if not (account.account_id or company_domain) or set(missing) <= set(home.asked):
        return
    together = tuple(sorted({*home.asked, *missing}))
    tables.homes.put(lead.home, msgspec.structs.replace(home, asked=together))
    request = EnrichmentRequested(
        event_id=event_id(cause.event_id, f"enrichment:{lead.home}"),
        caused_by=cause.event_id,
        home=lead.home,
        lead_id=lead_id,
        account_id=account.account_id or None,
        domain=company_domain,
        company=values["company"],
        missing=missing,
        attempts=policy.document.enrichment.attempts,
    )
    yield Outgoing(REQUESTS, lead.home, request)


def _mail_domain(email: str | None, is_free_mail: bool) -> str | None:  # noqa: FBT001 - one truth of the lead
    if email is None or is_free_mail:
        return None
    return domain.registrable(email_address.host(email))
