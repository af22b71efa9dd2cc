"""One row becomes one `lead.captured`. Odd cells go to `extra`; the row is kept."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.convert.booleans import read_boolean
from agents.convert.cells import LONGEST_TEXT, Reading, clean, narrow, read_text
from agents.convert.dates import read_time
from agents.convert.fields import Reader
from agents.convert.layouts import (
    ANY_ID,
    CAMPAIGN,
    CONVERTED,
    CREATED,
    DELETED,
    DO_NOT_CALL,
    HELD_BY,
    LEGAL_BASIS,
    OPTED_OUT,
    RECORD_ID,
    SOURCE,
    SOURCE_DETAIL,
    header_key,
)
from agents.convert.plan import Plan
from agents.convert.records import Record
from agents.convert.sources import CAMPAIGN_SOURCES, source_key

_ROW_ID_BYTES = 16
_GIVEN_CONSENT = "freely given consent"


class Captured(NamedTuple):
    """A lead without its time, which may have to come from another row."""

    event_id: str
    source: str
    source_unknown: bool
    campaign: str | None
    lead: dict[str, object]
    created: int | None
    """Milliseconds since the epoch, UTC; None if the row does not say."""
    warnings: list[tuple[str | None, str]]
    """Column and reason."""
    held_by: str | None = None
    """Rep id of who has the lead already."""


class Refused(NamedTuple):
    """Why a row is no lead."""

    reason: str


@dataclass
class Draft:
    """A row while it is being read: which cells have been used, what was odd."""

    plan: Plan
    cells: list[str]
    warnings: list[tuple[str | None, str]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def take(self, columns: tuple[int, ...], reader: Reader) -> object:
        """The value of the first of these columns that has a usable one, or None."""
        for column in columns:
            text = self.cells[column]
            reading = reader(text) if text else Reading(None)
            if reading.warning:
                self.warnings.append((self.plan.labels[column], reading.warning))
            if reading.value is not None:
                if not reading.warning and not reading.keep:
                    self.used.add(column)
                return reading.value
        return None

    def flags(self, role: str) -> bool:
        """Whether any of the columns with this role says yes."""
        said = [self.take((column,), read_boolean) for column in self.plan.columns(role)]
        return any(said)

    def extra(self) -> dict[str, str]:
        """All that was not used, by header."""
        labels = self.plan.labels
        return {
            labels[column]: text
            for column, text in enumerate(self.cells)
            if text and column not in self.used
        }


def capture(plan: Plan, record: Record) -> Captured | Refused:
    """The lead in a row, or why there is none.

    A row with fewer cells than the header is trusted only if its record id or its e-mail address
    is where it should be; otherwise it is the rest of a broken row.
    """
    draft = _draft(plan, record)
    if not any(draft.cells):
        return Refused("the row is empty")
    if draft.flags(DELETED):
        return Refused("the record is deleted in the CRM")
    if draft.flags(CONVERTED):
        return Refused("the lead is already converted in the CRM")
    record_id = draft.take(plan.columns(RECORD_ID), _id_reader(plan))
    created = draft.take(plan.columns(CREATED), _date_reader(plan))
    lead = _lead(draft, record_id)
    short = len(record.cells) < len(plan.labels)
    if short and not (_exact_id(plan, record_id) or "email" in lead):
        return Refused(f"{len(record.cells)} cells, fewer than the {len(plan.labels)} of"
                       " the header; a line break may be unquoted")  # fmt: skip
    if not _identified(lead):
        return Refused("nothing says who it is: no id, e-mail, telephone, or last name and company")
    if short:
        draft.warnings.append(
            (None, "it has fewer cells than the header, the rest is taken as empty")
        )
    return _captured(draft, record, lead, record_id, created)


def _captured(
    draft: Draft, record: Record, lead: dict[str, object], record_id: object, created: object
) -> Captured | Refused:
    holders = draft.plan.columns(HELD_BY)
    held_by = draft.take(holders, _rep_reader(draft.plan))
    if held_by is None and any(draft.cells[column] for column in holders):
        return Refused("whoever has it is no rep id and not among the `reps` of the mapping")
    source, unknown, campaign = _origin(draft)
    extra = draft.extra()
    if extra:
        lead["extra"] = extra
    return Captured(
        event_id=_event_id(record_id or lead.get("lead_id"), record),
        source=source,
        source_unknown=unknown,
        campaign=campaign,
        lead=lead,
        created=created if isinstance(created, int) else None,
        warnings=draft.warnings,
        held_by=str(held_by) if held_by else None,
    )


def _draft(plan: Plan, record: Record) -> Draft:
    cells = [clean(cell) for cell in record.cells]
    cells += [""] * (len(plan.labels) - len(cells))
    draft = Draft(plan, cells)
    for column, text in enumerate(cells):
        if len(text) > LONGEST_TEXT:
            cells[column] = text[:LONGEST_TEXT]
            draft.warnings.append(
                (plan.labels[column], f"over {LONGEST_TEXT:,} characters, the rest is cut off")
            )
    return draft


def _lead(draft: Draft, record_id: object) -> dict[str, object]:
    plan = draft.plan
    values = {part.name: draft.take(part.columns, part.reader) for part in plan.fields}
    values = {name: value for name, value in values.items() if value is not None}
    for name, value in plan.constants:
        values.setdefault(name, value)
    values |= _consent(draft, values)
    if record_id is not None and plan.layout.sender:
        # HubSpot counts its records 1, 2, 3, as other systems do: the prefix keeps them apart.
        lead_id = {"lead_id": f"{plan.layout.name}-{record_id}"}
        values = lead_id | values | {f"external_ids.{plan.layout.name}": record_id}
    return _nested(values)


def _consent(draft: Draft, values: dict[str, object]) -> dict[str, object]:
    """What layouts know of consent. Not having opted out is no consent."""
    found: dict[str, object] = {}
    basis = draft.take(draft.plan.columns(LEGAL_BASIS), read_text)
    if basis is not None:
        found["consent.basis"] = basis
        if _GIVEN_CONSENT in str(basis).casefold():
            found["consent.marketing"] = True
    if draft.flags(OPTED_OUT):
        found["consent.marketing"] = False
    if draft.flags(DO_NOT_CALL):
        found["consent.contact"] = False
    return {name: value for name, value in found.items() if name not in values}


def _nested(values: dict[str, object]) -> dict[str, object]:
    """`consent.basis` and its like as objects inside the lead."""
    lead: dict[str, object] = {}
    for name, value in values.items():
        outer, _, inner = name.partition(".")
        if not inner:
            lead[name] = value
            continue
        part = lead.setdefault(outer, {})
        if isinstance(part, dict):
            part[inner] = value
    return lead


def _identified(lead: dict[str, object]) -> bool:
    """The contract's minimum (section 2, lead.captured)."""
    return any(name in lead for name in ("lead_id", "email", "phone")) or (
        "last_name" in lead and "company" in lead
    )


def _origin(draft: Draft) -> tuple[str, bool, str | None]:
    """Source, whether its text is unknown, and campaign. The CRM's own text stays in `extra`."""
    plan = draft.plan
    text = next((draft.cells[column] for column in plan.columns(SOURCE) if draft.cells[column]), "")
    key = source_key(text)
    source = plan.sources.get(key)
    details = plan.columns(SOURCE_DETAIL) if key in CAMPAIGN_SOURCES else ()
    campaign = draft.take(details + plan.columns(CAMPAIGN), read_text)
    unknown = bool(text) and source is None
    return source or plan.source, unknown, str(campaign) if campaign else None


def _event_id(record_id: object, record: Record) -> str:
    """The same for the same record at every export; without an id, for the same content."""
    if record_id is not None:
        return f"record-{record_id}"
    content = "\x1f".join(record.cells).encode()
    return f"row-{hashlib.sha256(content).hexdigest()[: 2 * _ROW_ID_BYTES]}"


def read_created(plan: Plan, record: Record) -> int | None:
    """The create date of a row alone, milliseconds since the epoch, UTC."""
    draft = _draft(plan, record)
    created = draft.take(plan.columns(CREATED), _date_reader(plan))
    return created if isinstance(created, int) else None


def _exact_id(plan: Plan, record_id: object) -> bool:
    """Whether the id has a form that a shifted cell would hardly have: that of a known CRM."""
    return record_id is not None and plan.layout.sender != ""


def _id_reader(plan: Plan) -> Reader:
    form = plan.layout.id_form

    def read(text: str) -> Reading:
        text = narrow(text)
        if form.fullmatch(text):
            return Reading(text)
        return Reading(None, "not a record id (a spreadsheet may have rounded it)")

    return read


def _rep_reader(plan: Plan) -> Reader:
    """The mapping's rep id for a text, else the text where it may be one: names are no ids."""

    def read(text: str) -> Reading:
        rep_id = plan.reps.get(header_key(text))
        return Reading(rep_id or (text if ANY_ID.fullmatch(text) else None))

    return read


def _date_reader(plan: Plan) -> Reader:
    return lambda text: read_time(text, plan.zone, day_first=plan.day_first)
