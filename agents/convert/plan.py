"""What each column of one file is for: its header seen through a layout or a mapping."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agents.convert.addresses import is_email
from agents.convert.fields import LEAD_FIELDS, Reader, reader_of
from agents.convert.known_layouts import LAYOUTS
from agents.convert.layouts import (
    ANY_ID,
    CREATED,
    HELD_BY,
    RECORD_ID,
    SOURCE,
    Layout,
    header_key,
    recognise,
)
from agents.convert.mapping import Mapping
from agents.convert.mapping_file import MappingFile, nearest
from agents.convert.problems import ConversionError
from agents.convert.sources import KNOWN_SOURCES, source_key

_NO_COLUMNS: tuple[int, ...] = ()
_BARE = Layout("mapping", "", ANY_ID, day_first=False, columns={}, marks=frozenset())
_DEFAULTS = Mapping(layout="hubspot")
"""The settings of a file without a mapping; `layout` only stands for "one is known"."""


@dataclass(frozen=True)
class FieldPlan:
    """Where a field of the lead comes from: columns in order of preference."""

    name: str
    reader: Reader
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that is the same for all rows of a file."""

    layout: Layout
    sender: str
    topic: str
    labels: tuple[str, ...]
    """The header as written, each label once; names of cells in `extra` and in reports."""
    roles: MappingProxyType[str, tuple[int, ...]]
    fields: tuple[FieldPlan, ...]
    constants: tuple[tuple[str, object], ...]
    source: str
    sources: MappingProxyType[str, str]
    reps: MappingProxyType[str, str]
    """Rep id by the text (as `header_key`) of the column that says who has the lead."""
    zone: tzinfo
    day_first: bool

    def columns(self, role: str) -> tuple[int, ...]:
        """The columns with this role, the preferred one first."""
        return self.roles.get(role, _NO_COLUMNS)


def make_plan(source: Path, line: int, header: list[str], mapping: MappingFile | None) -> Plan:
    """The plan for the file `source`, whose header stands on `line`.

    Raises `ConversionError`: no header, unknown layout and no mapping, a mapping that names
    columns which are not there, nothing that identifies a lead.
    """
    _refuse_data(source, line, header)
    settings = mapping.settings if mapping else _DEFAULTS
    layout = _layout(source, line, header, mapping)
    roles = _layout_roles(layout, header)
    if mapping:
        _apply(roles, mapping, header, source)
    _refuse_anonymous(source, line, roles)
    zone = ZoneInfo(settings.time_zone)
    day_first = layout.day_first if settings.day_first is None else settings.day_first
    return Plan(
        layout=layout,
        sender=settings.sender or layout.sender,
        topic=settings.topic,
        labels=_labels(header),
        roles=MappingProxyType({role: tuple(found) for role, found in roles.items()}),
        fields=_fields(roles, zone, day_first=day_first),
        constants=_constants(mapping, zone, day_first=day_first),
        source=settings.source or "other",
        sources=MappingProxyType(
            {**KNOWN_SOURCES, **{source_key(text): to for text, to in settings.sources.items()}}
        ),
        reps=MappingProxyType({header_key(text): rep for text, rep in settings.reps.items()}),
        zone=zone,
        day_first=day_first,
    )


def _refuse_data(source: Path, line: int, header: list[str]) -> None:
    if any(is_email(cell.strip()) for cell in header):
        raise ConversionError(
            f"{source}, line {line}: this line holds data, not column names: add a header line."
        )


def _layout(source: Path, line: int, header: list[str], mapping: MappingFile | None) -> Layout:
    if mapping:
        wanted = mapping.settings.layout
        return next((layout for layout in LAYOUTS if layout.name == wanted), _BARE)
    layout = recognise(header, LAYOUTS)
    if layout is None:
        raise ConversionError(
            f"{source}, line {line}: the columns are neither those of a HubSpot contact export"
            " nor of a Salesforce lead export: describe them with --mapping (see"
            " deploy/mappings/example.yaml)."
        )
    return layout


def _layout_roles(layout: Layout, header: list[str]) -> dict[str, list[int]]:
    """Columns by role; where several have the same role the layout's order decides."""
    preference = {key: place for place, key in enumerate(layout.columns)}
    keys = [header_key(cell) for cell in header]
    order = sorted(
        range(len(keys)), key=lambda index: (preference.get(keys[index], len(preference)), index)
    )
    roles: dict[str, list[int]] = {}
    for index in order:
        role = layout.role(keys[index])
        if role:
            roles.setdefault(role, []).append(index)
    return roles


def _apply(
    roles: dict[str, list[int]], mapping: MappingFile, header: list[str], source: Path
) -> None:
    """Lay the mapping's columns over those of the layout; they come first."""
    settings = mapping.settings
    keys = [header_key(cell) for cell in header]
    named: list[tuple[str, str, tuple[str, ...]]] = [
        (name, field, ("columns", name)) for name, field in settings.columns.items()
    ]
    for setting, role in (
        ("event_id", RECORD_ID),
        ("occurred_at", CREATED),
        ("source_column", SOURCE),
        ("held_by", HELD_BY),
    ):
        name = getattr(settings, setting)
        if name:
            named.append((name, role, (setting,)))
    # The last one inserted would come first, so the mapping's own order is kept by going back.
    for name, role, location in reversed(named):
        index = _column(name, keys, mapping, location, source)
        if role not in (RECORD_ID, CREATED, SOURCE, HELD_BY):
            _forget(roles, index)
        roles.setdefault(role, []).insert(0, index)


def _column(
    name: str, keys: list[str], mapping: MappingFile, location: tuple[str, ...], source: Path
) -> int:
    key = header_key(name)
    if key in keys:
        return keys.index(key)
    place = mapping.place(*location, at_key=location[0] == "columns")
    raise ConversionError(f'{place}: {source} has no column "{name}"{nearest(key, keys)}.')


def _forget(roles: dict[str, list[int]], index: int) -> None:
    for role, columns in roles.items():
        if not role.startswith("@") and index in columns:
            columns.remove(index)


def _refuse_anonymous(source: Path, line: int, roles: dict[str, list[int]]) -> None:
    present = {role for role, columns in roles.items() if columns}
    if present & {RECORD_ID, "lead_id", "email", "phone"} or present >= {"last_name", "company"}:
        return
    raise ConversionError(
        f"{source}, line {line}: no column identifies a lead: export the record id, the e-mail,"
        " the telephone number, or last name and company."
    )


def _labels(header: list[str]) -> tuple[str, ...]:
    labels: list[str] = []
    seen: set[str] = set()
    for number, cell in enumerate(header, start=1):
        label = plain = " ".join(cell.replace("\ufeff", "").split()) or f"column {number}"
        if label in seen:
            label = f"{plain} ({number})"
        # Only a header that imitates such a label can still clash.
        while label in seen:
            label += "'"
        seen.add(label)
        labels.append(label)
    return tuple(labels)


def _fields(roles: dict[str, list[int]], zone: tzinfo, *, day_first: bool) -> tuple[FieldPlan, ...]:
    names = [role for role, columns in roles.items() if columns and not role.startswith("@")]
    return tuple(
        FieldPlan(name, reader_of(name, zone, day_first=day_first), tuple(roles[name]))
        for name in in_contract_order(names)
    )


def in_contract_order(names: Iterable[str]) -> list[str]:
    """Field names in the order in which the contract has them, inner ones by name."""
    order = {name: place for place, name in enumerate(LEAD_FIELDS)}
    return sorted(names, key=lambda name: (order[re.split(r"\.", name)[0]], name))


def _constants(
    mapping: MappingFile | None, zone: tzinfo, *, day_first: bool
) -> tuple[tuple[str, object], ...]:
    given = mapping.settings.constants if mapping else {}
    read: list[tuple[str, object]] = []
    for name in in_contract_order(given):
        reading = reader_of(name, zone, day_first=day_first)(given[name])
        if reading.value is None and mapping:
            place = mapping.place("constants", name)
            raise ConversionError(f'{place}: "{name}": {reading.warning}.')
        read.append((name, reading.value))
    return tuple(read)
