"""Shares under each absence policy, added up as fractions, beside the rotation at work."""

from collections.abc import Collection, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from streams.rows.rotation import LEAD, PRESENT
from tests.streams.rules.test_rotation import Bench, chance_of, names

Bursts = list[tuple[frozenset[int], int]]
"""Who is away, by place, and for how many leads."""
Story = tuple[list[int], Bursts]
"""Weights, and what happens."""
STORIES: st.SearchStrategy[Story] = st.tuples(
    st.lists(st.integers(1, 1000), min_size=2, max_size=8),
    st.lists(
        st.tuples(st.frozensets(st.integers(0, 7), max_size=7), st.integers(1, 8)),
        min_size=1,
        max_size=12,
    ),
)


class Books(Bench):
    """What everybody is due under an absence policy, beside the rotation at work.

    keep_place: a share of each lead for those who are there. catch_up: for all, there or not.
    fresh: as keep_place, and who comes back is due what he has taken; what he was owed (or, under
    0, was ahead) goes to those who stayed, by weight. Where nobody stayed it is nobody's.
    """

    def __init__(self, weights: Sequence[int], absence: str, promised: str = "") -> None:
        """`promised`: the policy by which shares are added up, where it is another one."""
        super().__init__(dict(zip(names(len(weights)), weights, strict=True)), absence)
        self.promised = promised or absence
        self.away: set[str] = set()
        self.chosen, self.start, self.time = "", 0, 0
        """Of the last lead: who took it, where his turn started, and the time before it."""

    def one(self, there: set[str]) -> "Books":
        """One lead."""
        back = there & self.away
        if self.promised == "fresh":
            owed = sum(self.due[rep] - self.taken[rep] for rep in back)
            for rep in back:
                self.due[rep] = Fraction(self.taken[rep])
            self._share(owed, there - back)
        before = dict(self.due)
        pick = self.lead(there)
        self.chosen, self.start, self.time = pick.chosen.rep_id, pick.chosen.start, pick.time_before
        self.due = before
        self._share(Fraction(1), self.weights if self.promised == "catch_up" else there)
        self.away = set(self.weights) - there
        return self

    def _share(self, leads: Fraction | int, reps: Collection[str]) -> None:
        whole = sum(self.weights[rep] for rep in reps)
        for rep in reps:
            self.due[rep] += Fraction(leads) * self.weights[rep] / whole

    def run(self, bursts: Bursts) -> "Books":
        """So many leads for each burst; where all would be away the first is there."""
        for away, leads in bursts:
            for _ in range(leads):
                self.one(self.all_but(away))
        return self

    def all_but(self, away: Collection[int]) -> set[str]:
        """Those who are there."""
        there = {rep for place, rep in enumerate(self.weights) if place not in away}
        return there or {names(1)[0]}

    def owed(self, rep: str) -> Fraction:
        """By the shares; under 0: ahead."""
        return self.due[rep] - self.taken[rep]

    def furthest(self) -> Fraction:
        """How far anybody is from what is due."""
        return max(self.distance(rep) for rep in self.weights)

    def starts(self) -> dict[str, int]:
        """Everybody's place in the rotation: where his turn starts."""
        entries = {entry.rep_id: entry.start for entry in self.row.moved}
        own = {rep: self.turns[rep].start if rep in self.turns else 0 for rep in self.weights}
        return own | entries

    def recorded(self, rep: str) -> Fraction:
        """What the rotation's own rows owe a rep."""
        entry = next((each for each in self.row.moved if each.rep_id == rep), None)
        here = entry is None or entry.away_since == PRESENT
        until = self.row.virtual_time if entry is None or here else entry.away_since
        return Fraction((until - self.starts()[rep]) * self.weights[rep], LEAD)


CHANCES = tuple(range(20))
"""Seeds of the stories that the twins look through."""


def story_of(seed: int) -> Story:
    """A story by chance."""
    chance = chance_of(seed)
    weights = [chance.choice((1, 10, 100, 1000)) for _ in range(chance.randint(3, 8))]
    away = [frozenset(chance.sample(range(8), chance.randint(0, 6))) for _ in range(12)]
    return weights, [(each, chance.randint(1, 8)) for each in away]
