"""The directory: who and which company an event means, what was seen, and what waits."""

from streams.tables import Row, StageTables, Table


class PersonKnown(Row, frozen=True):
    """Which person an identifier names. Key: keyed hash of lead id, e-mail, phone, or name."""

    person: str


class PersonRow(Row, frozen=True):
    """A person. Key: keyed hash of the strongest identifier at first sight."""

    home: str
    has_email: bool
    """Somebody with another e-mail is then not this person, whatever phone they share."""


class HomeKnown(Row, frozen=True):
    """Which home a company's identifier names. Key: keyed hash of account id, domain, or name."""

    home: str


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


class IdentifyTables(StageTables):
    """Identify is one serial stage, so this is the whole directory."""

    people: Table[PersonKnown]
    persons: Table[PersonRow]
    homes: Table[HomeKnown]
    seen: Table[Seen]
    buckets: Table[SeenBucket]
    parked: Table[Parked]
    waiting: Table[Waiting]
