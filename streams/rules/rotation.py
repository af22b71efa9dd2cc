"""Fair rotation: deadline scheduling in virtual time (design, section 5; RR-01 to RR-03, WGT-01).

Virtual time runs at one over the sum of the weights that share a lead. A rep's turn starts where
the last one ended and is due one over the rep's weight later; among the eligible whose turn has
begun the earliest deadline takes the lead. Whole numbers only: `LEAD` units are one lead at
weight 1, every division rounds down.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from heapq import nsmallest
from typing import NamedTuple

from streams.rows.rotation import LEAD, PRESENT, Moved, RotationRow, TurnRow, span

TAKEN = "accepted first"
"""What decided it where somebody took the lead whose turn it need not have been."""
_LATEST = chr(0x10FFFF)
"""Behind every rep id."""


class Member(NamedTuple):
    """A member of the rotation as one lead sees it."""

    rep_id: str
    weight: int
    """1 to 1 000."""
    eligible: bool
    accrues: bool
    """Whether this lead's share counts for the rep: if eligible; under `catch_up` if absent too."""


class Turn(NamedTuple):
    """A rep's turn, in virtual time."""

    rep_id: str
    start: int
    deadline: int


class Pick(NamedTuple):
    """Who takes the lead, and the rotation before and after."""

    chosen: Turn
    tie_break: str
    time_before: int
    rotation: RotationRow
    turn_after: TurnRow


class Line:
    """The members as the next lead finds them, the turns of the eligible in order.

    Holds nothing that the rotation's rows and the members do not say; it is kept between leads so
    that a pick reads its answer off instead of looking at everybody.
    """

    def __init__(self, moved: tuple[Moved, ...] = ()) -> None:
        """Nobody is in it yet. `moved`: the rotation's, which the line goes by."""
        self.moved = moved
        self.turns: dict[str, Turn] = {}
        """The turns of the eligible."""
        self.sharing = 0
        """Sum of the weights of those whose share accrues."""
        self._entries = {entry.rep_id: entry for entry in moved}
        self._members: dict[str, Member] = {}
        self._absent: dict[str, int] = {}
        self._time = -1
        self._begun: list[tuple[int, str]] = []
        self._coming: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[Turn]:
        """Every eligible member's turn, in no order."""
        return iter(self.turns.values())

    def put(self, member: Member, row: TurnRow | None) -> None:
        """A member as he is now, in place of what was known of him; `row` is his turn's."""
        self._take_out(member.rep_id)
        self._members[member.rep_id] = member
        entry = self._entries.get(member.rep_id)
        start = entry.start if entry else row.start if row else 0
        if member.accrues:
            self.sharing += member.weight
        else:
            self._absent[member.rep_id] = start
        if member.eligible:
            self._queue(member.rep_id, start)

    def weight(self, rep_id: str) -> int:
        """A member's weight. Raises `KeyError` for a stranger."""
        return self._members[rep_id].weight

    def begun(self, time: int) -> list[tuple[int, str]]:
        """Deadline and rep of each turn that has begun at a virtual time, in ascending order."""
        if time < self._time:
            self._begun, self._coming = [], sorted((turn.start, turn.rep_id) for turn in self)
        self._time = time
        count = bisect_right(self._coming, (time, _LATEST))
        for _, rep_id in self._coming[:count]:
            insort(self._begun, (self.turns[rep_id].deadline, rep_id))
        del self._coming[:count]
        return self._begun

    def standings(self, time: int) -> Iterator[tuple[int, int, int]]:
        """Start and deadline of each turn, and the virtual time up to which a share accrued.

        Of the eligible at a virtual time, and of those who were away when the last lead came.
        """
        for turn in self:
            yield turn.start, turn.deadline, time
        for rep_id in self._absent:
            entry = self._entries[rep_id]
            yield entry.start, entry.start + span(self.weight(rep_id)), entry.away_since

    def back(self) -> list[Moved]:
        """The eligible who were away when the last lead came."""
        if not self.moved:
            return []
        return [
            entry
            for entry in self.moved
            if entry.away_since != PRESENT and entry.rep_id in self.turns
        ]

    def settle(self, back: list[Moved], left: int, time: int, *, fresh: bool) -> None:
        """Lets those who are back go on from where they were, and notes who is away from now.

        Who leaves with this lead was there until `left`: of what is cleared at `time` for those
        who come back he gets no part.
        """
        for entry in back:
            start = time if fresh else entry.start + time - entry.away_since
            self._unqueue(entry.rep_id)
            self._queue(entry.rep_id, start)
            self._entries[entry.rep_id] = Moved(entry.rep_id, start, PRESENT)
        gone = [rep_id for rep_id in self._absent if not self._is_away(rep_id)]
        for rep_id in gone:
            self._entries[rep_id] = Moved(rep_id, self._absent[rep_id], left)
        if back or gone:
            self._write()

    def served(self, rep_id: str) -> None:
        """A member takes the lead: his turn is in its own row again."""
        if self._entries.pop(rep_id, None) is not None:
            self._write()

    def _is_away(self, rep_id: str) -> bool:
        entry = self._entries.get(rep_id)
        return entry is not None and entry.away_since != PRESENT

    def _write(self) -> None:
        self.moved = tuple(self._entries[rep_id] for rep_id in sorted(self._entries))

    def _queue(self, rep_id: str, start: int) -> None:
        turn = Turn(rep_id, start, start + span(self.weight(rep_id)))
        self.turns[rep_id] = turn
        if start <= self._time:
            insort(self._begun, (turn.deadline, rep_id))
        else:
            insort(self._coming, (start, rep_id))

    def _unqueue(self, rep_id: str) -> None:
        turn = self.turns.pop(rep_id)
        if turn.start <= self._time:
            del self._begun[bisect_left(self._begun, (turn.deadline, rep_id))]
        else:
            del self._coming[bisect_left(self._coming, (turn.start, rep_id))]

    def _take_out(self, rep_id: str) -> None:
        before = self._members.pop(rep_id, None)
        if before is None:
            return
        if before.accrues:
            self.sharing -= before.weight
        self._absent.pop(rep_id, None)
        if before.eligible:
            # The weight is asked for no more: the turn knows its own deadline.
            self._unqueue(rep_id)


def pick(
    rotation: RotationRow, line: Line, *, fresh: bool = False, taker: str = "", points: int = 1
) -> Pick:
    """Who takes a lead that at least one member is eligible for; it costs so many points (WGT-04).

    `fresh` clears the lag of those who come back. The line follows: it goes by the rotation after
    the pick. A `taker` was first to accept it, whose turn ever it is. Raises `ValueError` if nobody
    is eligible, and `KeyError` if the taker is not: the caller has to look for that first.
    """
    back = line.back()
    time = rotation.virtual_time + (_cleared(line, back) if fresh else 0)
    line.settle(back, rotation.virtual_time, time, fresh=fresh)
    chosen, tie_break = (line.turns[taker], TAKEN) if taker else _next(line, time, points)
    line.served(chosen.rep_id)
    after = RotationRow(time + points * span(line.sharing), line.sharing, line.moved)
    turn = TurnRow(due(chosen, points), line.weight(chosen.rep_id))
    return Pick(chosen, tie_break, time, after, turn)


def due(turn: Turn, points: int) -> int:
    """The deadline of a turn in which the rep gets so many points; of one point its own."""
    return turn.start + points * (turn.deadline - turn.start)


def _next(line: Line, time: int, points: int) -> tuple[Turn, str]:
    return earliest(line, time) if points == 1 else earliest_for(line, time, points)


def earliest_for(line: Line, time: int, points: int) -> tuple[Turn, str]:
    """As `earliest`, for a lead that costs several points: each turn is due that much later.

    By the deadline of a single point heavy reps would be served too early: of leads of 1 to 4
    points somebody was 13 away from the share due, and not under 4 (decision 0033).
    """
    begun = line.begun(time)
    if len(line.turns) == 1 or not begun:
        return earliest(line, time)
    ranked = nsmallest(2, ((due(line.turns[rep_id], points), rep_id) for _, rep_id in begun))
    tied = len(ranked) > 1 and ranked[1][0] == ranked[0][0]
    return line.turns[ranked[0][1]], "rep id" if tied else "earliest deadline"


def earliest(line: Line, time: int) -> tuple[Turn, str]:
    """The turn that is served, and what decided it.

    If nobody's turn has begun (those who are owed a lead are away) the lead goes to who is ahead
    by the smallest part of a lead: somebody works, and virtual time grants nobody a share for it.
    Not to the earliest start: that is always the heaviest rep's, and whoever chooses the absences
    could push such a rep ahead without end.
    """
    begun = line.begun(time)
    if len(line.turns) == 1:
        return next(iter(line)), "only one eligible"
    if not begun:
        return min(line, key=lambda turn: (ahead(turn, time), turn.rep_id)), "least ahead"
    deadline, rep_id = begun[0]
    tied = len(begun) > 1 and begun[1][0] == deadline
    return line.turns[rep_id], "rep id" if tied else "earliest deadline"


def in_line(line: Line, time: int, most: int, points: int = 1) -> list[str]:
    """The first so many of those who could take a lead, by who comes next at a virtual time."""
    turns = line.begun(time)
    if points != 1:
        turns = nsmallest(most, ((due(line.turns[rep_id], points), rep_id) for _, rep_id in turns))
    begun = [rep_id for _, rep_id in turns[:most]]
    coming = ((ahead(turn, time), turn.rep_id) for turn in line if turn.start > time)
    return [*begun, *(rep_id for _, rep_id in nsmallest(most - len(begun), coming))]


def ahead(turn: Turn, time: int) -> int:
    """How far a rep is ahead of the share, in units of 2^-40 lead; not under 0."""
    return max(turn.start - time, 0) * LEAD // (turn.deadline - turn.start)


def _cleared(line: Line, back: list[Moved]) -> int:
    """How far virtual time moves because lags are cleared: the others share what was owed."""
    owed = sum((entry.away_since - entry.start) * line.weight(entry.rep_id) for entry in back)
    weights: Mapping[str, int] = {turn.rep_id: line.weight(turn.rep_id) for turn in line}
    sharing = sum(weights.values()) - sum(weights[entry.rep_id] for entry in back)
    return owed // sharing if sharing else 0
