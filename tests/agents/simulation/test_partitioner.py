"""Our own murmur2 against what Java's client computes."""

from agents.simulation.partitioner import partition_of
from tests.agents.test_partitioner import GOLDEN, KEYS, PARTITIONS


def test_a_thousand_keys_are_where_java_puts_them() -> None:
    """The golden partitions are Java's own; librdkafka is held against the same file."""
    ours = "".join(f"{partition_of(key, PARTITIONS):x}" for key in KEYS)
    assert ours == GOLDEN.read_text(encoding="ascii").strip()


def test_another_seed_would_be_noticed() -> None:
    """Twin: a shifted key list does not fit the golden file."""
    ours = "".join(f"{partition_of(key, PARTITIONS):x}" for key in KEYS[1:] + KEYS[:1])
    assert ours != GOLDEN.read_text(encoding="ascii").strip()
