"""Partitions with rows, as a restore leaves them."""

from collections.abc import Iterable

from agents.ledger.partition import Partition


def loaded(partition: Partition, rows: Iterable[tuple[bytes, bytes | None]]) -> Partition:
    """An empty partition, with these rows of its changelog."""
    for key, value in rows:
        partition.load(key, value)
    partition.finish_loading()
    return partition
