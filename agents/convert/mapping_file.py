"""Reads a mapping file and says where in it a mistake is."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from agents.convert.fields import CONSENT_FIELDS, PLAIN_FIELDS
from agents.convert.mapping import Mapping
from agents.convert.problems import ConversionError
from streams.policy.problems import closest

_KEY = "[key]"
"""How pydantic marks that an error is about a key and not about its value."""
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class MappingFile:
    """Valid settings and the tree they were read from, for places."""

    path: Path
    settings: Mapping
    tree: CommentedMap

    def place(self, *keys: str, at_key: bool = False) -> str:
        """`mapping.yaml, line 3, column 5` of a setting."""
        return _place(self.path, self.tree, (*keys, _KEY) if at_key else keys)


def load_mapping(path: Path) -> MappingFile:
    """The mapping in `path`.

    Raises `ConversionError` with file, line and column: no file, no YAML, unknown or wrong
    settings.
    """
    tree = _parse(path, _text(path))
    try:
        settings = Mapping.model_validate(tree)
    except ValidationError as error:
        raise ConversionError(_sentence(path, tree, error.errors()[0])) from None
    return MappingFile(path, settings, tree)


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean "..."?` or nothing, where no known name is close."""
    found = closest(name, known)
    return f'; did you mean "{found}"?' if found else ""


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            given = stream.read(_MOST_BYTES + 1)
        text = given.decode("utf-8-sig")
    except OSError as error:
        raise ConversionError(f"{path}: cannot read the mapping file: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConversionError(f"{path}, line {line}: the mapping file is not UTF-8.") from error
    if len(given) > _MOST_BYTES:
        raise ConversionError(f"{path} is over 1 MB; is it really the mapping file?")
    return text


def _parse(path: Path, text: str) -> CommentedMap:
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = error.problem or "cannot be understood"
        raise ConversionError(f"{path}{where}: not valid YAML: {problem}.") from None
    except (YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        # ruamel lets errors of its constructors through: impossible dates, endless nesting.
        raise ConversionError(
            f"{path}: not valid YAML ({type(error).__name__}): write it like"
            " deploy/mappings/example.yaml."
        ) from None
    if not isinstance(tree, CommentedMap):
        raise ConversionError(
            f"{path}, line 1: a mapping file holds settings such as `sender: our-crm`; see"
            " deploy/mappings/example.yaml."
        )
    return tree


def _sentence(path: Path, tree: CommentedMap, error: ErrorDetails) -> str:
    location = tuple(str(part) for part in error["loc"])
    name = next((part for part in reversed(location) if part != _KEY), "")
    if error["type"] == "extra_forbidden":
        place = _place(path, tree, (*location, _KEY))
        return f'{place}: "{name}" is not a setting{nearest(name, Mapping.model_fields)}.'
    reason = error["msg"].removeprefix("Value error, ")
    reason += _nearest_field(error) if "field of a lead" in reason else ""
    subject = f'"{name}": ' if name else ""
    return f"{_place(path, tree, location)}: {subject}{reason.rstrip('.?')}."


def _nearest_field(error: ErrorDetails) -> str:
    return nearest(str(error["input"]), (*PLAIN_FIELDS, *CONSENT_FIELDS, "external_ids.name"))


def _place(path: Path, tree: CommentedMap, location: tuple[str, ...]) -> str:
    node: object = tree
    line, column = 0, 0
    keys = [part for part in location if part != _KEY]
    for index, key in enumerate(keys):
        if not isinstance(node, CommentedMap) or key not in node:
            break
        about_key = index == len(keys) - 1 and location[-1] == _KEY
        line, column = node.lc.key(key) if about_key else node.lc.value(key)
        node = node[key]
    return f"{path}, line {line + 1}, column {column + 1}"
