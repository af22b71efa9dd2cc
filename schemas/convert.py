"""Frozen records of the plain dictionaries that fastavro reads.

The converters are put together once per model as closures: nothing looks at an annotation while
messages flow. A record without nested records keeps the dictionary that fastavro made.
"""

from collections.abc import Callable
from functools import cache
from types import MemberDescriptorType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from schemas.avro import core_of, hints_of, wire_name
from schemas.record import Record

Mapping = dict[str, Any]
Change = Callable[[Any], Any]


def _slot(name: str) -> Callable[[object, Any], None]:
    """Sets one of pydantic's slots past the frozen record's own `__setattr__`."""
    descriptor: MemberDescriptorType = BaseModel.__dict__[name]
    return descriptor.__set__


_set_values = _slot("__dict__")
_set_names = _slot("__pydantic_fields_set__")
_set_extra = _slot("__pydantic_extra__")
_set_private = _slot("__pydantic_private__")


@cache
def to_record(model: type[Record]) -> Callable[[Mapping], Record]:
    """What turns a dictionary from fastavro into a record, trusting it: nothing is validated.

    The dictionary becomes the record's own where it fits; nobody else may keep it.
    """
    hints = hints_of(model)
    names = frozenset(hints)
    changes = tuple(
        (name, change) for name, hint in hints.items() if (change := _to_record_part(hint))
    )
    wires = {name: wire_name(model, name) for name in hints}
    renamed = any(name != wire for name, wire in wires.items())
    new = model.__new__

    def build(plain: Mapping) -> Record:
        if renamed:
            plain = {name: plain[wire] for name, wire in wires.items()}
        for name, change in changes:
            value = plain[name]
            if value is not None:
                plain[name] = change(value)
        record = new(model)
        _set_values(record, plain)
        _set_names(record, set(names))
        _set_extra(record, None)
        _set_private(record, None)
        return record

    return build


def _to_record_part(hint: Any) -> Change | None:
    """The change that a value needs, None where it stays as fastavro has read it."""
    core, _, _ = core_of(hint)
    if isinstance(core, type) and issubclass(core, Record):
        return to_record(core)
    if get_origin(core) is tuple:
        return _tuple_of(_item_change(get_args(core)[0]))
    change = _item_change(get_args(core)[1]) if get_origin(core) is dict else None
    return _map_of(change) if change else None


def _item_change(item: Any) -> Change | None:
    """The change that each item of a tuple, or each value of a dict, needs."""
    change, (_, _, nullable) = _to_record_part(item), core_of(item)
    if change is None or not nullable:
        return change
    return lambda value: None if value is None else change(value)


def _tuple_of(change: Change | None) -> Change:
    if change is None:
        return tuple
    return lambda values: tuple([change(value) for value in values])


def _map_of(change: Change) -> Change:
    return lambda values: {key: change(value) for key, value in values.items()}
