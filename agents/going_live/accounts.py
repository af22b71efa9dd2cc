"""Accounts as a CSV file has them: the contract's field names, or a CRM's own headings."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

import orjson

from agents.convert.addresses import read_domain
from agents.convert.booleans import read_boolean
from agents.convert.cells import Reading, clean, read_text
from agents.convert.conversion import Progress
from agents.convert.csv_file import header_of, opened, records_of
from agents.convert.encoding import detect_encoding
from agents.convert.fields import Reader, read_identifier
from agents.convert.layouts import header_key
from agents.convert.mapping_file import load_mapping, nearest
from agents.convert.numbers import read_employees
from agents.convert.problems import ConversionError
from agents.convert.records import Record, Records
from schemas.crm import AccountDetails
from schemas.record import format_time

SENDER = "accounts-import"
_FIELDS = frozenset(AccountDetails.model_fields)
_OWNERS = frozenset(name for name in _FIELDS if name.endswith("rep_id"))
_HEADINGS = MappingProxyType(
    {
        # Salesforce: a report's labels, then the API names of a Data Loader export.
        "account id": "account_id", "account name": "name", "website": "domains",
        "parent account id": "parent_id", "parentid": "parent_id",
        "account owner": "owner_rep_id", "ownerid": "owner_rep_id",
        "numberofemployees": "employees", "billing country": "country",
        "billingcountry": "country",
        # HubSpot companies.
        "record id": "account_id", "company name": "name", "company domain name": "domains",
        "parent company id": "parent_id", "company owner": "owner_rep_id",
        "number of employees": "employees", "country/region": "country",
    }
)  # fmt: skip
_PERSON = re.compile(r"e-?mail|first ?name|last ?name|lead ?id|contact ?id")
"""Headings of a file about persons: their accounts' ids are beside them at most."""
_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "account_id": read_identifier, "parent_id": read_identifier, "employees": read_employees,
        "named": read_boolean, "customer": read_boolean,
    }
)  # fmt: skip
_BETWEEN = re.compile(r"[\s,;|]+")


class Account(NamedTuple):
    """One row: the event's value, or why there is none."""

    line: int
    value: dict[str, Any] | None
    problem: str = ""


class Column(NamedTuple):
    """A column that is read."""

    place: int
    label: str
    field: str


class Sheet(NamedTuple):
    """A file whose header was read."""

    file: Path
    raw: BinaryIO
    header: Record
    records: Records
    reps: Mapping[str, str]
    """Rep id by an owner's text (as `header_key`)."""

    @property
    def columns(self) -> list[Column]:
        """Those that say something about an account. Raises `ConversionError` for a misspelt one.

        Headings that only the CRM knows are passed over; but one written like the contract's own
        fields is meant as one.
        """
        found = []
        for place, label in enumerate(self.header.cells):
            field = _field(label)
            if field is not None:
                found.append(Column(place, label, field))
            elif "_" in label and (meant := nearest(header_key(label), _FIELDS)):
                raise ConversionError(
                    f"{self.file}, line {self.header.line}: {label!r} is no field of an account"
                    f"{meant}."
                )
        return found

    @property
    def is_of_accounts(self) -> bool:
        """Whether it is about companies: an id and domains, and nothing that a person has."""
        fields = {_field(label) for label in self.header.cells}
        persons = any(_PERSON.search(header_key(label)) for label in self.header.cells)
        return {"account_id", "domains"} <= fields and not persons


@contextmanager
def sheet(file: Path, mapping: Path | None) -> Iterator[Sheet]:
    """Opens a CSV; a mapping names encoding, delimiter and reps. Raises `ConversionError`."""
    settings = load_mapping(mapping).settings if mapping else None
    codec = detect_encoding(file, settings.encoding if settings else None)
    with opened(file, codec) as (raw, stream):
        records, _ = records_of(file, stream, settings.delimiter if settings else None)
        reps = settings.reps if settings else {}
        yield Sheet(
            file, raw, header_of(file, records), records,
            {header_key(text): rep_id for text, rep_id in reps.items()},
        )  # fmt: skip


def accounts(of: Sheet, progress: Progress, now: int) -> Iterator[Account]:
    """The accounts of a file; of columns for one field the first with a text counts.

    `now`: when the rows are said, milliseconds since the epoch. Raises `ConversionError`.
    """
    columns, size = of.columns, of.file.stat().st_size
    for record in of.records:
        problem, account = record.problem, dict[str, Any]()
        for column in columns if not problem else ():
            text = clean(record.cells[column.place]) if column.place < len(record.cells) else ""
            if text and column.field not in account:
                account[column.field], odd = _read(column.field, text, of.reps)
                problem = problem or (f"column {column.label!r}: {odd}" if odd else "")
        if not problem and "account_id" not in account:
            problem = "it has no account id"
        yield Account(record.line, None if problem else _event(account, now), problem)
        progress(min(of.raw.tell(), size), size)


def _field(label: str) -> str | None:
    key = header_key(label)
    return key if key in _FIELDS else _HEADINGS.get(key)


def _read(field: str, text: str, reps: Mapping[str, str]) -> tuple[object, str]:
    """What a cell says, or what is odd about it."""
    if field == "domains":
        read = [read_domain(one) for one in _BETWEEN.split(text) if one]
        return [one.value for one in read], next((one.warning for one in read if one.warning), "")
    if field in _OWNERS:
        rep_id = reps.get(header_key(text))
        one = Reading(rep_id) if rep_id else read_identifier(text)
        return one.value, one.warning and "no rep id, and not among the `reps` of a mapping"
    one = _READERS.get(field, read_text)(text)
    return one.value, one.warning


def _event(account: dict[str, Any], now: int) -> dict[str, Any]:
    """The event; its id follows from what it says."""
    said = orjson.dumps(account, option=orjson.OPT_SORT_KEYS)
    return {
        "type": "account.changed",
        "sender": SENDER,
        "event_id": blake2b(said, digest_size=16).hexdigest(),
        "occurred_at": format_time(now),
        "account": {"domains": []} | account,
    }
