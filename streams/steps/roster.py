"""Who of a rotation takes a lead, in working hours and outside them (decision 33)."""

from typing import NamedTuple

from streams.policy.compiled import ON_CALL
from streams.rules.hours import Calendar
from streams.rules.rotation import Pick
from streams.steps.board import Board, Question, board_for
from streams.steps.work import Work


class Found(NamedTuple):
    """Who was asked, and who takes the lead."""

    boards: tuple[Board, ...]
    """In the order in which they were asked; the last one decided."""
    pick: Pick | None = None
    outside: bool = False
    """Nobody is on shift: the reps' clocks start with their shifts, on-call excepted."""

    @property
    def board(self) -> Board:
        """The one that decided."""
        return self.boards[-1]


def find(work: Work, question: Question, points: int) -> Found:
    """Who takes a lead of so many points in a rotation; `pick` is None where nobody is eligible."""
    rules = work.policy.document.teams[question.team]
    board = board_for(work, question)
    if board.anybody:
        return Found((board,), board.pick(work, points=points))
    if rules.outside_hours == "hold" or board.on_shift:
        return Found((board,))
    reps = work.policy.rotations[f"{question.team}/{ON_CALL}"]
    on_call = question._replace(rotation=ON_CALL, rep_ids=reps, outside=True)
    return _outside_hours(work, board, points, on_call, question._replace(outside=True))


def _outside_hours(work: Work, day: Board, points: int, *questions: Question) -> Found:
    """On-call first, then the rotation by everything but hours (decision 33)."""
    asked = [day]
    for question in questions:
        asked.append(board_for(work, question))
        if asked[-1].anybody:
            outside = question.rotation != ON_CALL
            return Found(tuple(asked), asked[-1].pick(work, points=points), outside=outside)
    return Found(tuple(asked))


def calendar_of(work: Work, rep_id: str, team: str) -> Calendar:
    """The rep's calendar; the team's for a rep whom the policy does not know."""
    return work.policy.rep_calendars.get(rep_id) or work.policy.team_calendar(team)
