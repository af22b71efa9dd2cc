"""The Avro body of an event, written by closures that are put together once for each model.

fastavro looks at the schema again for every value, and tries every branch of a union: a tenth of a
lead's whole time. What a field holds is known from its annotation; so is the only branch that an
optional value can take. The bytes are fastavro's (decision 0046).
"""

from collections.abc import Callable
from functools import cache, lru_cache
from struct import Struct
from typing import Any, Literal, get_args, get_origin

from schemas.avro import core_of, hints_of
from schemas.record import Record

Write = Callable[[Any], bytes]
"""Gives a value's bytes. Raises what Python raises for a value of another type."""
LONG_MIN, LONG_MAX = -(1 << 63), (1 << 63) - 1
_NULL, _GIVEN = b"\x00", b"\x02"
"""Index of a union's branch: null stands first (`schemas.avro`)."""
_END = b"\x00"
"""A block of no items ends an array and a map."""


@lru_cache(maxsize=4096)
def _spelled(value: int) -> bytes:
    """Zigzag, seven bits to a byte, the lowest first. Raises `OverflowError` beyond 64 bits."""
    if not LONG_MIN <= value <= LONG_MAX:
        raise OverflowError("a whole number must fit into 64 bits")
    left, out = (value << 1) ^ (value >> 63), bytearray()
    while left > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)


_LONGS = {value: _spelled(value) for value in range(-64, 8192)}
"""Lengths, scores and counts are nearly always among these; instants come several times."""


def long(value: int) -> bytes:
    """A whole number, and the length of what follows. Raises `OverflowError` beyond 64 bits."""
    return _LONGS.get(value) or _spelled(value)


def text(value: str) -> bytes:
    """A text's length in UTF-8, and its bytes. Raises `UnicodeEncodeError` for half a character."""
    data = value.encode()
    return (_LONGS.get(len(data)) or _spelled(len(data))) + data


def _raw(value: bytes) -> bytes:
    return long(len(value)) + value


def _truth(value: bool) -> bytes:  # noqa: FBT001 - the value that is written
    return b"\x01" if value else b"\x00"


_PRIMITIVES: dict[Any, Write] = {
    str: text,
    int: long,
    float: Struct("<d").pack,
    bool: _truth,
    bytes: _raw,
}


@cache
def body(model: type[Record]) -> Write:
    """What gives the body of a record of this model: its fields, one behind the other."""
    fields = tuple((name, _part(hint)) for name, hint in hints_of(model).items())

    def write(record: Record) -> bytes:
        values = record.__dict__
        return b"".join([write(values[name]) for name, write in fields])

    return write


def _part(hint: Any) -> Write:
    core, _, nullable = core_of(hint)
    write = _core(core)
    if not nullable:
        return write
    return lambda value: _NULL if value is None else _GIVEN + write(value)


def _core(core: Any) -> Write:
    if isinstance(core, type) and issubclass(core, Record):
        return body(core)
    if get_origin(core) is Literal:
        return text
    if get_origin(core) is tuple:
        return _array(_part(get_args(core)[0]))
    if get_origin(core) is dict:
        return _map(_part(get_args(core)[1]))
    return _PRIMITIVES[core]


def _array(item: Write) -> Write:
    def write(values: tuple[Any, ...]) -> bytes:
        if not values:
            return _END
        return b"".join([long(len(values)), *map(item, values), _END])

    return write


def _map(item: Write) -> Write:
    def write(values: dict[str, Any]) -> bytes:
        if not values:
            return _END
        pairs = [text(key) + item(value) for key, value in values.items()]
        return b"".join([long(len(pairs)), *pairs, _END])

    return write
