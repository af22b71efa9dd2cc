"""From a mapping that somebody sent to a valid event, or to a sentence that says why not."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.avro import core_of, hints_of, wire_name
from schemas.record import Event, Record
from schemas.topics import CATALOGUE, event_models, input_types, type_of
from schemas.unreadable import Unreadable

_RULES = {
    "missing": "is missing; add it",
    "string_type": "must be text; put it in quotation marks",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number without separators or unit, such as 250",
    "int_from_float": "must be a whole number without a fraction",
    "float_type": "must be a number",
    "float_parsing": "must be a number with a point and without separators, such as 1200.50",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be an object with names and texts",
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "bytes_type": "must be base64 text",
    "string_unicode": "must be text in valid UTF-8",
    "extra_forbidden": "is no field of this event; remove it",
}
"""Our own sentences where pydantic's name Python types."""


def model_for(topic: str, kind: object) -> type[Event]:
    """The model of what `type` names on a topic.

    Raises `Unreadable`: `wrong_topic` for a topic that takes no such event, `unknown_type` for a
    type that there is not.
    """
    if topic not in CATALOGUE:
        raise Unreadable(
            "wrong_topic",
            None,
            f"{topic} is no topic of the catalogue; `leadstream topics list` shows them",
        )
    events = CATALOGUE[topic].events
    if len(events) == 1 and type_of(events[0]) is None:
        return events[0]
    model = input_types().get((topic, kind)) if isinstance(kind, str) else None
    return model or _refuse_type(topic, kind)


def _refuse_type(topic: str, kind: object) -> type[Event]:
    elsewhere = [place for place, other in input_types() if other == kind]
    if elsewhere:
        raise Unreadable(
            "wrong_topic", "type", f"type {kind} does not belong on {topic}; send it to "
            f"{' or '.join(elsewhere)}",
        )  # fmt: skip
    here = [other for place, other in input_types() if place == topic]
    if not here:
        raise Unreadable(
            "wrong_topic",
            None,
            f"{topic} takes no events from outside; the input topics are "
            f"{', '.join(dict.fromkeys(place for place, _ in input_types()))}",
        )
    raise Unreadable(
        "unknown_type", "type", f"type must name an event of {topic}: {', '.join(here)}"
    )


def check_topic(topic: str, model: type[Event]) -> None:
    """Raises `Unreadable` with `wrong_topic` where the catalogue has this event elsewhere."""
    if topic in CATALOGUE and model in CATALOGUE[topic].events:
        return
    places = [place.name for place in CATALOGUE.values() if model in place.events]
    raise Unreadable(
        "wrong_topic",
        None,
        f"{model.__name__} does not belong on {topic}; send it to {' or '.join(places)}",
    )


_NUL = b"\\u0000"
"""How JSON spells it. Looked for in the whole text first: walking every field of every event took
a tenth of intake's time."""


def validated(model: type[Event], given: Mapping[str, Any]) -> Event:
    """The event, checked against every rule of its model.

    Raises `Unreadable` with reason `invalid_field`, the path of the first field that breaks a
    rule, and the rule. Text with a NUL character is refused, not cleaned: databases behind us
    refuse or cut it, and an id without it would be another id.
    """
    try:
        event = model.model_validate(given)
    except ValidationError as error:
        raise _explained(error.errors(include_input=False, include_url=False)) from None
    if _NUL not in event.__pydantic_serializer__.to_json(event):
        return event
    for path in _with_nul(event, ""):
        raise Unreadable(
            "invalid_field", path, f"{path} holds a NUL character (\\u0000); remove it"
        )
    return event


def _explained(errors: list[ErrorDetails]) -> Unreadable:
    first = errors[0]
    field = _path(first["loc"])
    rule = _RULES.get(first["type"]) or _sentence(first)
    others = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Unreadable("invalid_field", field, f"{field or 'the event'} {rule}{others}")


def _sentence(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"is refused: {message[:1].lower()}{message[1:]}"


def _path(location: tuple[int | str, ...]) -> str | None:
    """`away[0].to`; a map's own keys come from the sender and are shown as `*`."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part if part in field_names() else '*'}"
    return path.removeprefix(".") or None


@cache
def field_names() -> frozenset[str]:
    """The names of all fields of all events and of their parts."""
    seen: dict[type[Record], None] = {}
    for model in event_models().values():
        _collect(model, seen)
    return frozenset(wire_name(model, name) for model in seen for name in model.model_fields)


def _collect(model: type[Record], seen: dict[type[Record], None]) -> None:
    seen[model] = None
    for hint in hints_of(model).values():
        for part in _records_in(hint):
            if part not in seen:
                _collect(part, seen)


def _records_in(hint: Any) -> Iterator[type[Record]]:
    core, _, _ = core_of(hint)
    if isinstance(core, type) and issubclass(core, Record):
        yield core
    for part in getattr(core, "__args__", ()):
        yield from _records_in(part)


def _with_nul(value: Any, path: str) -> Iterator[str]:
    """The paths of texts that hold a NUL character."""
    if isinstance(value, str):
        if "\x00" in value:
            yield path
        return
    for part, inside in _parts(value):
        yield from _with_nul(part, f"{path}{inside}" if path else inside.removeprefix("."))


def _parts(value: Any) -> Iterator[tuple[Any, str]]:
    """What a value is made of, with the step of the path that leads there."""
    if isinstance(value, Record):
        model = type(value)
        yield from ((part, f".{wire_name(model, name)}") for name, part in value.values().items())
    elif isinstance(value, dict):
        yield from ((part, ".*") for pair in value.items() for part in pair)
    elif isinstance(value, tuple):
        yield from ((part, f"[{index}]") for index, part in enumerate(value))
