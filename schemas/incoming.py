"""JSON as senders write it: plain, or CloudEvents 1.0 in structured mode."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import orjson

from schemas.unreadable import Unreadable

_MARK = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_FROM_ENVELOPE = {
    "event_id": "id",
    "sender": "source",
    "type": "type",
    "occurred_at": "time",
}
"""Our field by the CloudEvents attribute that fills it where `data` has none of its own."""


def without_mark(data: bytes) -> bytes:
    """The text without the byte order mark that some systems write before UTF-8."""
    return data.removeprefix(_MARK).lstrip(_SPACE)


def json_object(data: bytes) -> dict[str, Any]:
    """The one JSON object that the bytes are.

    Raises `Unreadable` with `not_json`: text that is not JSON or not valid UTF-8, half a
    surrogate pair, NaN and infinity, more than 1 024 levels, and JSON that is no object.
    """
    try:
        value = orjson.loads(without_mark(data))
    except orjson.JSONDecodeError as error:
        # The parser's message names the kind of mistake and never quotes the text.
        raise Unreadable(
            "not_json",
            None,
            f"not valid JSON in UTF-8 (line {error.lineno}, column {error.colno}); send one "
            "complete JSON object a message",
        ) from None
    if isinstance(value, dict):
        return value
    raise Unreadable("not_json", None, "JSON, but not an object; send one object a message")


def event_fields(value: dict[str, Any]) -> Mapping[str, Any]:
    """The event's fields, taken out of the CloudEvents envelope where there is one.

    The envelope's other attributes (subject, dataschema, extensions) describe the transport and
    are not kept. Raises `Unreadable` for an envelope of another version or without an object.
    """
    if "specversion" not in value:
        return value
    if value["specversion"] != "1.0":
        raise Unreadable(
            "invalid_field", "specversion", "specversion must be the text 1.0 (CloudEvents 1.0)"
        )
    data = _enclosed(value)
    filled = {
        field: value[attribute]
        for field, attribute in _FROM_ENVELOPE.items()
        if data.get(field) is None and attribute in value
    }
    return data | filled


def _enclosed(envelope: dict[str, Any]) -> dict[str, Any]:
    if "data_base64" in envelope:
        return json_object(_from_base64(envelope["data_base64"]))
    data = envelope.get("data")
    if isinstance(data, dict):
        return data
    raise Unreadable("invalid_field", "data", "data must be a JSON object with the event's fields")


def _from_base64(text: object) -> bytes:
    try:
        if isinstance(text, str):
            return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise Unreadable(
        "invalid_field", "data_base64", "data_base64 must be base64 text of one JSON object"
    )
