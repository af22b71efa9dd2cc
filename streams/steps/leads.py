"""Leads as qualify keeps them: found, opened, closed and forgotten."""

from collections.abc import Iterable

import msgspec

from streams.policy.compiled import Policy
from streams.rows.qualify import Alias, Home, Lead, Page, Person, QualifyTables
from streams.stage import Outgoing
from streams.tables import Timer

FORGET = "forget_lead"
"""Kind of the timers; subject: the lead id."""
PAGE_LEADS = 100
"""Open leads a page lists: its row is written again with each opening and closing."""
MOST_ALIASES = 10


def named(tables: QualifyTables, lead_id: str | None) -> tuple[str, Lead] | None:
    """The lead of this id or alias, open or closed."""
    if lead_id is None:
        return None
    alias = tables.aliases.get(lead_id)
    name = alias.lead_id if alias else lead_id
    row = tables.leads.get(name)
    return (name, row) if row else None


def open_lead(
    tables: QualifyTables, lead_id: str | None, person: str | None
) -> tuple[str, Lead] | None:
    """The named lead if it is open, else the open lead of the person."""
    found = named(tables, lead_id)
    if found is not None and found[1].open:
        return found
    row = tables.persons.get(person) if person else None
    return named(tables, row.lead_id) if row else None


def opened(tables: QualifyTables, lead_id: str, lead: Lead) -> Lead:
    """The lead listed under its home and person; the caller writes it."""
    home = tables.homes.get(lead.home) or Home()
    page = tables.pages.get(page_key(lead.home, home.page)) or Page(())
    if len(page.lead_ids) >= PAGE_LEADS:
        home, page = msgspec.structs.replace(home, page=home.page + 1), Page(())
    tables.homes.put(lead.home, home)
    tables.pages.put(page_key(lead.home, home.page), Page((*page.lead_ids, lead_id)))
    if tables.persons.get(lead.person) is None:
        tables.persons.put(lead.person, Person(lead_id))
    return msgspec.structs.replace(lead, page=home.page, open=True)


def closed(tables: QualifyTables, lead_id: str, lead: Lead, policy: Policy, now: int) -> Lead:
    """The lead taken from its home's open leads, to be forgotten after the policy's time."""
    key = page_key(lead.home, lead.page)
    page = tables.pages.get(key)
    left = tuple(name for name in (page.lead_ids if page else ()) if name != lead_id)
    if left:
        tables.pages.put(key, Page(left))
    else:
        tables.pages.delete(key)
    person = tables.persons.get(lead.person)
    if person is not None and person.lead_id == lead_id:
        tables.persons.delete(lead.person)
    due = now + policy.document.closed_kept
    tables.timers.put(f"{FORGET}:{lead_id}", Timer(due, FORGET, lead_id))
    return msgspec.structs.replace(lead, open=False)


def reopened(tables: QualifyTables, lead_id: str, lead: Lead) -> Lead:
    """A closed lead that is worked on again; forgotten no more."""
    tables.timers.delete(f"{FORGET}:{lead_id}")
    return opened(tables, lead_id, lead)


def counted(tables: QualifyTables, home: str, by: int) -> None:
    """How many leads a home keeps; a home without leads and account data is forgotten."""
    row = tables.homes.get(home) or Home()
    leads = row.leads + by
    if leads <= 0 and tables.accounts.get(home) is None:
        tables.homes.delete(home)
    else:
        tables.homes.put(home, msgspec.structs.replace(row, leads=leads))


def aliased(tables: QualifyTables, lead_id: str, lead: Lead, other: str | None) -> Lead:
    """The lead known by one more of the sender's ids; at most ten."""
    if other is None or other == lead_id or other in lead.aliases:
        return lead
    if len(lead.aliases) >= MOST_ALIASES or tables.leads.get(other) is not None:
        return lead
    tables.aliases.put(other, Alias(lead_id))
    return msgspec.structs.replace(lead, aliases=(*lead.aliases, other))


def forget(
    tables: QualifyTables,
    timer: Timer,
    policy: Policy,  # noqa: ARG001 - every step has the same signature
    now: int,  # noqa: ARG001 - every step has the same signature
) -> Iterable[Outgoing]:
    """Removes a lead that was closed long enough ago, so that tables do not grow for ever."""
    lead = tables.leads.get(timer.subject)
    if lead is None:
        return []
    for alias in lead.aliases:
        tables.aliases.delete(alias)
    tables.leads.delete(timer.subject)
    counted(tables, lead.home, -1)
    return []


def page_key(home: str, page: int) -> str:
    """The key of a page of a home's open leads."""
    return f"{home}#{page}"
