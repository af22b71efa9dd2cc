"""Which schema reads what another wrote; every verdict is compared with fastavro's own."""

from io import BytesIO
from typing import Any

import fastavro
import pytest
from fastavro.read import SchemaResolutionError

from schemas.compatible import problems, removed_fields


def record(*fields: dict[str, Any], name: str = "R") -> dict[str, Any]:
    """A record with these fields."""
    return {"type": "record", "name": name, "namespace": "n", "fields": list(fields)}


def field(name: str, kind: Any, **more: Any) -> dict[str, Any]:
    """A field."""
    return {"name": name, "type": kind, **more}


NESTED = record(field("x", "long"), name="Nested")
MILLIS = {"type": "long", "logicalType": "timestamp-millis"}
BASE = record(
    field("text", "string"),
    field("number", "long"),
    field("maybe", ["null", "string"], default=None),
    field("nested", NESTED),
    field("list", {"type": "array", "items": "n.Nested"}),
)
SENT: dict[str, Any] = {
    "text": "a", "number": 2, "maybe": "b", "nested": {"x": 1}, "list": [{"x": 2}],
}  # fmt: skip


def with_field(name: str, **changes: Any) -> dict[str, Any]:
    """BASE with one field changed."""
    return record(*({**f, **changes} if f["name"] == name else f for f in BASE["fields"]))


def without(name: str) -> dict[str, Any]:
    """BASE with one field less."""
    return record(*(f for f in BASE["fields"] if f["name"] != name))


def fastavro_reads(wanted: dict[str, Any]) -> bool:
    """Whether fastavro can resolve what was written as BASE."""
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, BASE, SENT)
    try:
        fastavro.schemaless_reader(BytesIO(buffer.getvalue()), BASE, wanted)
    except (SchemaResolutionError, KeyError):
        return False
    return True


READABLE = {
    "the same": BASE,
    "a field added with a default": record(*BASE["fields"], field("new", "long", default=0)),
    "a field less": without("text"),
    "a wider number": with_field("number", type="double"),
    "a field made optional": with_field("text", type=["null", "string"]),
    "a wider union": with_field("maybe", type=["null", "string", "long"]),
}
UNREADABLE = {
    "a field added without a default": record(*BASE["fields"], field("new", "long")),
    "a field renamed": record(*without("text")["fields"], field("title", "string")),
    "a narrower number": with_field("number", type="int"),
    "another type": with_field("text", type="long"),
    "a narrower union": with_field("maybe", type=["null", "long"]),
    "an optional field made necessary": with_field("maybe", type="string"),
    "a record in place of text": with_field("text", type=record(name="Other")),
    "a nested field added without a default": with_field(
        "nested", type=record(field("x", "long"), field("y", "long"), name="Nested")
    ),
    "an array of something else": with_field("list", type={"type": "array", "items": "string"}),
}


@pytest.mark.parametrize("change", READABLE)
def test_a_compatible_change_has_no_problem(change: str) -> None:
    """Ours and fastavro agree that the newer schema reads the older one's bytes."""
    assert problems(BASE, READABLE[change]) == []
    assert fastavro_reads(READABLE[change])


@pytest.mark.parametrize("change", UNREADABLE)
def test_an_incompatible_change_is_found(change: str) -> None:
    """Ours finds it without a message; fastavro finds the same with one."""
    assert problems(BASE, UNREADABLE[change])
    # fastavro reads a long as an int that is wide enough, and takes a union's value as it comes.
    if change not in ("a narrower number", "an optional field made necessary"):
        assert not fastavro_reads(UNREADABLE[change])


def test_a_problem_names_its_field() -> None:
    """With the path through nested records and lists."""
    other = record(field("x", "string"), name="Nested")
    newer = with_field("nested", type=other)
    assert problems(BASE, newer) == ["nested.x: long cannot be read as string"]
    only_list = record(field("list", {"type": "array", "items": NESTED}))
    wanted = record(field("list", {"type": "array", "items": other}))
    assert problems(only_list, wanted) == ["list[].x: long cannot be read as string"]


def test_a_number_that_means_something_else_is_a_problem() -> None:
    """Avro would read a time as a plain number, and milliseconds as microseconds."""
    plain, time = record(field("at", "long")), record(field("at", MILLIS))
    micros = record(field("at", {"type": "long", "logicalType": "timestamp-micros"}))
    assert problems(plain, time) == ["at: a plain long cannot be read as timestamp-millis"]
    assert problems(time, micros) == ["at: timestamp-millis cannot be read as timestamp-micros"]


def test_another_record_name_is_a_problem() -> None:
    """A renamed record is another record."""
    assert problems(record(name="A"), record(name="B")) == ["the record: n.A cannot be read as n.B"]


def test_symbols_that_the_reader_does_not_know_are_a_problem() -> None:
    """The reason why a Literal is no enum here; a default heals it."""

    def kind(*symbols: str, **more: Any) -> dict[str, Any]:
        return record(
            field("kind", {"type": "enum", "name": "K", "symbols": list(symbols), **more})
        )

    assert problems(kind("a", "b"), kind("a")) == [
        "kind: the reader does not know the symbol b and has no default"
    ]
    assert problems(kind("a"), kind("a", "b")) == []
    assert problems(kind("a", "b"), kind("a", default="a")) == []


def test_maps_and_unions_are_looked_into() -> None:
    """Each branch that may be written must find a place."""

    def of(kind: Any) -> dict[str, Any]:
        return record(field("f", kind))

    assert problems(of({"type": "map", "values": "long"}), of({"type": "map", "values": "int"}))
    assert problems(of(["null", "string"]), of(["null", "long"])) == [
        "f: string fits no type of the reader's union"
    ]


def test_a_record_that_holds_itself_is_compared_once() -> None:
    """Recursion ends."""
    tree = record(field("children", {"type": "array", "items": "n.Tree"}), name="Tree")
    assert problems(tree, tree) == []


def test_fields_taken_away_are_found_in_nested_records_too() -> None:
    """Avro reads on without them; the contract does not."""
    newer = with_field("nested", type=record(name="Nested"))
    newer["fields"] = newer["fields"][1:]
    assert removed_fields(BASE, newer) == ["R.text", "Nested.x"]
    assert removed_fields(newer, BASE) == []
    assert removed_fields(BASE, record(name="Q")) == []
