"""How long a routing decision takes: `python -m tests.bench.route`.

Microseconds per lead, the events built included, encoding and tables' commit not.
"""

from time import perf_counter_ns
from typing import Any

from agents.ledger.tables import Journal, open_tables
from schemas.inner import LeadCard, LeadQualified
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.steps.route import route_stage
from tests.streams import policies

LEADS = 3_000
NOON = 1_772_452_800_000


def leads(count: int) -> list[LeadQualified]:
    """Leads that are pushed, from all over the world."""
    card = LeadCard(source="demo_request", email="ann@example.com", company="Example")
    return [
        LeadQualified(
            event_id=f"{number:032x}",
            caused_by="cause",
            captured_at=NOON,
            lead_id=f"lead-{number}",
            home="domain:example.com",
            desk="main",
            kind="new",
            score=60,
            grade="B",
            status="mql",
            hot=False,
            source="demo_request",
            country="US",
            postal_code=f"{number % 1000:03d}99",
            card=card,
        )
        for number in range(count)
    ]


def crowd(reps: int, territories: int = 0) -> Policy:
    """A team of so many reps who are never full, and so many territories that hand on."""
    named: dict[str, Any] = {
        f"rep-{number:04d}": {"team": "inside", "open_limit": 10_000} for number in range(reps)
    }
    listed = [
        {
            "territory": f"area-{number}",
            "postal_prefixes": [f"{number:03d}"],
            "reps": [f"rep-{number % reps:04d}"],
        }
        for number in range(territories)
    ]
    return policies.policy(reps=named, teams={"inside": {"territories": listed}})


def measure(policy: Policy, count: int = LEADS) -> tuple[float, float]:
    """Median and 99th percentile of a decision, microseconds."""
    journal = Journal()
    tables = open_tables(RouteTables, journal)
    step = route_stage().steps[LeadQualified]
    taken = []
    for lead in leads(count):
        begin = perf_counter_ns()
        list(step(tables, lead, policy, NOON))
        taken.append(perf_counter_ns() - begin)
        journal.commit()
    taken.sort()
    return taken[count // 2] / 1000, taken[count * 99 // 100] / 1000


def burst(policy: Policy, count: int = 10_000) -> float:
    """Seconds for so many leads at one instant of which nearly all have to wait."""
    journal = Journal()
    tables = open_tables(RouteTables, journal)
    step = route_stage().steps[LeadQualified]
    begin = perf_counter_ns()
    for lead in leads(count):
        list(step(tables, lead, policy, NOON))
        journal.commit()
    return (perf_counter_ns() - begin) / 1e9


def main() -> None:
    """Prints one line for each case."""
    cases = (("20 reps", crowd(17), LEADS), ("2 000 reps", crowd(1_997), 300),
             ("20 reps, 1 000 territories", crowd(17, 1_000), LEADS))  # fmt: skip
    for name, policy, count in cases:
        middle, slow = measure(policy, count)
        print(f"{name}: {middle:.0f} us a decision (99 %: {slow:.0f} us), {count} leads")
    full = policies.policy(teams={"inside": {"open_limit": 1}})
    print(f"10 000 leads into a full team: {burst(full):.1f} s")


if __name__ == "__main__":
    main()
