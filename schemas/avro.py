"""The Avro schema of a model: pydantic's field annotations are the source of it.

Types: str, bytes, bool, int (long), float (double), `Time` (long, timestamp-millis), `X | None`
(union with null first, default null), `tuple[X, ...]` (array), `dict[str, X]` (map) and records.
A `Literal` becomes a string and not an enum: an enum's reader refuses every symbol it does not
know, so one new value would make a topic unreadable for everybody who is not updated yet. The
model checks the values at the one place where events are validated.
"""

import ast
import inspect
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from textwrap import dedent
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from fastavro.schema import fingerprint, to_parsing_canonical_form
from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from schemas.record import NAMESPACE, Record, parse_time

Schema = dict[str, Any]
"""A record's schema as JSON."""
PRIMITIVES: dict[Any, str] = {
    str: "string",
    int: "long",
    float: "double",
    bool: "boolean",
    bytes: "bytes",
}


@cache
def hints_of(model: type[Record]) -> dict[str, Any]:
    """The full annotation of every field by the model's field name, in the model's order."""
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def wire_name(model: type[Record], name: str) -> str:
    """A field's name in Avro and JSON: its alias where it has one ("from", "to")."""
    return model.model_fields[name].alias or name


def core_of(hint: Any) -> tuple[Any, bool, bool]:
    """An annotation's bare type, whether it is a `Time` and whether it may be None."""
    is_time = nullable = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *marks = get_args(hint)
            is_time = is_time or any(
                isinstance(mark, BeforeValidator) and mark.func is parse_time for mark in marks
            )
        elif get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
            nullable = True
            hint = Union[tuple(arg for arg in get_args(hint) if arg is not NoneType)]  # noqa: UP007 - the X | Y form takes no tuple
        else:
            return hint, is_time, nullable


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is known while one schema is written."""

    docs: bool
    named: dict[str, type[Record]] = field(default_factory=dict)
    """The records that are spelled out already; from then on their name stands for them."""


def _type_schema(hint: Any, writing: _Writing, where: str) -> Any:
    core, is_time, nullable = core_of(hint)
    inner = _core_schema(core, writing, where)
    if is_time:
        inner = {"type": "long", "logicalType": "timestamp-millis"}
    return ["null", inner] if nullable else inner


def _core_schema(core: Any, writing: _Writing, where: str) -> Any:
    if core in PRIMITIVES:
        return PRIMITIVES[core]
    if get_origin(core) is Literal:
        return "string"
    if isinstance(core, type) and issubclass(core, Record):
        return _record_schema(core, writing)
    match get_origin(core), get_args(core):
        case (kind, (item, ends)) if kind is tuple and ends is Ellipsis:
            return {"type": "array", "items": _type_schema(item, writing, where)}
        case (kind, (key, item)) if kind is dict and key is str:
            return {"type": "map", "values": _type_schema(item, writing, where)}
    raise TypeError(
        f"{where}: {core!r} has no Avro type here; use str, int, float, bool, bytes, Time, "
        "a Record, a Literal, `X | None`, `tuple[X, ...]` or `dict[str, X]`"
    )


def _record_schema(model: type[Record], writing: _Writing) -> Schema | str:
    name = model.__name__
    if name in writing.named:
        if writing.named[name] is model:
            return f"{NAMESPACE}.{name}"
        raise TypeError(f"two models are called {name}; Avro has one record to a name")
    writing.named[name] = model
    return _spelled_out(model, writing)


def _spelled_out(model: type[Record], writing: _Writing) -> Schema:
    schema: Schema = {"type": "record", "name": model.__name__, "namespace": NAMESPACE}
    if writing.docs:
        schema["doc"] = " ".join((model.__doc__ or "").split())
    schema["fields"] = [
        _field_schema(model, name, hint, writing) for name, hint in hints_of(model).items()
    ]
    return schema


def _field_schema(model: type[Record], name: str, hint: Any, writing: _Writing) -> Schema:
    where = f"{model.__name__}.{name}"
    schema: Schema = {
        "name": wire_name(model, name),
        "type": _type_schema(hint, writing, where),
    }
    if writing.docs and (doc := field_docs(model).get(name)):
        schema["doc"] = doc
    declared = model.model_fields[name]
    if not declared.is_required():
        schema["default"] = _default(declared, schema["type"], where)
    return schema


def _default(declared: FieldInfo, written_as: Any, where: str) -> Any:
    value = declared.get_default(call_default_factory=True, validated_data={})
    if isinstance(written_as, list) and value is not None:
        raise TypeError(
            f"{where}: an optional field's default must be None, because Avro takes a union's "
            "default from its first type"
        )
    return list(value) if isinstance(value, tuple) else value


def schema_of(model: type[Record]) -> Schema:
    """The model's Avro schema; every nested record is spelled out where it first stands.

    Raises `TypeError` for an annotation that has no Avro type, naming model and field.
    """
    return _spelled_out(model, _Writing(docs=False, named={model.__name__: model}))


def documented(model: type[Record]) -> Schema:
    """`schema_of` with what the source says about every record and field: what is committed.

    Reads the source files, so it is not for the hot path.
    """
    return _spelled_out(model, _Writing(docs=True, named={model.__name__: model}))


@cache
def field_docs(model: type[Record]) -> dict[str, str]:
    """The text that stands below each field in the source of the model or of its parents."""
    docs: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, Record):
            [declaration] = ast.parse(dedent(inspect.getsource(parent))).body
            docs |= _docs_in(cast("ast.ClassDef", declaration))
    return docs


def _docs_in(declaration: ast.ClassDef) -> dict[str, str]:
    return {
        line.target.id: " ".join(below.value.value.split())
        for line, below in pairwise(declaration.body)
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(below.value.value, str)
    }


def fingerprint_of(schema: Schema) -> bytes:
    """CRC-64-AVRO of the schema's Parsing Canonical Form, 8 bytes little endian."""
    return bytes.fromhex(fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))


def bare(schema: Any) -> Any:
    """The schema without logical types: times stay whole numbers on both sides of the hop."""
    if isinstance(schema, list):
        return [bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "logicalType" in schema:
        return schema["type"]
    return {
        key: bare(part) if key in ("type", "items", "values", "fields") else part
        for key, part in schema.items()
        if key != "doc"
    }


def without_docs(schema: Any) -> Any:
    """The schema without documentation: what decides whether two versions differ."""
    if isinstance(schema, list):
        return [without_docs(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: part if key == "default" else without_docs(part)
        for key, part in schema.items()
        if key != "doc"
    }
