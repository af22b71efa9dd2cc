"""Kafkas and restores that break their word: what the machine must find."""

from collections.abc import Iterator

from agents.ledger import restoring
from tests.interleaved.memory_kafka import MemoryKafka, Place, Transaction


class LosesOutputs(MemoryKafka):
    """Of a transaction that was left open the offsets stand, and nothing else."""

    def abandoned(self, transaction: Transaction) -> None:
        """Ends it."""
        self.offsets |= transaction.offsets
        self.settle(transaction, "aborted")


class LosesOffsets(MemoryKafka):
    """Of a transaction that was left open everything stands but the offsets."""

    def abandoned(self, transaction: Transaction) -> None:
        """Ends it, if all of it was sent."""
        whole = bool(transaction.offsets)
        transaction.offsets.clear()
        self.settle(transaction, "committed" if whole else "aborted")


LEDGERS = (b"ledger.", restoring.OFFSET_KEY)
"""What the ledger itself keeps: without it a partition says at once that something is wrong."""
Row = tuple[Place, bytes, bytes | None]
_rows = restoring._rows


def forgetful(*arguments: object) -> Iterator[Row]:
    """What the changelogs have, without one row of each that a step has kept."""
    found: list[Row] = list(_rows(*arguments))  # type: ignore[arg-type] # handed on as they are
    last = dict(sorted((place, key) for place, key, _ in found if not key.startswith(LEDGERS)))
    yield from ((place, key, value) for place, key, value in found if last.get(place) != key)
