"""Between frozen records and the plain dictionaries that fastavro writes and reads.

The converters are put together once per model as closures: nothing looks at an annotation while
messages flow. A record without nested records is its own dictionary and is not copied at all.
"""

from collections.abc import Callable
from functools import cache
from types import MemberDescriptorType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from schemas.avro import core_of, hints_of, wire_name
from schemas.record import NAMESPACE, Record

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


# --------------------------------------------------------------------------------- record -> dict
@cache
def to_plain(model: type[Record]) -> Callable[[Record], Mapping]:
    """What turns a record of this model into the dictionary that fastavro writes.

    The dictionary may be the record's own: it is to be read only.
    """
    hints = hints_of(model)
    changes = tuple(
        (name, change) for name, hint in hints.items() if (change := _to_plain_part(hint))
    )
    renamed = tuple((name, wire) for name in hints if (wire := wire_name(model, name)) != name)
    if not changes and not renamed:
        return _own_values

    def convert(record: Record) -> Mapping:
        plain = record.__dict__.copy()
        for name, change in changes:
            value = plain[name]
            if value is not None:
                plain[name] = change(value)
        for name, wire in renamed:
            plain[wire] = plain[name]
        return plain

    return convert


def _own_values(record: Record) -> Mapping:
    return record.__dict__


def _to_plain_part(hint: Any) -> Change | None:
    """The change that a field's value needs, None where fastavro takes it as it is."""
    core, _, nullable = core_of(hint)
    if isinstance(core, type) and issubclass(core, Record):
        return _branch(core) if nullable else to_plain(core)
    change = _item_change(core, _to_plain_part)
    if get_origin(core) is tuple:
        return _list_of(change)
    return _map_of(change) if change else None


def _branch(model: type[Record]) -> Change:
    """A nested record in a union, named: else fastavro validates it to find its branch."""
    convert, name = to_plain(model), f"{NAMESPACE}.{model.__name__}"
    return lambda record: (name, convert(record))


def _list_of(change: Change | None) -> Change:
    # A tuple would be read as a named branch of a union.
    if change is None:
        return list
    return lambda values: [change(value) for value in values]


def _map_of(change: Change) -> Change:
    return lambda values: {key: change(value) for key, value in values.items()}


def _item_change(core: Any, part: Callable[[Any], Change | None]) -> Change | None:
    """The change that each item of a tuple, or each value of a dict, needs."""
    if get_origin(core) not in (tuple, dict):
        return None
    item = get_args(core)[0 if get_origin(core) is tuple else 1]
    change, (_, _, nullable) = part(item), core_of(item)
    if change is None or not nullable:
        return change
    return lambda value: None if value is None else change(value)


# --------------------------------------------------------------------------------- dict -> record
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
    core, _, _ = core_of(hint)
    if isinstance(core, type) and issubclass(core, Record):
        return to_record(core)
    change = _item_change(core, _to_record_part)
    if get_origin(core) is tuple:
        return _tuple_of(change)
    return _map_of(change) if change else None


def _tuple_of(change: Change | None) -> Change:
    if change is None:
        return tuple
    return lambda values: tuple([change(value) for value in values])
