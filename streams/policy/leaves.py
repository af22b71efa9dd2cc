"""A policy document as single values, each under the names that lead to it.

Entries of lists are known by their own names and not by their places, so that one that is put in
between does not change all behind it; the order of such a list is a value of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from streams.policy.document import Document, Section
from streams.policy.quantities import (
    duration_text,
    parse_duration,
    parse_time_of_day,
    time_text,
)

Names = tuple[str, ...]
Value = str | tuple[str, ...] | None
ORDER = "(order)"
"""Last name, and field, of the value that has the order of a list's entries."""
_ORDERED = frozenset({("desks",), ("regions",), ("metropolitan_areas",)})
_TEXTS = {parse_duration: duration_text, parse_time_of_day: time_text}


class Leaf(NamedTuple):
    """One value, as the policy writes it."""

    value: Value
    """A list of words as a tuple; None: nothing is set."""
    field: str = ""
    """Section and field, such as `Rep.weight`; empty: an entry is there, under this name."""
    about: str = ""
    """The field's own description."""
    is_default: bool = False


def leaves(document: Document) -> dict[Names, Leaf]:
    """Every value of the document in its order, those that were left out with their defaults."""
    return dict(_section(document, ()))


def _section(section: Section, at: Names) -> Iterator[tuple[Names, Leaf]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _section(value, (*at, name))
        elif isinstance(value, Mapping):
            yield from _mapping(type(section), field, value, (*at, name))
        elif isinstance(value, tuple) and Section in _bases(field.annotation):
            yield from _entries(by_name(value), (*at, name))
        elif value is not None or Section not in _bases(field.annotation):
            yield (*at, name), _leaf(type(section), name, field, value)


def _bases(annotation: Any) -> tuple[type[Any], ...]:
    """The classes that the classes of an annotation come from."""
    if isinstance(annotation, type):
        return annotation.__mro__
    return tuple(base for each in get_args(annotation) for base in _bases(each))


def _mapping(
    owner: type[Section], field: FieldInfo, value: Mapping[str, Any], at: Names
) -> Iterator[tuple[Names, Leaf]]:
    """The order of desks, regions and areas counts: the first that has a lead takes it."""
    if Section in _bases(field.annotation):
        yield from (each for each in _entries(value, at) if each[0] != (*at, ORDER))
    else:
        for key, each in value.items():
            yield (*at, key), _leaf(owner, at[-1], field, each)._replace(is_default=False)
    if at in _ORDERED:
        yield (*at, ORDER), Leaf(tuple(value), ORDER)


def _entries(entries: Mapping[str, Section], at: Names) -> Iterator[tuple[Names, Leaf]]:
    for name, entry in entries.items():
        yield (*at, name), Leaf(name)
        yield from _section(entry, (*at, name))
    yield (*at, ORDER), Leaf(tuple(entries), ORDER)


def by_name(entries: Sequence[Section]) -> dict[str, Section]:
    """Entries of a list by what they are called: their first field, of team rules the condition."""
    found: dict[str, Section] = {}
    for entry in entries:
        name = base = str(getattr(entry, next(iter(type(entry).model_fields))))
        number = 1
        while name in found:
            number += 1
            name = f"{base} ({number})"
        found[name] = entry
    return found


def _leaf(owner: type[Section], name: str, field: FieldInfo, value: Any) -> Leaf:
    default = field.get_default(call_default_factory=True)
    about = " ".join((field.description or "").split())
    return Leaf(_written(field, value), f"{owner.__name__}.{name}", about, value == default)


def _written(field: FieldInfo, value: Any) -> Value:
    if value is None or isinstance(value, tuple):
        return value if value is None else tuple(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    for each in (*field.metadata, *_metadata(field.annotation)):
        if isinstance(each, BeforeValidator) and each.func in _TEXTS:
            return _TEXTS[each.func](value)
    return str(value)


def _metadata(annotation: Any) -> Iterator[Any]:
    """What stands beside the types inside an annotation."""
    yield from getattr(annotation, "__metadata__", ())
    for each in get_args(annotation):
        yield from _metadata(each)
