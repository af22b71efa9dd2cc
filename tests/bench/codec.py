"""Encoding plus decoding a scored lead between hops: at most 80 microseconds together.

Run with `python -m tests.bench.codec`; exits 1 where a median is over the limit.
"""

import os
import platform
import statistics
import sys
import timeit
from collections.abc import Callable

import orjson

from schemas.codec import decode, encode, to_json
from schemas.golden import example_files
from schemas.versions import AVSC

LIMIT_US = 80
ROUNDS = 41
CALLS = 200
RECORDS = ("LeadQualified", "LeadScored")


def microseconds(call: Callable[[], object]) -> float:
    """The median over the rounds of the mean time of one call."""
    times = timeit.repeat(call, number=CALLS, repeat=ROUNDS)
    return statistics.median(times) / CALLS * 1_000_000


def measured(record: str) -> float:
    """Measures one golden event, prints a line, and returns encode plus decode."""
    event = decode(example_files(AVSC.parent, record, 1)[1].read_bytes())
    data, content = encode(event), to_json(event)
    there, back = microseconds(lambda: encode(event)), microseconds(lambda: decode(data))
    text = microseconds(lambda: orjson.loads(orjson.dumps(content)))
    print(
        f"{record}: encode {there:.1f} + decode {back:.1f} = {there + back:.1f} us "
        f"({len(data)} bytes; limit {LIMIT_US} us); orjson of the same content {text:.1f} us "
        f"({len(orjson.dumps(content))} bytes), ratio {(there + back) / text:.1f}"
    )
    return there + back


def main() -> int:
    """Measures, and says with its exit code whether the limit holds."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    return 1 if max([measured(record) for record in RECORDS]) > LIMIT_US else 0


if __name__ == "__main__":
    sys.exit(main())
