"""Which accounts belong together: a parent's owner stands in for owners that its children lack."""

from collections.abc import Iterator

from schemas.crm import AccountDetails
from streams.rows.identify import AccountRow, IdentifyTables
from streams.steps.directory import account_key
from streams.tables import SortKey


def registered(
    tables: IdentifyTables, secret: bytes, account: AccountDetails, home: str
) -> list[tuple[str, AccountRow]]:
    """Writes the account's row, and gives its children, by key, where its owner is another now."""
    key, parent = account_key(secret, account.account_id), _parent(secret, account)
    before = tables.accounts.get(key)
    tables.accounts.put(key, AccountRow(home, account.owner_rep_id, parent))
    owner = before.owner_rep_id if before else None
    return [] if owner == account.owner_rep_id else list(_children(tables, key))


def parents_owner(tables: IdentifyTables, secret: bytes, account: AccountDetails) -> str | None:
    """The owner of the account's parent; None also where nothing is known of it yet."""
    parent = _parent(secret, account)
    row = tables.accounts.get(parent) if parent else None
    return row.owner_rep_id if row else None


def _parent(secret: bytes, account: AccountDetails) -> str | None:
    """The parent's key; nobody is the parent of himself."""
    named = account.parent_id if account.parent_id != account.account_id else None
    return account_key(secret, named) if named else None


def _children(tables: IdentifyTables, parent: str) -> Iterator[tuple[str, AccountRow]]:
    child = _child_behind(tables, parent, (parent,))
    while child is not None:
        yield child
        child = _child_behind(tables, parent, (parent, child[0], ""))


def _child_behind(
    tables: IdentifyTables, parent: str, bound: SortKey
) -> tuple[str, AccountRow] | None:
    """The first child at or behind a place in the order of parent and child."""
    found = tables.accounts.next_in("parent", bound)
    return found if found is not None and found[1].parent == parent else None
