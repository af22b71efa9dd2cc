"""`leadstream demo` as a user starts it: all five agents on the embedded broker."""

import json
from pathlib import Path

from tests.agents.command_line.process import command

KEYS = [
    "captured", "assigned", "pooled", "nurtured", "rejected", "waiting", "lost", "duplicated",
    "latency_ms", "repeats", "garbage",
]  # fmt: skip
PLACES = ("assigned", "pooled", "nurtured", "rejected", "waiting")


def test_the_demo_captures_exactly_as_many_leads_as_asked_for(tmp_path: Path) -> None:
    """Contract, section 1: captured by qualify's own count, all of them placed, none twice."""
    ran = command(tmp_path, "demo", "--leads", "60", "--seed", "3", "--json")
    assert ran.code == 0, ran.err
    result = json.loads(ran.out.splitlines()[-1])
    assert list(result) == KEYS
    assert (result["captured"], result["lost"], result["duplicated"]) == (60, 0, 0)
    assert sum(result[place] for place in PLACES) == 60
    assert result["repeats"]
    assert result["garbage"]
