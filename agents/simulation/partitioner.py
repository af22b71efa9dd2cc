"""Which partition a key belongs to, as Kafka's clients decide it (murmur2)."""

from functools import lru_cache

_MASK = 0xFFFFFFFF
_M = 0x5BD1E995
_SEED = 0x9747B28C


def murmur2(data: bytes) -> int:
    """The 32-bit hash of Java's Kafka client, as an unsigned number."""
    length = len(data)
    value = (_SEED ^ length) & _MASK
    whole = length - length % 4
    for index in range(0, whole, 4):
        word = (int.from_bytes(data[index : index + 4], "little") * _M) & _MASK
        word ^= word >> 24
        value = ((value * _M) & _MASK) ^ ((word * _M) & _MASK)
    rest = data[whole:]
    if rest:
        value = ((value ^ int.from_bytes(rest, "little")) * _M) & _MASK
    value ^= value >> 13
    value = (value * _M) & _MASK
    return value ^ (value >> 15)


@lru_cache(maxsize=65_536)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, as `murmur2_random` of librdkafka and Java's default choose it."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
