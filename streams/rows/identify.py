"""The directory: who and which company an event means, what was seen, and what waits."""

from typing import ClassVar

from streams.tables import Row, SortKey, StageTables, Table, View


class PersonKnown(Row, frozen=True):
    """Which person an identifier names. Key: keyed hash of lead id, e-mail, phone, or name.

    Rows of earlier versions also say that a person's own key names that person.
    """

    person: str


class PersonRow(Row, frozen=True):
    """A person. Key: keyed hash of the strongest identifier at first sight."""

    home: str
    has_email: bool
    """Somebody with another e-mail is then not this person, whatever phone they share."""


class HomeKnown(Row, frozen=True):
    """Which home a company's identifier names. Key: keyed hash of account id, domain, or name."""

    home: str


class AccountRow(Row, frozen=True):
    """An account of the CRM and its place in its family. Key: keyed hash of its id."""

    home: str
    owner_rep_id: str | None = None
    parent: str | None = None
    """The key of the parent account, which may be unknown yet."""


class Seen(Row, frozen=True):
    """An event id that was seen. Key: its first 8 bytes."""

    previous: str
    """The id seen before it that expires in the same bucket; "" for the first."""


class SeenBucket(Row, frozen=True):
    """Ids that are forgotten together, as a chain through `Seen`. Key: the bucket's number."""

    last: str


class Parked(Row, frozen=True):
    """An event that waits until its person or lead is known. Key: its event id."""

    number: int
    """Order of arrival."""
    event: bytes
    """The EventReceived as it came, Avro single object."""
    waits_for: tuple[str, ...]
    """The identifiers' keyed hashes; the first of them that becomes known releases it."""


class Waiting(Row, frozen=True):
    """The events that wait for an identifier, in order. Key: its keyed hash."""

    event_ids: tuple[str, ...]


def _by_parent(key: str, row: Row) -> SortKey | None:
    del key
    return (row.parent,) if isinstance(row, AccountRow) and row.parent else None


class IdentifyTables(StageTables):
    """Identify is one serial stage, so this is the whole directory."""

    views: ClassVar[dict[str, tuple[View, ...]]] = {"accounts": (View("parent", _by_parent),)}
    people: Table[PersonKnown]
    persons: Table[PersonRow]
    homes: Table[HomeKnown]
    accounts: Table[AccountRow]
    seen: Table[Seen]
    buckets: Table[SeenBucket]
    parked: Table[Parked]
    waiting: Table[Waiting]
