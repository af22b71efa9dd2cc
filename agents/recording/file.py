"""The file of a recording: one SQLite database, whole or not there at all.

It holds everything that the pipeline read and said, personal data included, so it is its owner's
only (mode 0600).
"""

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from agents.kafka.names import Share
from agents.kafka.scan import Found
from agents.ledger.records import Headers
from agents.way.hops import cause_of

APPLICATION = int.from_bytes(b"lead", "big")
"""SQLite's own mark for whose file it is."""
FORMAT = 1
OWNER_ONLY = 0o600
TABLES = f"""
pragma journal_mode = off;
pragma application_id = {APPLICATION};
pragma user_version = {FORMAT};
create table about (secret text, framed integer not null);
create table partitions (
    topic text, number integer, decided integer not null, primary key (topic, number)
);
create table records (
    topic text, number integer, place integer, timestamp integer not null,
    key blob, value blob not null, headers blob not null,
    cause_topic text, cause_number integer, cause_place integer,
    primary key (topic, number, place)
);
create table schemas (id integer primary key, content text not null);
create table schema_ids (topic text, record text, id integer not null, primary key (topic, record));
"""
INDEX = """
create index caused on records (cause_topic, cause_number, cause_place)
where cause_topic is not null
"""
_headers = msgspec.msgpack.Decoder(Headers)


class BadRecording(Exception):
    """A file that is no recording, or none that this program reads; the message says which."""


class About(NamedTuple):
    """What a replay must have like the run."""

    secret: str | None
    """Tells the secret of the run from others, without it."""
    framed: bool
    """Whether records carry the ids of a schema registry."""


class Schemas(NamedTuple):
    """What a schema registry says."""

    contents: Mapping[int, str]
    """Schemas by id."""
    ids: Mapping[tuple[str, str], int]
    """The id by topic and record."""


class Writing:
    """A recording that comes to be."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Empty."""
        self._connection = connection

    def begin(self, about: About, decided: Mapping[Share, int]) -> None:
        """Which partitions there are, and how far the stage that reads each one has decided."""
        self._connection.execute("insert into about values (?, ?)", about)
        rows = ((*share, end) for share, end in decided.items())
        self._connection.executemany("insert into partitions values (?, ?, ?)", rows)

    def add(self, records: Iterable[Found]) -> None:
        """More records, each partition's in their order."""
        rows = (
            (*one[:-1], msgspec.msgpack.encode(one.headers), *(cause_of(one) or (None, None, None)))
            for one in records
        )
        insert = "insert into records values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._connection.executemany(insert, rows)

    def note_schemas(self, schemas: Schemas) -> None:
        """What the registry says."""
        contents = schemas.contents.items()
        self._connection.executemany("insert into schemas values (?, ?)", contents)
        rows = ((*place, number) for place, number in schemas.ids.items())
        self._connection.executemany("insert into schema_ids values (?, ?, ?)", rows)


@contextmanager
def written(target: Path) -> Iterator[Writing]:
    """A recording that is `target` when the block ends without an error, and nowhere otherwise.

    Raises `BadRecording` where something stands there already, and `OSError`.
    """
    if target.exists():
        msg = f"{target} is there already: choose another name"
        raise BadRecording(msg)
    partial = target.resolve().with_name(f".leadstream-{secrets.token_hex(8)}.partial")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    try:
        with closing(sqlite3.connect(partial)) as connection:
            connection.executescript(TABLES)
            yield Writing(connection)
            connection.execute(INDEX)
            connection.commit()
        partial.rename(target)
    except sqlite3.DatabaseError as error:
        raise OSError(errno.EIO, str(error), str(target)) from error
    finally:
        partial.unlink(missing_ok=True)


class Recording:
    """A recording that is read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Of a database that is a recording."""
        self._connection = connection

    @property
    def about(self) -> About:
        """What a replay must have like the run."""
        secret, framed = self._connection.execute("select * from about").fetchone()
        return About(secret, bool(framed))

    def partitions(self, topic: str) -> dict[int, int]:
        """A topic's partitions, each with the offset before which all of it was decided."""
        query = "select number, decided from partitions where topic = ? order by number"
        return dict(self._connection.execute(query, (topic,)))

    def records(self, share: Share, end: int) -> Iterator[Found]:
        """A partition's records before an offset, in their order."""
        query = "select * from records where topic = ? and number = ? and place < ? order by place"
        return map(_found, self._connection.execute(query, (*share, end)))

    def caused(self, share: Share, end: int) -> Iterator[tuple[int, Found]]:
        """What was said because of a partition's records before an offset, with their offsets."""
        query = """
            select * from records where cause_topic = ? and cause_number = ? and cause_place < ?
            order by cause_place, topic, number, place
        """
        for row in self._connection.execute(query, (*share, end)):
            yield row[-1], _found(row)

    def uncaused(self, topic: str) -> Found | None:
        """A record of a topic that does not say what caused it."""
        query = "select * from records where topic = ? and cause_topic is null limit 1"
        return next(map(_found, self._connection.execute(query, (topic,))), None)

    def count(self, share: Share, end: int) -> tuple[int, int]:
        """How many records of a partition were decided, and how many were not."""
        query = (
            "select count(*) filter (where place < ?), count(*) filter (where place >= ?) "
            "from records where topic = ? and number = ?"
        )
        done, left = self._connection.execute(query, (end, end, *share)).fetchone()
        return done, left

    def schema(self, schema_id: int) -> str | None:
        """The schema that the registry had under an id."""
        query = "select content from schemas where id = ?"
        row = self._connection.execute(query, (schema_id,)).fetchone()
        return None if row is None else str(row[0])

    def schema_id(self, topic: str, record: str) -> int | None:
        """The id that the registry had for a record of a topic."""
        query = "select id from schema_ids where topic = ? and record = ?"
        row = self._connection.execute(query, (topic, record)).fetchone()
        return None if row is None else int(row[0])


def _found(row: Sequence[Any]) -> Found:
    topic, number, place, timestamp, key, value, headers, *_ = row
    return Found(topic, number, place, timestamp, key, value, _headers.decode(headers))


@contextmanager
def opened(source: Path) -> Iterator[Recording]:
    """A recording, to be read. Raises `BadRecording` for a file that is none or is damaged."""
    if not source.is_file():
        msg = f"{source} is not there: give a file that `leadstream record` wrote"
        raise BadRecording(msg)
    address = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _check(source, connection)
            yield Recording(connection)
    except sqlite3.DatabaseError as error:
        # Without SQLite's words, which may repeat what it read.
        msg = f"{source} cannot be read as a recording: give a whole one"
        raise BadRecording(msg) from error


def _check(source: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    if application != APPLICATION:
        msg = f"{source} is no recording: give a file that `leadstream record` wrote"
        raise BadRecording(msg)
    if version != FORMAT:
        msg = (
            f"{source} has the form {version} of recordings and this program reads {FORMAT}: "
            "replay it with the program that recorded it"
        )
        raise BadRecording(msg)
