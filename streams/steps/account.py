"""What is known of a company changes, by itself or its parent, and so do its open leads."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from schemas.crm import AccountChanged, AccountDetails
from schemas.inner import EventIdentified, OwnerInherited
from streams.policy.compiled import Policy
from streams.rows.qualify import Account, Home, QualifyTables
from streams.stage import Outgoing
from streams.steps import leads
from streams.steps.enrich import SENDER
from streams.steps.telling import Cause, told
from streams.tables import Timer

RESCORE = "rescore"
"""Kind of the timers; subject: the home."""
PAUSE_MS = 10
"""Between two pages of an account with many open leads: other accounts go on in between."""


def account_changed(
    tables: QualifyTables, event: EventIdentified, changed: AccountChanged, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Takes over the data and scores the home's open leads again.

    The first hundred at once; of an account with more, a hundred every `PAUSE_MS`, each with the
    data as it is by then. Another change on the way starts from the first page.
    """
    before = tables.accounts.get(event.home)
    by_provider = changed.sender == SENDER
    after = merged(before or Account(), changed.account, by_provider=by_provider)
    if not by_provider:
        after = replace(after, parent_owner_rep_id=event.parent_owner_rep_id)
    return _kept(tables, event, after, policy, now)


def owner_inherited(
    tables: QualifyTables, event: OwnerInherited, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """The parent account has another owner: who has none of his own gets that one."""
    before = tables.accounts.get(event.home) or Account()
    after = replace(before, parent_owner_rep_id=event.owner_rep_id)
    return _kept(tables, event, after, policy, now)


def _kept(
    tables: QualifyTables,
    event: EventIdentified | OwnerInherited,
    after: Account,
    policy: Policy,
    now: int,
) -> Iterable[Outgoing]:
    if after == tables.accounts.get(event.home):
        return []
    tables.accounts.put(event.home, after)
    cause = Cause(event.event_id, event.captured_at)
    return _rescored(tables, event.home, 0, cause, policy, now)


def next_page(tables: QualifyTables, timer: Timer, policy: Policy, now: int) -> Iterable[Outgoing]:
    """The next hundred open leads of a home whose account changed."""
    home = tables.homes.get(timer.subject)
    if home is None or home.rescored is None:
        return []
    cause = Cause(f"{RESCORE}:{timer.subject}:{timer.due}", now)
    return _rescored(tables, timer.subject, home.rescored, cause, policy, now)


def merged(before: Account, said: AccountDetails, *, by_provider: bool) -> Account:
    """The account as it now is.

    The CRM owns owners and flags: absent means none. Company facts stay known when the CRM leaves
    them out, because a provider may have found them. A provider only fills gaps.
    """
    if by_provider:
        return replace(before, **_gaps_filled(before, said))
    facts = {name: getattr(said, name) for name in _FACTS}
    return replace(
        before,
        account_id=said.account_id,
        owner_rep_id=said.owner_rep_id,
        opportunity_owner_rep_id=said.opportunity_owner_rep_id,
        named=bool(said.named),
        named_owner_rep_id=said.named_owner_rep_id,
        customer=bool(said.customer),
        **{name: value for name, value in facts.items() if value is not None},
    )


_FACTS = ("name", "employees", "industry", "country")


def _gaps_filled(before: Account, said: AccountDetails) -> dict[str, object]:
    return {name: getattr(said, name) for name in _FACTS if getattr(before, name) is None}


def _rescored(
    tables: QualifyTables, home: str, first: int, cause: Cause, policy: Policy, now: int
) -> Iterator[Outgoing]:
    """Scores the first page that has open leads, and arranges for the next one."""
    row = tables.homes.get(home) or Home()
    number = _filled_page(tables, home, first, row.page)
    page = None if number is None else tables.pages.get(leads.page_key(home, number))
    for lead_id in page.lead_ids if page else ():
        lead = tables.leads.get(lead_id)
        if lead is not None:
            own = Cause(cause.event_id, lead.origin.captured_at)
            yield from told(tables, lead_id, lead, own, policy, now, "update")
    after = None if number is None or number >= row.page else number + 1
    if after is not None:
        tables.timers.put(f"{RESCORE}:{home}", Timer(now + PAUSE_MS, RESCORE, home))
    if after is not None or row.rescored is not None:
        tables.homes.put(home, replace(row, rescored=after))


def _filled_page(tables: QualifyTables, home: str, first: int, last: int) -> int | None:
    numbers = range(first, last + 1)
    return next((n for n in numbers if tables.pages.get(leads.page_key(home, n))), None)
