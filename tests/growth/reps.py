"""With more reps in the one team that shares all leads."""

import time

from tests.bench.route import crowd, measure
from tests.growth.figure import Figure

LEADS = 2_000


def figure(reps: int) -> Figure:
    """What a decision and a lead take in route, and what a policy with so many reps takes."""
    began = time.process_time()
    rules = crowd(reps)
    loaded_ms = (time.process_time() - began) * 1_000
    timed = measure(rules, LEADS)
    return Figure(
        reps,
        {
            "a decision, us": timed.choice,
            "a lead in route, us": timed.lead,
            "99 % of leads, us": timed.lead_99,
            "loading the policy, ms": loaded_ms,
        },
    )
