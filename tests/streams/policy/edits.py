"""Random edits of the default policy, and what differs between two documents, found by hand."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from pydantic import ValidationError

from streams.policy.document import Document, Section
from streams.policy.loading import load
from streams.policy.quantities import duration_text, time_text
from streams.policy.references import check
from streams.policy.yaml_text import YamlText

FILE = Path(__file__).parents[3] / "deploy" / "policies" / "default.yaml"
DEFAULT = load(FILE.read_text("utf-8"))
At = tuple[str | int, ...]
OTHERS: dict[str, list[Any]] = {
    "when": ["employees > 7", "hot", None], "zone": ["UTC", "Europe/Oslo", None],
    "backup": ["rep-100", None], "open_limit": [7, None], "holidays": ["NO", None],
    "outside_hours": ["hold", "assign"], "absence": ["fresh", "catch_up"],
    "clock": ["calendar"], "satisfied_by": ["contacted"], "login_within": ["3h", None],
    "assigned_within": ["2min", None], "review_every": ["30d", None],
    "hours": [{"days": ["sun"], "begin": "10:00", "end": "11:00"}, None],
    "name": ["other"], "cities": ["Bergen"], "skills": ["dutch"], "notify": ["sms"],
    "free_mail_domains": ["mail.example"], "states": ["US-TX"], "countries": ["IT"],
}  # fmt: skip
"""Values worth trying, by key."""


class Moved(NamedTuple):
    """One value that differs."""

    path: str
    words: frozenset[str]
    """What a sentence about it has to name."""


def written(value: Any, field: Any = None) -> Any:
    """A document as YAML has it, with every default written out."""
    if isinstance(value, Section):
        fields = type(value).model_fields
        found = {name: written(getattr(value, name), fields[name]) for name in fields}
        return {name: each for name, each in found.items() if name != "release"}
    if isinstance(value, Mapping):
        return {name: written(each, field) for name, each in value.items()}
    if isinstance(value, tuple):
        return [written(each) for each in value]
    read_by = f"{field.annotation!r} {field.metadata!r}" if field else ""
    if isinstance(value, int) and "parse_duration" in read_by:
        return duration_text(value)
    return time_text(value) if "parse_time_of_day" in read_by else value


def document(content: Any) -> Document | None:
    """The document of a content, None for one that is not valid."""
    try:
        found = Document.model_validate_json(json.dumps(content), strict=True)
    except ValidationError:
        return None
    return None if check(found, YamlText("", content, {}, {})) else found


def edited(number: int, seed: int) -> Document:
    """The default policy after so many random edits that leave it valid."""
    draw, content = Random(seed), written(DEFAULT)  # noqa: S311 - a seed, no secret
    found, done = DEFAULT, 0
    while done < number:
        tried = json.loads(json.dumps(content))
        _edit(draw, tried)
        valid = document(tried)
        if valid is not None and tried != content:
            content, found, done = tried, valid, done + 1
    return found


def _edit(draw: Random, content: Any) -> None:
    """One value, list or entry becomes another, or goes, or comes."""
    at = draw.choice(sorted(_paths(content), key=repr))
    *above, last = at
    inner = content
    for part in above:
        inner = inner[part]
    deed = draw.random()
    if isinstance(inner, list) or deed < 0.2:
        _rearrange(draw, inner, last)
    elif isinstance(inner[last], list) and inner[last]:
        draw.shuffle(inner[last])
    else:
        inner[last] = _other(draw, content, last, inner[last])


def _paths(content: Any, at: At = ()) -> Iterator[At]:
    parts = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in parts:
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*at, key))


def _rearrange(draw: Random, inner: Any, last: Any) -> None:
    copy = json.loads(json.dumps(inner[last]))
    if draw.random() < 0.5:
        del inner[last]
    elif isinstance(inner, dict):
        inner[f"{last}-new"] = copy
    elif isinstance(copy, dict):
        first = next(iter(copy))
        inner.append({**copy, first: f"{copy[first]}-new" if first != "when" else "score > 77"})
    else:
        inner.reverse()


def _other(draw: Random, content: Any, key: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw.choice([-7, -1, 1, 20])
    if isinstance(value, str) and value[0].isdigit():
        return draw.choice(["10:30", "23:00"]) if ":" in value else draw.choice(["90s", "3h", "4d"])
    if isinstance(value, list):
        return draw.choice([OTHERS.get(key, []), value[:1]])
    same = [at for at in _paths(content) if at[-1] == key]
    found = content
    for part in draw.choice(same):
        found = found[part]
    return draw.choice([found, *OTHERS.get(key, [found])])


def moved(old: Any, new: Any, at: tuple[str, ...] = ()) -> Iterator[Moved]:
    """Every value that differs between two written documents: a second opinion."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            if key in old and key in new:
                yield from moved(old[key], new[key], (*at, str(key)))
            else:
                yield Moved(".".join((*at, str(key))), frozenset({str(key)}))
    elif _entries(old) and _entries(new):
        yield from _orders(list(_named(old)), list(_named(new)), at)
        yield from moved(_named(old), _named(new), at)
    elif isinstance(old, dict) or isinstance(new, dict):
        whole, other = (old, new) if isinstance(old, dict) else (new, old)
        yield from moved(whole, dict.fromkeys(whole, other), at)
    elif old != new:
        yield Moved(".".join(at), frozenset(_words(old, new)))
    if at in {("desks",), ("regions",), ("metropolitan_areas",)}:
        yield from _orders(list(old), list(new), at)


def _entries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _named(entries: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        name = base = str(next(iter(entry.values())))
        number = 1
        while name in found:
            number += 1
            name = f"{base} ({number})"
        found[name] = entry
    return found


def _orders(old: list[str], new: list[str], at: tuple[str, ...]) -> Iterator[Moved]:
    before = [name for name in old if name in new]
    if before != [name for name in new if name in old]:
        yield Moved(".".join((*at, "(order)")), frozenset(new))


def _words(old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, list) and isinstance(new, list):
        yield from map(str, set(old) ^ set(new) or new)
        return
    for value in (old, new):
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield str(each).lower() if isinstance(each, bool) else " ".join(str(each).split())
