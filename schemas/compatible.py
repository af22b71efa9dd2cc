"""Whether a reader with one schema can read what another wrote (Avro 1.12, resolution).

Stricter than Avro where Avro would read a number and mean something else: logical types must be
equal, and so must names, because a renamed record or field is another one to everybody outside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Named = dict[str, Mapping[str, Any]]
_WIDER = {
    "int": ("long", "float", "double"),
    "long": ("float", "double"),
    "float": ("double",),
    "string": ("bytes",),
    "bytes": ("string",),
}
"""What a reader may expect beside the type that was written."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The named types of both schemas, and the pairs that are being compared already."""

    written: Named
    wanted: Named
    compared: dict[tuple[str, str], None] = field(default_factory=dict)


def problems(written: Any, wanted: Any) -> list[str]:
    """Why a reader that wants one schema cannot read what was written with the other.

    One phrase for each reason, with the path of the field; empty where it can.
    """
    sides = _Sides(_named_types(written), _named_types(wanted))
    return list(_mismatches(written, wanted, sides, ""))


def removed_fields(older: Any, newer: Any) -> list[str]:
    """`Record.field` for each field that the newer schema lacks, in the older one's order.

    Avro would read on without it; the contract allows adding and never taking away.
    """
    now = _named_types(newer)
    return [
        f"{name.rpartition('.')[2]}.{part['name']}"
        for name, record in _named_types(older).items()
        if name in now
        for part in record.get("fields", ())
        if part["name"] not in _fields(now[name])
    ]


def _named_types(schema: Any) -> Named:
    found: Named = {}
    _gather(schema, found)
    return found


def _gather(schema: Any, found: Named) -> None:
    if isinstance(schema, list):
        for branch in schema:
            _gather(branch, found)
    elif isinstance(schema, Mapping):
        if "name" in schema:
            found[_full_name(schema)] = schema
        for part in schema.get("fields", ()):
            _gather(part["type"], found)
        for inside in ("type", "items", "values"):
            if isinstance(schema.get(inside), list | Mapping):
                _gather(schema[inside], found)


def _full_name(schema: Mapping[str, Any]) -> str:
    space = schema.get("namespace")
    return f"{space}.{schema['name']}" if space else str(schema["name"])


def _fields(record: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {part["name"]: part for part in record.get("fields", ())}


def _resolved(schema: Any, named: Named) -> Any:
    return named.get(schema, schema) if isinstance(schema, str) else schema


def _kind(schema: Any) -> str:
    return str(schema["type"]) if isinstance(schema, Mapping) else str(schema)


def _mismatches(written: Any, wanted: Any, sides: _Sides, path: str) -> Iterator[str]:
    written, wanted = _resolved(written, sides.written), _resolved(wanted, sides.wanted)
    if isinstance(written, list):
        for branch in written:
            yield from _mismatches(branch, wanted, sides, path)
    elif isinstance(wanted, list):
        if not any(_fits(written, branch, sides) for branch in wanted):
            yield f"{path or 'the record'}: {_kind(written)} fits no type of the reader's union"
    elif _kind(written) != _kind(wanted):
        if _kind(wanted) not in _WIDER.get(_kind(written), ()):
            yield f"{path or 'the record'}: {_kind(written)} cannot be read as {_kind(wanted)}"
    elif isinstance(written, Mapping) or isinstance(wanted, Mapping):
        yield from _same_kind(written, wanted, sides, path)


def _fits(written: Any, branch: Any, sides: _Sides) -> bool:
    trial = _Sides(sides.written, sides.wanted, dict(sides.compared))
    return not list(_mismatches(written, branch, trial, ""))


def _same_kind(written: Any, wanted: Any, sides: _Sides, path: str) -> Iterator[str]:
    kind = _kind(written)
    if kind == "record":
        yield from _records(written, wanted, sides, path)
    elif kind == "enum":
        yield from _enums(written, wanted, path)
    elif kind in ("array", "map"):
        inside = "items" if kind == "array" else "values"
        yield from _mismatches(written[inside], wanted[inside], sides, f"{path}[]")
    elif _logical(written) != _logical(wanted):
        yield f"{path}: {_logical(written)} cannot be read as {_logical(wanted)}"


def _logical(schema: Any) -> str:
    plain = f"a plain {_kind(schema)}"
    return str(schema.get("logicalType", plain)) if isinstance(schema, Mapping) else plain


def _enums(written: Mapping[str, Any], wanted: Mapping[str, Any], path: str) -> Iterator[str]:
    lost = [symbol for symbol in written["symbols"] if symbol not in wanted["symbols"]]
    if lost and "default" not in wanted:
        yield f"{path}: the reader does not know the symbol {lost[0]} and has no default"


def _records(
    written: Mapping[str, Any], wanted: Mapping[str, Any], sides: _Sides, path: str
) -> Iterator[str]:
    pair = (_full_name(written), _full_name(wanted))
    if pair[0] != pair[1]:
        yield f"{path or 'the record'}: {pair[0]} cannot be read as {pair[1]}"
    if pair in sides.compared or pair[0] != pair[1]:
        return
    sides.compared[pair] = None
    there = _fields(written)
    for name, part in _fields(wanted).items():
        where = f"{path}.{name}" if path else name
        if name in there:
            yield from _mismatches(there[name]["type"], part["type"], sides, where)
        elif "default" not in part:
            yield f"{where}: not written, and the reader has no default for it"
