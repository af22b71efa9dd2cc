"""How long a routing decision takes: `python -m tests.bench.route`.

A decision: tiers, who could take the lead, the pick, and the record of why. A lead: that, its rows
and its events; encoding and the tables' commit not.
"""

from time import perf_counter_ns
from typing import Any, NamedTuple

from agents.ledger.tables import Journal, open_tables
from schemas.inner import LeadCard, LeadQualified
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.steps.choose import choose
from streams.steps.route import route_stage
from streams.steps.search import Search
from streams.steps.work import Work, lead_row
from tests.streams import policies

LEADS = 3_000
NOON = 1_772_452_800_000


def leads(count: int, companies: int | None = None) -> list[LeadQualified]:
    """Leads that are pushed, from all over the world; without a number each of its own company."""
    card = LeadCard(source="demo_request", email="ann@example.com", company="Example")
    return [
        LeadQualified(
            event_id=f"{number:032x}",
            caused_by="cause",
            captured_at=NOON,
            lead_id=f"lead-{number}",
            home=f"domain:company-{number % (companies or count)}.example",
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
        f"rep-{number:04d}": {"team": "inside", "open_limit": 10_000, "daily_limit": 10_000}
        for number in range(reps)
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


class Timed(NamedTuple):
    """Microseconds: who gets the lead with the record of why, and all that a lead takes."""

    choice: float
    lead: float
    lead_99: float


def measure(policy: Policy, count: int = LEADS) -> Timed:
    """Medians of a decision and of the whole step for a lead, and the step's 99th percentile."""
    journal = Journal()
    tables = open_tables(RouteTables, journal)
    step = route_stage().steps[LeadQualified]
    choices, steps = [], []
    for lead in leads(count):
        row = lead_row(lead)
        begin = perf_counter_ns()
        work = Work(tables, policy, NOON, lead.event_id)
        search = Search(work, row, "inside")
        search.explain(choose(search))
        chosen = perf_counter_ns()
        list(step(tables, lead, policy, NOON))
        steps.append(perf_counter_ns() - chosen)
        choices.append(chosen - begin)
        journal.commit()
    choices.sort()
    steps.sort()
    return Timed(
        choices[count // 2] / 1000, steps[count // 2] / 1000, steps[count * 99 // 100] / 1000
    )


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
        timed = measure(policy, count)
        print(
            f"{name}: {timed.choice:.0f} us a decision, {timed.lead:.0f} us a lead with its rows "
            f"and events (99 %: {timed.lead_99:.0f} us), {count} leads"
        )
    full = policies.policy(teams={"inside": {"open_limit": 1}})
    print(f"10 000 leads into a full team: {burst(full):.1f} s")


if __name__ == "__main__":
    main()
