"""A year of operation, simulated: `python -m tests.bench.year 365`; 30 days without a number.

40 reps in four zones, 200 leads a day, holidays, absences, turnover, another policy each month.
Prints the time it takes, what became of the leads, how long they waited and how they were shared.
"""

import gc
import sys
from statistics import median
from time import perf_counter

from agents.command_line.simulate import admitted
from agents.fairness.shares import Shares
from agents.recount import Recount
from schemas.codec import to_json
from schemas.outputs import RepAssigned
from schemas.topics import OUTPUTS
from tests.agents.simulation.year import Year

DAYS = 30


def waited_h(year: Year) -> list[float]:
    """Hours from capture to the first rep, ascending."""
    first: dict[str, float] = {}
    for event in year.assigned():
        first.setdefault(event.lead_id, (event.at - event.captured_at) / 3_600_000)
    return sorted(first.values())


def main() -> None:
    """Prints the report."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    gc.set_threshold(100_000)
    year, begin = Year(), perf_counter()
    simulation = year.run(days)
    took = perf_counter() - begin
    each_ms = took / year.captured * 1000
    print(f"{days} days, {year.captured} leads: {took:.0f} s, {each_ms:.2f} ms a lead")
    recount, shares, outputs = Recount(), Shares(), {topic.name for topic in OUTPUTS}
    for appended in year.sent:
        if appended.sent.topic in outputs:
            recount.note(appended.sent.topic, to_json(appended.sent.event))
        if isinstance(appended.sent.event, RepAssigned):
            shares.note(to_json(appended.sent.event))
    print(recount.totals(admitted(simulation)))
    print(waiting(waited_h(year)))
    for sharing in shares.sharings():
        print(
            f"{sharing.rotation}: nobody further from his share than {sharing.furthest:.2f} leads "
            f"(promised {sharing.bound:.2f}), Gini {sharing.gini:.3f}, "
            f"deviation {sharing.deviation:.1f}"
        )


def waiting(hours: list[float]) -> str:
    """How long leads waited for a rep, in a sentence."""
    some = [each for each in hours if each]
    return (
        f"waited for a rep: {len(hours) - len(some)} of {len(hours)} not at all, half of the "
        f"others {median(some or [0]):.1f} h, longest {hours[-1]:.1f} h"
    )


if __name__ == "__main__":
    main()
