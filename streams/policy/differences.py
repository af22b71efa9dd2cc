"""What differs between two policy documents, value by value."""

from collections.abc import Mapping
from typing import NamedTuple

from streams.policy.document import Document
from streams.policy.leaves import ORDER, Leaf, Names, leaves

Leaves = Mapping[Names, Leaf]


class Difference(NamedTuple):
    """A value that is another one, or an entry that only one of the documents has."""

    names: Names
    before: Leaf | None
    after: Leaf | None
    inside: tuple[tuple[Names, Leaf], ...] = ()
    """The values of an entry that comes or goes, without its name before them."""

    @property
    def leaf(self) -> Leaf:
        """The value as it is now, or as it was last."""
        found = self.after or self.before
        if found is None:
            msg = f"neither document has {self.names}"
            raise ValueError(msg)
        return found

    @property
    def is_entry(self) -> bool:
        """Whether a whole entry comes or goes."""
        return not self.leaf.field


def differences(old: Document, new: Document) -> tuple[Difference, ...]:
    """Every difference, in the order of the new document, then what only the old one has.

    The values of an entry that comes or goes stand inside its difference. Releases are compared
    only where both documents have one: what publishing adds is no change of the rules.
    """
    before, after = leaves(_comparable(old, new)), leaves(_comparable(new, old))
    moved = [
        names
        for names in (*after, *(names for names in before if names not in after))
        if _differs(before.get(names), after.get(names))
    ]
    entries = {names for names in moved if not _there(names, before, after).field}
    return tuple(
        _difference(names, before, after)
        for names in moved
        if not any(names[:end] in entries for end in range(1, len(names)))
    )


def _comparable(document: Document, other: Document) -> Document:
    return document if other.release else document.model_copy(update={"release": None})


def _differs(before: Leaf | None, after: Leaf | None) -> bool:
    """An order that comes or goes with its list says nothing beside the list's entries."""
    if before is None or after is None:
        return ORDER not in {each.field for each in (before, after) if each}
    if before.field == ORDER:
        return _common(before, after) != _common(after, before)
    return before.value != after.value


def _common(order: Leaf, other: Leaf) -> tuple[str, ...]:
    """The order of what both lists have; what comes or goes is told by itself."""
    return tuple(name for name in order.value or () if name in (other.value or ()))


def _there(names: Names, before: Leaves, after: Leaves) -> Leaf:
    return after[names] if names in after else before[names]


def _difference(names: Names, before: Leaves, after: Leaves) -> Difference:
    there, length = after if names in after else before, len(names)
    inside = [] if there[names].field else [each for each in there if each[:length] == names]
    parts = tuple((each[length:], there[each]) for each in inside if each != names)
    return Difference(names, before.get(names), after.get(names), parts)
