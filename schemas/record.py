"""The base of every message: frozen, strict about names, with time as a whole number."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

NAMESPACE = "leadstream"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_TIME = -62_135_596_800_000
"""0001-01-01T00:00:00Z, the first instant that RFC 3339 text can name."""
LAST_TIME = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last one."""
_TIME_RULE = "time must be RFC 3339 text with an offset, such as 2026-03-02T09:00:00Z"


def parse_time(value: object) -> int:
    """Milliseconds since the epoch from RFC 3339 text with an offset, or from a whole number.

    An aware `datetime` is taken too: foreign Avro schemas may count in other units, and fastavro
    reads those as such. Digits beyond the millisecond are cut off. Raises `ValueError` for text
    without an offset, because a naive time would mean another instant on every machine that
    reads it, and for years beyond 1 to 9999. The message never repeats what was given.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | datetime):
        raise ValueError(_TIME_RULE)  # noqa: TRY004 - pydantic collects ValueErrors
    time = value if isinstance(value, int) else _milliseconds(value)
    if FIRST_TIME <= time <= LAST_TIME:
        return time
    raise ValueError("time must lie in the years 1 to 9999, as milliseconds since 1970 or as text")


def _milliseconds(value: str | datetime) -> int:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(_TIME_RULE) from None
    if moment.tzinfo is None:
        raise ValueError("time needs an offset at its end, Z or one such as +09:00")
    return (moment - EPOCH) // timedelta(milliseconds=1)


def format_time(value: int) -> str:
    """RFC 3339 text in UTC; milliseconds only where there are any."""
    moment = EPOCH + timedelta(milliseconds=value)
    places = "milliseconds" if value % 1000 else "seconds"
    return moment.isoformat(timespec=places).replace("+00:00", "Z")


def parse_bytes(value: object) -> object:
    """Bytes from base64 text; anything else is left for the model to judge.

    Raises `ValueError` for text that is not base64.
    """
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("bytes must be base64 text") from None


def format_bytes(value: bytes) -> str:
    """Base64 text, as JSON carries bytes."""
    return base64.b64encode(value).decode("ascii")


Time = Annotated[
    int,
    BeforeValidator(parse_time),
    PlainSerializer(format_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant: milliseconds since the epoch, UTC; RFC 3339 text in JSON."""
Bytes = Annotated[
    bytes,
    BeforeValidator(parse_bytes),
    PlainSerializer(format_bytes, return_type=str, when_used="json-unless-none"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""Bytes as they are; base64 text in JSON."""


class Record(BaseModel):
    """A message or a part of one. Frozen; tuples instead of lists, so that it can be shared."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), str_max_length=32_768
    )

    def values(self) -> Mapping[str, Any]:
        """The fields by name, not copied and nested records left as they are."""
        return self.__dict__


class Event(Record):
    """A message that stands alone on a topic."""

    released: ClassVar[bool] = True
    """False: modelled for a later issue; intake refuses it and its schema may still change."""
