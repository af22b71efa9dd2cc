"""Twins about trust: a stage that knows less of itself than it should; see `faulty_agents`."""

from collections.abc import Callable, Iterator, Mapping
from threading import Event as Flag
from typing import Any

from agents.kafka.committed import Place
from agents.kafka.member import Member
from agents.ledger import membership, restoring
from agents.ledger.restoring import OFFSET_KEY
from agents.settings import Kafka
from tests.agents.ledger import toy

rows = restoring._rows


def group_is_trusted_alone() -> None:
    """Twin of expired offsets: where the group has none, it begins at the beginning."""
    vars(membership)["start"] = toy.trusting


def half_of_the_rows() -> None:
    """Twin of a crash in the restore: as if one that was broken off had been enough."""

    def half(
        kafka: Kafka, changelogs: list[Place], cancelled: Flag
    ) -> Iterator[tuple[Place, bytes, bytes | None]]:
        for place, key, row in rows(kafka, changelogs, cancelled):
            if key == OFFSET_KEY or len(key) % 2:
                yield place, key, row

    vars(restoring)["_rows"] = half


def nobody_has_our_name() -> None:
    """Twin of two workers with one name: the older takes itself for cut off."""
    setattr(Member, "has_namesake", lambda *_arguments: False)  # noqa: B010 - breaking it is the purpose


RESTORES_GONE_WRONG: Mapping[str, Callable[[], Any]] = {
    each.__name__: each for each in (group_is_trusted_alone, half_of_the_rows, nobody_has_our_name)
}
