"""Our rotation beside the rules of five other systems, on the same leads and absences.

Run with `python -m tests.bench.rotations`; `--picture FILE` draws the chart as well. Drawing wants
matplotlib, which is no dependency of the project: `pip install matplotlib` where this runs.

The five are models written from public descriptions of the products, not the products. A rep who
is away is left out of the list that a rule sees. A rule without weights is given none.
"""

import argparse
import importlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from streams.rows.rotation import RotationRow, TurnRow
from streams.rules.rotation import Line, Member, pick
from tests import markdown, picture_option
from tests.picture_text import FIGURES

SEED = 20_261_126
LEADS = 5_000
LONGEST_BURST = 20
EQUAL = (2,) * 12
WEIGHTS = (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4)

Present = Sequence[int]
"""The reps who are free, by place in the list, ascending; never empty."""


class Rule(Protocol):
    """A system's rotation, with what it remembers."""

    def next(self, present: Present) -> int:
        """Who takes the next lead."""


class Leadstream:
    """The product's own code (streams/rules/rotation.py), absence `keep_place`."""

    def __init__(self, weights: Sequence[int]) -> None:
        """`weights` by place in the list."""
        self.weights = weights
        self.row = RotationRow()
        self.turns: dict[str, TurnRow] = {}

    def next(self, present: Present) -> int:
        """The earliest deadline among the turns that have begun."""
        line = Line(self.row.moved)
        there = set(present)
        for rep, weight in enumerate(self.weights):
            name = f"{rep:03d}"
            member = Member(name, weight, eligible=rep in there, accrues=rep in there)
            line.put(member, self.turns.get(name))
        taken = pick(self.row, line)
        self.row, self.turns[taken.chosen.rep_id] = taken.rotation, taken.turn_after
        return int(taken.chosen.rep_id)


class CalCom:
    """Largest shortfall from the target; absentees are credited what the others took meanwhile.

    Ties: largest weight, least recently booked, place in the list. One interval, never reset.
    """

    def __init__(self, weights: Sequence[int]) -> None:
        """`weights` by place in the list."""
        self.weights = weights
        self.counted = [0.0] * len(weights)
        self.booked = [-1] * len(weights)
        self.time = 0

    def next(self, present: Present) -> int:
        """Whose bookings and credit are furthest under the share of everybody's."""
        whole, shares = sum(self.counted), sum(self.weights)

        def rank(rep: int) -> tuple[float, int, int]:
            short = whole * self.weights[rep] / shares - self.counted[rep]
            return -round(short, 9), -self.weights[rep], self.booked[rep]

        chosen = min(present, key=rank)
        for absent in set(range(len(self.weights))) - set(present):
            self.counted[absent] += 1 / (len(self.weights) - 1)
        self.counted[chosen] += 1
        self.booked[chosen] = self.time
        self.time += 1
        return chosen


class Odoo:
    """The draw of stage 1: at random, by weight."""

    def __init__(self, weights: Sequence[int]) -> None:
        """`weights` by place in the list."""
        self.weights = weights
        self.chance = chance_of(SEED)

    def next(self, present: Present) -> int:
        """Anybody, the heavier the likelier."""
        return self.chance.choices(present, [self.weights[rep] for rep in present])[0]


class Chatwoot:
    """Version 1: the list turned by each assignment, so least recently used; no weights."""

    def __init__(self, weights: Sequence[int]) -> None:
        """Of `weights` only their number counts."""
        self.line = list(range(len(weights)))

    def next(self, present: Present) -> int:
        """The allowed member nearest to the old end, who goes to the fresh end."""
        chosen = next(rep for rep in self.line if rep in present)
        self.line.remove(chosen)
        self.line.append(chosen)
        return chosen


class Frappe:
    """The weighted cycle of blocks: 1 to 3 is one to A, then three in a row to B.

    The cursor is the last user; if the list has no such user it starts again at the top.
    """

    def __init__(self, weights: Sequence[int]) -> None:
        """`weights` by place in the list."""
        self.weights = weights
        self.last = -1
        self.taken = 0

    def next(self, present: Present) -> int:
        """The last user until the block is full, then the next in the list."""
        if self.last not in present:
            self.last, self.taken = present[0], 0
        elif self.taken >= self.weights[self.last]:
            after = (present.index(self.last) + 1) % len(present)
            self.last, self.taken = present[after], 0
        self.taken += 1
        return self.last


class ChiliPiper:
    """Lowest level next, ties by place in the list; vacation adjustment on, so absentees catch up.

    The level is what was assigned, by weight.
    """

    def __init__(self, weights: Sequence[int]) -> None:
        """`weights` by place in the list."""
        self.weights = weights
        self.assigned = [0] * len(weights)

    def next(self, present: Present) -> int:
        """The lowest level among those who are there."""
        chosen = min(present, key=lambda rep: (self.assigned[rep] / self.weights[rep], rep))
        self.assigned[chosen] += 1
        return chosen


RULES: dict[str, Callable[[Sequence[int]], Rule]] = {
    "leadstream": Leadstream,
    "cal.com": CalCom,
    "Chatwoot v1": Chatwoot,
    "Odoo": Odoo,
    "Chili Piper": ChiliPiper,
    "Frappe": Frappe,
}


class Workload(NamedTuple):
    """What all rules are given alike."""

    name: str
    weights: Sequence[int]
    free: float
    """How likely a rep is free, drawn anew for each burst of leads."""


WORKLOADS = (
    Workload("weights, all free", WEIGHTS, 1.0),
    Workload("equal weights, 70 % free", EQUAL, 0.7),
    Workload("weights, 70 % free", WEIGHTS, 0.7),
)


class Outcome(NamedTuple):
    """How fair a rule was."""

    worst: float
    """In leads: the furthest anybody was, at any moment, from the share accrued while free."""
    run: int
    """Most leads in a row to one rep."""


def chance_of(seed: int) -> random.Random:
    """Chance that comes out the same every time."""
    return random.Random(seed)  # noqa: S311 - a measurement that can be run again, no secret


def presence(workload: Workload, leads: int = LEADS, seed: int = SEED) -> Iterator[list[int]]:
    """Who is free for each lead: the same for a whole burst of 1 to 20 leads."""
    chance = chance_of(seed)
    reps = range(len(workload.weights))
    left = 0
    there: list[int] = []
    for _ in range(leads):
        if not left:
            left = chance.randint(1, LONGEST_BURST)
            there = [rep for rep in reps if chance.random() < workload.free]
            there = there or [chance.choice(reps)]
        left -= 1
        yield there


def measured(rule: Rule, weights: Sequence[int], leads: Iterator[list[int]]) -> Outcome:
    """Gives a rule the leads one at a time, and keeps the books beside it."""
    lag = [0.0] * len(weights)
    worst, longest, run, last = 0.0, 0, 0, -1
    for there in leads:
        chosen = rule.next(there)
        whole = sum(weights[rep] for rep in there)
        for rep in there:
            lag[rep] += weights[rep] / whole
        lag[chosen] -= 1
        worst = max(worst, *(abs(each) for each in lag))
        run = run + 1 if chosen == last else 1
        longest, last = max(longest, run), chosen
    return Outcome(worst, longest)


def outcomes() -> dict[str, list[Outcome]]:
    """Every rule on every workload."""
    return {
        name: [measured(make(load.weights), load.weights, presence(load)) for load in WORKLOADS]
        for name, make in RULES.items()
    }


def table(results: dict[str, list[Outcome]]) -> str:
    """The table of README: worst deviation in leads / longest run."""
    head = ["rule", *(load.name for load in WORKLOADS)]
    rows = [
        [name, *(f"{each.worst:.2f} / {each.run}" for each in row)] for name, row in results.items()
    ]
    return markdown.table(head, rows)


def draw(results: dict[str, list[Outcome]], path: str) -> None:
    """Writes the chart, with the table that it shows as its text `FIGURES`.

    Raises `ModuleNotFoundError` without matplotlib.
    """
    plot = importlib.import_module("matplotlib.pyplot")
    figure, panels = plot.subplots(1, 2, figsize=(11, 5.5), sharey=True, layout="constrained")
    colours = ("#9db7d5", "#e0a458", "#2f5d8a")
    for panel, field, title in zip(
        panels,
        ("worst", "run"),
        (
            "worst deviation from the accrued share (leads, log scale)",
            "longest run (leads in a row)",
        ),
        strict=True,
    ):
        for place, (load, colour) in enumerate(zip(WORKLOADS, colours, strict=True)):
            values = [getattr(row[place], field) for row in results.values()]
            where = [number + (place - 1) * 0.27 for number in range(len(results))]
            bars = panel.barh(where, values, 0.25, label=load.name, color=colour)
            shown = "%.2f" if field == "worst" else "%d"
            panel.bar_label(bars, fmt=shown, padding=3, fontsize=8)
        panel.set(title=title, yticks=range(len(results)))
        panel.set_yticklabels(results)
        panel.margins(x=0.15)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_xscale("log")
    panels[0].invert_yaxis()
    figure.suptitle(f"Rotation rules on the same {LEADS} leads (less is fairer)")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(WORKLOADS), frameon=False)
    figure.savefig(path, dpi=110, metadata={FIGURES: table(results)})


def main() -> None:
    """Prints the table, and draws it where asked to."""
    parser = argparse.ArgumentParser(description="Rotation rules side by side.")
    asked = picture_option.parsed(parser)
    results = outcomes()
    print(table(results))
    if asked.picture:
        draw(results, asked.picture)


if __name__ == "__main__":
    main()
