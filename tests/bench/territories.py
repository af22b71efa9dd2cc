"""How long it takes to find a lead's territory among 1 000: `python -m tests.bench.territories`.

Microseconds for a look-up, the lead's own data taken as they are; the limit is 20 (issue 4).
"""

from collections.abc import Callable
from time import perf_counter_ns
from typing import Any, NamedTuple

from streams.policy.compiled import Policy
from streams.rules.place import Location
from tests.streams import policies

COUNT = 1_000
ROUNDS = 20
LIMIT = 20
WORDS = ("air", "bank", "car", "data", "energy", "food", "glass", "health", "iron", "jet")


class Lead(NamedTuple):
    """What a territory can go by."""

    location: Location
    industry: str | None
    employees: int | None


def _industry(number: int) -> str:
    return f"{WORDS[number // 100]} {WORDS[number // 10 % 10]} {WORDS[number % 10]}"


def _by_prefix(number: int) -> dict[str, Any]:
    return {"countries": ["US"], "postal_prefixes": [f"{number:03d}"]}


def _by_city(number: int) -> dict[str, Any]:
    return {"countries": ["US"], "cities": [f"Town {number}"]}


def _by_industry(number: int) -> dict[str, Any]:
    return {"industries": [_industry(number)]}


def _by_size(number: int) -> dict[str, Any]:
    return {"employees": {"least": number * 10, "most": number * 10 + 9}}


def _by_all(number: int) -> dict[str, Any]:
    criteria = (_by_prefix, _by_city, _by_industry, _by_size)[number % 4](number)
    return criteria | ({"industries": [_industry(number)]} if number % 3 else {})


CASES: dict[str, Callable[[int], dict[str, Any]]] = {
    "postal prefixes": _by_prefix,
    "cities": _by_city,
    "industries": _by_industry,
    "company sizes": _by_size,
    "a mixture": _by_all,
    "none that fits": lambda number: {"countries": ["JP"], "postal_prefixes": [f"{number:03d}"]},
}


def policy(case: Callable[[int], dict[str, Any]]) -> Policy:
    """The small policy with so many territories."""
    listed = [
        case(number) | {"territory": f"t{number}", "reps": ["ann"]} for number in range(COUNT)
    ]
    return policies.policy(teams={"inside": {"territories": listed}})


def lead(number: int) -> Lead:
    """A lead of which everything is known."""
    location = Location("US", "US-CA", f"Town {number}", f"{number:03d}10-1234")
    return Lead(location, _industry(number), number * 10 + 5)


def measure(rules: Policy) -> tuple[float, float]:
    """Median and 99th percentile of a look-up, microseconds."""
    taken = []
    leads = [lead(number) for number in range(COUNT)] * ROUNDS
    for each in leads:
        begin = perf_counter_ns()
        rules.territories.find("inside", *each)
        taken.append(perf_counter_ns() - begin)
    taken.sort()
    return taken[len(taken) // 2] / 1000, taken[len(taken) * 99 // 100] / 1000


def main() -> None:
    """Prints one line for each kind of territory."""
    for name, case in CASES.items():
        middle, slow = measure(policy(case))
        print(f"{COUNT} territories by {name}: {middle:.1f} us (99 %: {slow:.1f}; limit {LIMIT})")


if __name__ == "__main__":
    main()
