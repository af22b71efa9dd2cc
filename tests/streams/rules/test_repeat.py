"""How long an event id is remembered."""

from hypothesis import given
from hypothesis import strategies as st

from streams.rules.repeat import BUCKET_MS, bucket, due, memory_key

times = st.integers(min_value=0, max_value=2**42)


@given(times, st.integers(min_value=0, max_value=10**9))
def test_an_id_is_never_forgotten_early_and_at_most_a_bucket_late(now: int, memory: int) -> None:
    """A repeat within the policy's memory is always found."""
    forgotten = due(bucket(now, memory))
    assert now + memory < forgotten <= now + memory + BUCKET_MS


def test_eight_bytes_are_kept() -> None:
    """One row an id, as small as chance allows."""
    assert memory_key("0123456789abcdef0123456789abcdef") == "0123456789abcdef"
