"""What each rep was due and what he took, by rotation and period, from the decisions' records.

The share of a lead is divided among those who could have taken it, by weight: what virtual time
advanced, in turns of the rep. So a rep is due nothing for what he could not have taken.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from agents.explain.turns import Turn, turn_of
from agents.fairness.distance import distance
from agents.fairness.measures import gini, standard_deviation
from schemas.record import EPOCH, parse_time

PERIODS: Mapping[str, Callable[[datetime], str]] = {
    "all": lambda moment: "",  # noqa: ARG005 - every moment is of the same period
    "day": lambda moment: f"{moment:%Y-%m-%d}",
    "week": lambda moment: "{}-W{:02}".format(*moment.isocalendar()),
    "month": lambda moment: f"{moment:%Y-%m}",
}
"""Name of the period that a moment (UTC) belongs to."""


@dataclass(slots=True)
class Share:
    """One rep in one rotation and period. Leads, or points where the rotation shares those."""

    due: Fraction = Fraction(0)
    taken: int = 0
    furthest: Fraction = Fraction(0)
    """The most that the rotation ever owed the rep, or the rep was ahead: by its books, in which
    turns given back and charges for a backup stand too."""


class Sharing(NamedTuple):
    """One rotation in one period."""

    rotation: str
    period: str
    shares: Mapping[str, Share]
    """By rep id, in ascending order."""
    dearest: int = 1
    """Points of the dearest lead; 1 where leads are counted."""

    @property
    def furthest(self) -> float:
        """The largest distance of anybody from the share due, in leads (promise 5)."""
        return float(max(share.furthest for share in self.shares.values()))

    @property
    def bound(self) -> float:
        """The distance that promise 5 allows: in leads, or in points as large as the dearest."""
        return self.dearest * (1 + math.log(len(self.shares)))

    @property
    def gini(self) -> float:
        """Of what was taken for each lead due: 0 is fair (FAIR-02)."""
        return gini([share.taken / share.due for share in self.shares.values() if share.due])

    @property
    def deviation(self) -> float:
        """Standard deviation of leads a rep (FAIR-03)."""
        return standard_deviation([Fraction(share.taken) for share in self.shares.values()])


@dataclass(slots=True)
class Shares:
    """Collects decisions, one by one in the order in which they were made."""

    period: str = "all"
    """A name of `PERIODS`."""
    _found: dict[tuple[str, str], dict[str, Share]] = field(default_factory=dict)
    _most: dict[tuple[str, str], int] = field(default_factory=dict)
    """Points of the dearest lead."""

    def note(self, assignment: Mapping[str, Any]) -> None:
        """Takes the JSON content of one `assignments.rep` event; no rotation is no share."""
        record = assignment["explanation"]
        rotation = record.get("rotation")
        if not rotation:
            return
        moment = EPOCH + timedelta(milliseconds=parse_time(assignment["at"]))
        period = PERIODS[self.period](moment.astimezone(UTC))
        shares = self._found.setdefault((period, rotation), {})
        before, after = (int(record[f"virtual_time_{when}"]) for when in ("before", "after"))
        points = record.get("points") or 1
        self._most[period, rotation] = max(points, self._most.get((period, rotation), 1))
        for turn in _turns(record["candidates"], rotation):
            chosen = turn.rep_id == assignment["rep_id"]
            share = shares.setdefault(turn.rep_id, Share())
            share.due += Fraction(after - before, turn.span)
            share.taken += chosen * points
            away = distance(turn, before, after, chosen * points)
            share.furthest = max(share.furthest, away)

    def sharings(self) -> Iterable[Sharing]:
        """By period, then rotation."""
        for (period, rotation), shares in sorted(self._found.items()):
            most = self._most[period, rotation]
            yield Sharing(rotation, period, dict(sorted(shares.items())), most)


def _turns(candidates: Iterable[Mapping[str, Any]], rotation: str) -> list[Turn]:
    found = (turn_of(each) for each in candidates if each.get("rotation") == rotation)
    return [turn for turn in found if turn is not None]
