"""A rotation's board: who could take a lead now, kept from lead to lead.

It holds only what rows, policy and the instant say. So nothing of it is stored, a rollback needs no
undoing, and it may be made anew at any time; between leads it looks again only at those for whom
something has changed.
"""

from collections.abc import Iterable
from itertools import chain, islice
from typing import NamedTuple

from schemas.outputs import Candidate
from streams.policy.compiled import ON_CALL, Policy
from streams.rows.rotation import RotationRow
from streams.rows.route import RepRow
from streams.rules import availability, rotation
from streams.rules.explanation import FULL, Looked, candidate, turn_text
from streams.rules.rotation import Line, Member, Pick, Turn
from streams.steps import caps
from streams.steps.duty import duty
from streams.steps.look import looked
from streams.steps.shifts import FOR_EVER, shift
from streams.steps.work import Work

NOT_ON_CALL = "not_on_call"
"""It is somebody else's turn to be on call."""
NOTHING_MISSED = frozenset({"left", "not_started", NOT_ON_CALL})
"""No absences: whoever had no share to take has none to catch up with."""
OFFERED = "offered"
"""The rep did not answer when he was offered this lead."""
FEW = 8
"""To look through so many changes that concern others is cheaper than to look at all anew."""
NEW = -1
"""Mark of a reader who has seen no change of a table yet."""


class Question(NamedTuple):
    """What a board answers: who of a rotation could take a lead."""

    team: str
    rotation: str
    rep_ids: tuple[str, ...]
    outside: bool = False
    """Whether hours do not count: on-call, or nobody is on shift (decision 33)."""
    excluded: tuple[str, ...] = ()
    """Reps who do not get this lead again."""
    offered: tuple[str, ...] = ()
    """Reps behind whom somebody else is looked for first."""
    here: str = ""
    """A rep whose hours do not count: he has just answered."""
    kinds: tuple[str, ...] = ()
    """Caps by kind of lead that hold for it, by name."""

    @property
    def key(self) -> str:
        """The rotation's key."""
        return f"{self.team}/{self.rotation}"


class Board:
    """Everybody of a rotation, each with the reason against him, and the turns of the others."""

    def __init__(self, question: Question, policy: Policy) -> None:
        """Knows nobody yet."""
        self.question, self.policy = question, policy
        self.looked: dict[str, Looked] = {}
        """By rep id, in ascending order."""
        self.on_shift = 0
        """How many are at work, free or not."""
        self._key = question.key
        team = policy.document.teams[question.team]
        self._reasons: dict[str, int] = {}
        self._fresh = team.absence == "fresh"
        self._catch_up = team.absence == "catch_up"
        self._most = len(question.rep_ids) + FEW
        self._turn_keys = {f"{self._key}/{rep_id}": rep_id for rep_id in question.rep_ids}
        self._line = Line()
        self._shown: dict[str, Candidate] = {}
        self._served: tuple[str, ...] = ()
        self._since = self._until = 0
        self._loads = self._reps = self._taken = self._turns = NEW

    @property
    def anybody(self) -> bool:
        """Whether somebody could take a lead."""
        return bool(self._line.turns)

    # -- who is there

    def refresh(self, work: Work) -> None:
        """Brings it up to the instant and the rows of a piece of work."""
        tables = work.tables
        self._loads, loads = tables.loads.changes(self._loads, self._most)
        self._reps, reps = tables.reps.changes(self._reps, self._most)
        self._taken, taken = tables.taken.changes(self._taken, self._most)
        current = self._since <= work.now < self._until
        if not current or loads is None or reps is None or taken is None:
            self._look_at_all(work)
        else:
            counted = (key.partition("/")[0] for key in taken)
            for rep_id in dict.fromkeys(chain(loads, reps, counted)):
                if rep_id in self.looked:
                    self._look_at(work, rep_id)
        self._line_up(work)

    def _look_at_all(self, work: Work) -> None:
        self._since, self._until = work.now, FOR_EVER
        for rep_id in sorted(self.question.rep_ids):
            self._look_at(work, rep_id)

    def _look_at(self, work: Work, rep_id: str) -> None:
        on = shift(work, self.policy.rep_calendars[rep_id])
        row = work.rep(rep_id)
        changes = availability.changes(row, work.now)
        cap = caps.reached(work, rep_id, self.question.kinds)
        full = [cap[1]] if cap else []
        self._until = min([self._until, on.until, *changes, *full])
        if self.question.rotation == ON_CALL:
            self._until = min(self._until, duty(work, self.question.team).end)
        seen = self._seen(work, rep_id, row, cap[0] if cap else None, working=on.working)
        before = self.looked.get(rep_id)
        if seen == before:
            return
        if before is not None:
            self._count(before, -1)
        self._count(seen, 1)
        self.looked[rep_id] = seen
        self._shown.pop(rep_id, None)
        if before is None or (seen.why_not, seen.weight) != (before.why_not, before.weight):
            self._put(work, seen)

    def _seen(
        self, work: Work, rep_id: str, row: RepRow, cap: str | None, *, working: bool
    ) -> Looked:
        seen = looked(work, rep_id, row, self.question.excluded, cap, working=working)
        anyhow = self.question.outside or rep_id == self.question.here
        although = anyhow and seen.why_not == availability.OUTSIDE_HOURS
        why_not = None if although else seen.why_not
        if why_not is None and not self._is_on_duty(work, rep_id):
            why_not = NOT_ON_CALL
        if why_not is None and rep_id in self.question.offered:
            why_not = OFFERED
        return Looked(rep_id, seen.weight, why_not, seen.load, seen.on_shift, self._key)

    def _is_on_duty(self, work: Work, rep_id: str) -> bool:
        team, name = self.question.team, self.question.rotation
        return name != ON_CALL or rep_id in duty(work, team).reps

    def _count(self, seen: Looked, by: int) -> None:
        self.on_shift += by * seen.on_shift
        if seen.why_not is not None:
            self._reasons[seen.why_not] = self._reasons.get(seen.why_not, 0) + by

    # -- whose turn it is

    def _line_up(self, work: Work) -> None:
        """Follows the rotation's rows; whoever else wrote them, the line is made of them again."""
        row = work.tables.rotations.get(self._key) or RotationRow()
        self._turns, turns = work.tables.turns.changes(self._turns, self._most)
        if row.moved != self._line.moved or turns is None:
            self._line = Line(row.moved)
            self._shown.clear()
            for seen in self.looked.values():
                self._put(work, seen)
            return
        written = filter(None, map(self._turn_keys.get, turns))
        for rep_id in dict.fromkeys(chain(self._served, written)):
            self._shown.pop(rep_id, None)
            self._put(work, self.looked[rep_id])

    def _put(self, work: Work, seen: Looked) -> None:
        able = seen.why_not is None
        accrues = able or (self._catch_up and seen.why_not not in NOTHING_MISSED)
        turn = work.tables.turns.get(f"{self._key}/{seen.rep_id}")
        self._line.put(Member(seen.rep_id, seen.weight, able, accrues), turn)

    def pick(self, work: Work, taker: str = "", *, points: int = 1) -> Pick:
        """Who takes a lead of so many points, or that the taker does. Raises as `rotation.pick`."""
        row = work.tables.rotations.get(self._key) or RotationRow()
        pick = rotation.pick(row, self._line, fresh=self._fresh, taker=taker, points=points)
        # His next turn may be what his row said all along, given back in the rotation's own row
        # meanwhile: then nothing is written that would tell.
        self._served = (pick.chosen.rep_id,)
        if pick.rotation.moved != row.moved:
            self._shown.clear()
        return pick

    # -- what is told of it

    @property
    def everybody(self) -> bool:
        """Whether all members could take a lead."""
        return len(self._line.turns) == len(self.looked)

    @property
    def keeps_place(self) -> bool:
        """Whether who comes back is owed what was owed before, no more and no less."""
        return not self._fresh and not self._catch_up

    def standings(self, time: int) -> Iterable[tuple[int, int, int]]:
        """Everybody's turn, start and deadline, and the virtual time up to which he had a share."""
        return self._line.standings(time)

    def due_first(self, time: int) -> Turn | None:
        """Whose turn is due first at a virtual time; None where nobody's has begun."""
        begun = self._line.begun(time)
        return self._line.turns[begun[0][1]] if begun else None

    def candidates(self, time: int, points: int = 1) -> list[Candidate]:
        """Up to fifty reps whom the record lists in full: the choice is derived from them.

        All by rep id; of more than fifty the eligible first, by who comes next at a virtual time.
        """
        reps: Iterable[str] = self.looked
        if len(self.looked) > FULL:
            able = self.in_line(time, FULL, points)
            others = (rep_id for rep_id in self.looked if rep_id not in self._line.turns)
            reps = (*able, *islice(others, FULL - len(able)))
        shown = self._shown
        return [shown.get(rep_id) or self._candidate(rep_id) for rep_id in reps]

    def in_line(self, time: int, most: int, points: int = 1) -> list[str]:
        """The first so many of those who could take it, by who comes next at a virtual time."""
        return rotation.in_line(self._line, time, most, points)

    def _candidate(self, rep_id: str) -> Candidate:
        """A rep as the record shows him: with his turn where he could take the lead."""
        turn = self._line.turns.get(rep_id)
        text = turn_text(turn.start, turn.deadline) if turn else None
        shown = self._shown[rep_id] = candidate(self.looked[rep_id], text)
        return shown

    def by_reason(self) -> dict[str, int]:
        """How many there are for each reason; `eligible` counts those who could take it."""
        passed = {reason: count for reason, count in self._reasons.items() if count}
        return passed | {"eligible": len(self._line.turns)}


def board_for(work: Work, question: Question) -> Board:
    """The board that answers, as things stand now.

    One for a lead that some have had already is made for that lead alone.
    """
    some = {*question.excluded, *question.offered, question.here} - {""}
    if some and not some.isdisjoint(question.rep_ids):
        board = Board(question, work.policy)
    else:
        board = _kept(work, question)
    board.refresh(work)
    return board


def _kept(work: Work, question: Question) -> Board:
    name = (question.key, question.outside, question.kinds)
    board: Board | None = work.tables.derived.get(name)
    if board is None or board.policy is not work.policy:
        general = question._replace(excluded=(), offered=(), here="")
        board = work.tables.derived[name] = Board(general, work.policy)
    return board
