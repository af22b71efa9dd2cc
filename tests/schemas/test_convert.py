"""Records to bytes and back, for shapes that no event has yet too."""

import pytest
from pydantic import Field

from schemas.avro import schema_of
from schemas.body import Reader
from schemas.convert import to_record
from schemas.inner import LeadCard
from schemas.record import Event, Record, Time
from schemas.writing import body


class Leaf(Record):
    """A record whose field has another name on the wire."""

    begin: Time = Field(alias="from")


class Tree(Event):
    """Records in every place where a record can be."""

    leaf: Leaf
    maybe: Leaf | None = None
    row: tuple[Leaf | None, ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()
    by_name: dict[str, Leaf] = Field(default_factory=dict)
    lists: dict[str, tuple[str, ...] | None] = Field(default_factory=dict)


def leaf(time: int) -> Leaf:
    """A leaf."""
    return Leaf.model_validate({"from": time})


FULL = Tree(
    leaf=leaf(1),
    maybe=leaf(2),
    row=(leaf(3), None, leaf(4)),
    rows=((1, 2), ()),
    by_name={"a": leaf(5)},
    lists={"b": ("c",), "d": None},
)


@pytest.mark.parametrize("tree", [FULL, Tree(leaf=leaf(0))])
def test_every_shape_survives(tree: Tree) -> None:
    """Nested in unions, lists, lists of lists and maps, renamed fields among them."""
    data = b"head" + body(Tree)(tree)
    back = Reader(Tree, schema_of(Tree)).trusted(data, 4)
    assert back == tree
    assert repr(back) == repr(tree)
    assert list(back.model_dump()) == list(tree.model_dump())


def test_a_decoded_part_is_as_frozen_as_any() -> None:
    """Nested records are records, not dictionaries."""
    card = to_record(LeadCard)(dict(LeadCard(source="chat").values()))
    with pytest.raises(ValueError, match="frozen"):
        card.source = "phone"  # type: ignore[attr-defined] # writing must fail at run time
