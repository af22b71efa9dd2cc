"""YAML 1.2 text as plain values, with the place of every key and item.

Built on ruamel.yaml's parser events, for three reasons: the place of each single item is known,
depth is bounded while reading (a megabyte of `[` would take the parser minutes), and words mean
exactly what YAML 1.2's core schema says: `NO` is Norway, `2026-01-01` is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from streams.policy.problems import Path, PolicyError, Problem, spell

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# 18 digits: beyond that no policy number makes sense, and Python limits the conversion of text.
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?")
_FORBIDDEN = "write the value itself: anchors (&), aliases (*) and tags (!) are not allowed here"


class Place(NamedTuple):
    """Where something stands; line and column count from 1."""

    line: int
    column: int
    style: str = ""
    """How a text is written: empty (plain), a quotation mark, `|` or `>`."""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class YamlText:
    """A document read: its plain values and where they stand."""

    text: str
    value: Any
    keys: dict[Path, Place]
    """Place of the key of each entry of a mapping."""
    values: dict[Path, Place]
    """Place of each value."""

    def place(self, path: Path) -> Place:
        """Where a path stands: its key, else its value, else the nearest parent that exists."""
        while path and path not in self.keys and path not in self.values:
            path = path[:-1]
        return self.keys.get(path) or self.values.get(path) or Place(1, 1)

    def problem(self, path: Path, reason: str) -> Problem:
        """A problem at the key or item that the path names."""
        place = self.place(path)
        return Problem(place.line, place.column, spell(path), reason)


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    path: Path
    value: Any
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    """Builds values from parser events; stops at the first problem but collects repeated keys."""

    text: str
    top: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    repeated: dict[Path, Problem] = field(default_factory=dict)
    documents: int = 0

    def take(self, event: Event) -> None:
        """One parser event."""
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            _fail(event, self._path(), _FORBIDDEN)
        if getattr(event, "tag", None):
            _fail(event, self._path(), _FORBIDDEN)
        if isinstance(event, DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._open(event, {} if isinstance(event, MappingStartEvent) else [])
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.stack.pop()

    def _begin_document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            _fail(event, (), "a policy is one document; remove this `---` and what follows")
        if event.version or event.tags:
            _fail(event, (), "remove the lines that begin with %: a policy is plain YAML 1.2")

    def _path(self) -> Path:
        """The path of the value that comes next."""
        if not self.stack:
            return ()
        inner = self.stack[-1]
        if isinstance(inner.value, list):
            return (*inner.path, len(inner.value))
        return inner.path if inner.key is None else (*inner.path, inner.key)

    def _awaits_key(self) -> bool:
        return (
            bool(self.stack)
            and isinstance(self.stack[-1].value, dict)
            and (self.stack[-1].key is None)
        )

    def _scalar(self, event: ScalarEvent) -> None:
        if self._awaits_key():
            self._key(event)
        else:
            self._put(event, _plain(event))

    def _key(self, event: ScalarEvent) -> None:
        inner = self.stack[-1]
        inner.key = str(event.value)
        path = (*inner.path, inner.key)
        place = _place(event)
        first = self.keys.setdefault(path, place)
        if first is place or any(path[:end] in self.repeated for end in range(len(path) + 1)):
            return
        reason = f"{inner.key!r} stands here again; it was already given in line {first.line}"
        self.repeated[path] = Problem(place.line, place.column, spell(path), reason)

    def _open(self, event: Event, value: Any) -> None:
        if self._awaits_key():
            _fail(event, self._path(), "a key must be a single word")
        if len(self.stack) >= MAX_DEPTH:
            _fail(event, (), f"nested deeper than {MAX_DEPTH} levels; no policy needs that")
        path = self._path()
        self._put(event, value)
        self.stack.append(_Open(path, value))

    def _put(self, event: Event, value: Any) -> None:
        self.values[self._path()] = _place(event)
        if not self.stack:
            self.top = value
            return
        inner = self.stack[-1]
        if isinstance(inner.value, list):
            inner.value.append(value)
        else:
            inner.value[inner.key] = value
            inner.key = None


def read_yaml(source: str | bytes) -> YamlText:
    """The values of a YAML text and their places.

    Raises `PolicyError` for text that is too long, not UTF-8, empty, not YAML, not one mapping at
    the top, or that repeats a key or uses anchors, aliases or tags.
    """
    text = _decode(source)
    reader = _Reader(text)
    for event in _events(text):
        reader.take(event)
    if reader.repeated:
        raise PolicyError(reader.repeated.values())
    if not isinstance(reader.top, dict):
        place = reader.values.get((), Place(1, 1))
        _refuse(place.line, place.column, "a policy is a mapping such as `name: my-company`")
    return YamlText(text, reader.top, reader.keys, reader.values)


def _decode(source: str | bytes) -> str:
    """The text itself. A lone surrogate counts as not UTF-8: it could never be published."""
    try:
        data = source.encode() if isinstance(source, str) else source
        text = data.decode("utf-8-sig")
    except UnicodeError as error:
        before = source[: error.start] if isinstance(error, UnicodeDecodeError) else b""
        line = before.count(b"\n") + 1 if isinstance(before, bytes) else 1
        _refuse(line, 1, "the text is not UTF-8; save the file as UTF-8")
    if len(data) > MAX_BYTES:
        _refuse(1, 1, f"the text has {len(data)} bytes; a policy has {MAX_BYTES} at most")
    if not text.strip():
        _refuse(1, 1, "the policy is empty; start from deploy/policies/default.yaml")
    return text


def _events(text: str) -> Iterator[Event]:
    """The parser's events; its complaints become problems with their place."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(line, column, _complaint(text, line, str(error.problem or error.context)))
    except YAMLError as error:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        _refuse(line, column, "this character is not allowed in YAML; remove it")
    except (ValueError, OverflowError):
        # The parser hands escapes such as \UFFFFFFFF to chr() unchecked.
        _refuse(1, 1, "a quoted text holds an escape that names no character")


def _complaint(text: str, line: int, words: str) -> str:
    lines = text.splitlines()
    if line <= len(lines) and "\t" in lines[line - 1]:
        return "there is a tab in this line; indent with spaces"
    return f"this is not YAML: {words}"


def _plain(event: ScalarEvent) -> Any:
    """The value of a text by YAML 1.2's core schema; quoted text stays text."""
    text = str(event.value)
    if any("\ud800" <= character <= "\udfff" for character in text):
        _refuse(*_place(event)[:2], "a quoted text holds an escape that names no character")
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _place(event: Event) -> Place:
    begin, end = event.start_mark, event.end_mark
    style = getattr(event, "style", None) or ""
    return Place(begin.line + 1, begin.column + 1, style, end.line - begin.line + 1)


def _fail(event: Event, path: Path, reason: str) -> NoReturn:
    place = _place(event)
    raise PolicyError((Problem(place.line, place.column, spell(path), reason),))


def _refuse(line: int, column: int, reason: str) -> NoReturn:
    raise PolicyError((Problem(line, column, "", reason),)) from None
