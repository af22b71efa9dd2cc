"""Input lines of `simulate` and `produce`: JSON text, one event a line, each with its place.

A line is `{"topic": "...", "at": "2026-03-02T09:00:00Z", "value": {...}}` (contract, section 2).
Only the frame is judged here; what is wrong inside `value` is intake's to reject, so its bytes are
passed on as they stand.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from schemas.incoming import event_fields, json_object
from schemas.record import parse_time
from schemas.topics import INPUTS
from schemas.unreadable import Unreadable
from streams.policy.problems import nearest

STANDARD_INPUT = Path("-")
LINE_BYTES_MAX = 16 * 1024 * 1024
"""A longer line is no line of events but another kind of file; it must not fill the memory."""
TOPICS = tuple(topic.name for topic in INPUTS)
FORM = '{"topic": "leads.raw", "at": "2026-03-02T09:00:00Z", "value": {...}}'
_MARK = b"\xef\xbb\xbf"
_KEY_BYTES = 12


class InputLine(NamedTuple):
    """One line. `at` in milliseconds since the epoch, None where the line has none."""

    number: int
    """Counted from 1, empty lines included."""
    topic: str
    at: int | None
    value: bytes
    """JSON as it stands in the file."""
    end: int
    """Bytes of the file up to the line's end."""


class BadInput(Exception):
    """Input that cannot be used: one sentence with file, line and remedy, no content of it."""


class BadLine(BadInput):
    """A line that is no input line."""

    def __init__(self, name: str, number: int, reason: str) -> None:
        """`number` counts from 1."""
        super().__init__(f"{name}, line {number}: {reason}")
        self.number = number


class _Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topic: str
    value: msgspec.Raw
    at: str | None = None


_DECODER = msgspec.json.Decoder(_Frame)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, or of the standard input for `-`. Raises `BadInput`."""
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise BadInput(f"{path} is not there: check the name") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; give a file of yours") from None
    with stream:
        yield stream


def size_of(path: Path) -> int | None:
    """Bytes of a file, None where nobody knows (standard input, pipes)."""
    return path.stat().st_size if path.is_file() else None


def read_lines(stream: BinaryIO, name: str) -> Iterator[InputLine]:
    """Every line but the empty ones. Raises `BadLine` at the first that is no input line."""
    number = end = 0
    while text := _next(stream, name, number + 1):
        number += 1
        end += len(text)
        content = (text.removeprefix(_MARK) if number == 1 else text).strip()
        if content:
            yield _line(name, number, content, end)


def _next(stream: BinaryIO, name: str, number: int) -> bytes:
    try:
        text = stream.readline(LINE_BYTES_MAX + 1)
    except OSError as error:
        raise BadLine(name, number, f"reading failed: {error.strerror}; try again") from None
    if len(text) > LINE_BYTES_MAX:
        reason = "longer than 16 MiB, so this is no file of input lines; give one event a line"
        raise BadLine(name, number, reason)
    return text


def _line(name: str, number: int, content: bytes, end: int) -> InputLine:
    frame = _frame(name, number, content)
    if frame.topic not in TOPICS:
        hint = nearest(frame.topic, TOPICS) or f": choose from {', '.join(TOPICS)}"
        raise BadLine(name, number, f"its topic is not an input topic{hint}")
    return InputLine(number, frame.topic, _at(name, number, frame.at), bytes(frame.value), end)


def _frame(name: str, number: int, content: bytes) -> _Frame:
    try:
        return _DECODER.decode(content)
    except msgspec.ValidationError as error:
        raise BadLine(name, number, _wrong_frame(str(error))) from None
    except msgspec.DecodeError:
        reason = f"not one complete JSON object (was the file cut off?); write {FORM}"
        raise BadLine(name, number, reason) from None
    except RecursionError:
        raise BadLine(name, number, "nested too deeply; send a flatter value") from None


def _wrong_frame(message: str) -> str:
    """The decoder's finding in our words: an unknown key is not repeated, it may name a person."""
    if "unknown field" in message:
        return f"it has a key other than topic, at and value; write {FORM}"
    plain = message.replace("`", "").replace("$.", "").replace(" - at ", " at ")
    return f"{plain[:1].lower()}{plain[1:]}; write {FORM}"


def _at(name: str, number: int, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise BadLine(name, number, f"its `at` is not usable: {error}") from None


def key_of(value: bytes) -> bytes | None:
    """The key under which an event is sent, so that what concerns one subject keeps its order.

    A hash of the lead, account or rep id that the event gives, else of its sender and event id:
    never the id itself, because some systems use addresses as ids. None where there is no id.
    """
    try:
        fields = event_fields(json_object(value))
    except Unreadable:
        return None
    for subject in _subjects(fields):
        if all(isinstance(part, str) and part for part in subject):
            return hashlib.blake2b(
                "\x00".join(subject).encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES
            ).hexdigest().encode()  # fmt: skip
    return None


def _subjects(fields: Any) -> Iterator[tuple[Any, ...]]:
    for part, kind in (("lead", "lead_id"), ("account", "account_id")):
        inside = fields.get(part)
        if isinstance(inside, dict):
            yield kind, inside.get(kind)
    for kind in ("lead_id", "rep_id"):
        yield kind, fields.get(kind)
    sender = fields.get("sender")
    yield "event_id", sender if isinstance(sender, str) and sender else "-", fields.get("event_id")
