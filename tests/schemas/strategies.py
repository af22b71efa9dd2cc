"""Hypothesis strategies: valid events of every model, drawn from its annotations."""

from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from schemas.avro import core_of, hints_of, wire_name
from schemas.record import FIRST_TIME, LAST_TIME, Event, Record
from schemas.reps import Absence
from schemas.validated import validated

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1,
                max_size=12)  # fmt: skip
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    # Within the narrowest bounds that any field has.
    int: st.integers(1, 1_000),
    float: st.floats(0, 1),
    bool: st.booleans(),
    bytes: st.binary(max_size=20),
}
TIMES = st.integers(FIRST_TIME, LAST_TIME)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of one annotation, as a sender's mapping holds them."""
    core, is_time, nullable = core_of(hint)
    chosen = TIMES if is_time else _core(core)
    return st.none() | chosen if nullable else chosen


def _core(core: Any) -> st.SearchStrategy[Any]:
    if core in PLAIN:
        return PLAIN[core]
    if get_origin(core) is Literal:
        return st.sampled_from(get_args(core))
    if get_origin(core) is tuple:
        return st.lists(values(get_args(core)[0]), max_size=3)
    if get_origin(core) is dict:
        return st.dictionaries(TEXTS, values(get_args(core)[1]), max_size=3)
    return mappings(core)


def mappings(model: type[Record]) -> st.SearchStrategy[dict[str, Any]]:
    """Valid content of a record of this model."""
    fields = {wire_name(model, name): values(hint) for name, hint in hints_of(model).items()}
    if "email" in fields:
        fields["email"] = TEXTS  # somebody must be named
    drawn = st.fixed_dictionaries(fields)
    return drawn.map(_in_order) if model is Absence else drawn


def _in_order(absence: dict[str, Any]) -> dict[str, Any]:
    begin = min(absence["from"], LAST_TIME - 1)
    return absence | {"from": begin, "to": max(absence["to"], begin + 1)}


def events(model: type[Event]) -> st.SearchStrategy[Event]:
    """Valid events of this model."""
    return mappings(model).map(lambda content: validated(model, content))
