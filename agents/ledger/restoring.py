"""Bringing a partition's rows back from its changelog, up to what was committed, and no further."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from threading import Event as Flag
from typing import NamedTuple, Protocol

from confluent_kafka import OFFSET_BEGINNING

from agents import memory
from agents.kafka import committed
from agents.kafka.committed import Place, place_of
from agents.leaving import StayDown
from agents.settings import Kafka

OFFSET_KEY = b"__offset"
"""The row that every transaction writes: the next input offset."""


class Loadable(Protocol):
    """What rows are loaded into."""

    def load(self, key: bytes, value: bytes | None) -> None:
        """Takes one row as the changelog has it, or a later state of it; None removes it."""

    def finish_loading(self) -> None:
        """All rows are there."""


class Found(NamedTuple):
    """How far a partition's input was read, told twice: None where it is not told."""

    row: int | None
    """The changelog's `__offset`."""
    committed: int | None
    """The group's offset."""


class ChangelogDisagrees(StayDown):
    """Changelog and group say different things about how far the input was read."""


def restore(
    kafka: Kafka,
    group: str,
    partitions: dict[Place, Loadable],
    changelog_of: Callable[[str], str],
    cancelled: Flag,
) -> dict[Place, Found]:
    """Loads the partitions' rows; gives what is known of each one's next input offset.

    Committed offsets first: with `read_committed` that waits until an earlier owner's transaction
    is settled. Then the changelog's real end, asked without regard to open transactions, or a
    zombie's would hide a later owner's rows. Then everything up to there, committed rows only.

    Raises as `committed.offsets`.
    """
    read_to = committed.offsets(kafka, group, list(partitions), cancelled)
    homes = {(changelog_of(topic), number): (topic, number) for topic, number in partitions}
    found = {place: Found(None, read_to[place]) for place in partitions}
    with closing(_rows(kafka, list(homes), cancelled)) as rows:
        for changelog, key, value in rows:
            place = homes[changelog]
            if key == OFFSET_KEY:
                found[place] = Found(None if value is None else int(value), read_to[place])
            else:
                partitions[place].load(key, value)
    for partition in partitions.values():
        partition.finish_loading()
    memory.give_back()
    return found


def _rows(
    kafka: Kafka, changelogs: list[Place], cancelled: Flag
) -> Generator[tuple[Place, bytes, bytes | None], None, None]:
    """Every state of every row, each changelog in its order.

    They go where they belong one by one: all of them in between would take the room twice.
    """
    extents = committed.extents(kafka, changelogs)
    what = f"the ends of the changelogs {_text(changelogs)}"
    with closing(committed.records(kafka, extents, what, cancelled)) as slices:
        for messages in slices:
            for message in messages:
                yield place_of(message), message.key() or b"", message.value()


def start(place: Place, row: int | None, committed: int | None) -> int:
    """Where to go on: `row` from the changelog, `committed` from the group.

    Gives `OFFSET_BEGINNING` where nothing was read yet. Raises `ChangelogDisagrees`.

    A row without a committed offset: the group's has expired, the row is the truth. Neither:
    nothing was ever committed. Anything else would lose or repeat input.
    """
    if row is None and committed is None:
        return OFFSET_BEGINNING
    if row is not None and committed in (None, row):
        return row
    msg = (
        f"the changelog of {place[0]}[{place[1]}] stands at {row}, its group at {committed}: the "
        "state does not belong to the offsets, so nothing is decided; restore the topic or reset "
        "both together"
    )
    raise ChangelogDisagrees(msg)


def _text(places: Iterable[Place]) -> str:
    return ", ".join(f"{topic}/{number}" for topic, number in sorted(places))
