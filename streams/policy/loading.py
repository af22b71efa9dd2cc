"""From YAML text to a validated document; every complaint has its line and column."""

import json
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from streams.policy.document import Document, Section
from streams.policy.problems import Path, PolicyError, Problem, nearest, spell
from streams.policy.yaml_text import YamlText, read_yaml

_WANTED = {
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "string_type": "write text (in quotes where it looks like a number)",
    "bool_type": "write true or false",
    "tuple_type": "write a list, such as [one, two]",
    "dict_type": "write a mapping of names to entries",
    "model_type": "write a mapping of keys to values",
    "model_attributes_type": "write a mapping of keys to values",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document together with the places of everything in it."""

    document: Document
    source: YamlText


def load(text: str | bytes) -> Document:
    """The document that a YAML text describes, valid field by field.

    Raises `PolicyError` with every problem found. What names refer to is checked by
    `streams.policy.references`, conditions by `streams.policy.conditions`.
    """
    return read(text).document


def read(text: str | bytes) -> Loaded:
    """Like `load`, and keeps the place of every key and item for later complaints."""
    source = read_yaml(text)
    try:
        # JSON, because only there strict means: lists may become tuples, "5" may not become 5.
        document = Document.model_validate_json(json.dumps(source.value), strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise PolicyError(_problem(source, detail) for detail in details) from None
    return Loaded(document, source)


def _problem(source: YamlText, detail: ErrorDetails) -> Problem:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "missing":
        parent = source.place(path[:-1])
        reason = f"{str(path[-1])!r} is missing here; add it"
        return Problem(parent.line, parent.column, spell(path), reason)
    return source.problem(path, _reason(path, detail))


def _reason(path: Path, detail: ErrorDetails) -> str:
    """One sentence: what is wanted, and what stands there."""
    kind, given = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        known = tuple(_section(path[:-1]).model_fields)
        return f"{str(path[-1])!r} is not a key of this section{nearest(str(path[-1]), known)}"
    if kind == "literal_error":
        words = str(detail.get("ctx", {}).get("expected", ""))
        return f"write {words}, not {_short(given)}{_nearest_literal(given, words)}"
    if kind == "string_pattern_mismatch":
        return f"{_short(given)} is not spelt as wanted: {_pattern_words(path)}"
    if kind in _WANTED:
        return f"{_WANTED[kind]}, not {_short(given)}"
    words = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return words if kind == "value_error" else f"{words}, not {_short(given)}"


def _nearest_literal(given: object, expected: str) -> str:
    return nearest(given, expected.split("'")[1::2]) if isinstance(given, str) else ""


def _pattern_words(path: Path) -> str:
    if _is_country(path):
        return "two capital letters, such as US or NO"
    return "letters, digits, dots, hyphens and underscores, at most 64, such as rep-101"


def _is_country(path: Path) -> bool:
    if path[0] == "regions":
        return isinstance(path[-1], int)
    return "countries" in path or path[-1] == "holidays" or path[:2] == ("release", "holidays")


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - fits a terminal line


def _section(path: Path) -> type[Section]:
    """The section class that a path leads to; the document itself where it leads nowhere."""
    found: Any = Document
    for part in path:
        found = _step(found, part)
    return found if isinstance(found, type) and issubclass(found, Section) else Document


def _step(annotation: Any, part: str | int) -> Any:
    """The annotation behind one more key or list position, without `Annotated` and `None`."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        information = annotation.model_fields.get(str(part))
        return _bare(information.annotation) if information else None
    inner = get_args(annotation)
    if get_origin(annotation) is dict:
        return _bare(inner[1])
    return _bare(inner[0]) if get_origin(annotation) is tuple else None


def _bare(annotation: Any) -> Any:
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) in (Union, UnionType):
        chosen = [each for each in get_args(annotation) if each is not type(None)]
        return _bare(chosen[0])
    return annotation
