"""Watches at each pick whether its rotation keeps promise 5, and tells people when it does not.

The books (virtual time and turns) say what everybody is owed, whoever is picked. So a rule that
picks wrongly is found out by what it does: somebody is owed more than was promised, or is further
ahead. Looked at are the rep who takes the lead and the one whose turn was due first.
"""

from typing import NamedTuple

from msgspec.structs import replace

from streams.rows.rotation import AsideRow, FairnessRow
from streams.rules import deviation
from streams.rules.rotation import TAKEN, Pick, Turn
from streams.steps.board import Board
from streams.steps.search import Choice
from streams.steps.work import About, Work

KIND = "unfair_rotation"
NOTHING_YET = FairnessRow()
BEFORE = ""
"""In place of a rep: turns that were given before the policy in force."""


def watch(work: Work, choice: Choice) -> None:
    """Looks at a pick before it is written.

    A break is told of once; it is over when everybody is within half the limit. Turns given or
    taken widen the limit for as long as they show in the books.
    """
    board, pick, key = choice.board, choice.pick, choice.rotation
    if board is None or pick is None:
        return
    row = work.tables.fairness.get(key) or NOTHING_YET
    first, ahead = board.due_first(pick.time_before), _ahead(pick)
    aside = row.aside
    if pick.tie_break == TAKEN and first != pick.chosen:
        aside = _with(aside, pick.chosen.rep_id, -_cost(pick))
    elif aside:
        aside = _worked_off(aside, pick.chosen.rep_id, -ahead)
    dearest = work.policy.dearest(board.question.team)
    most = max(row.limit, deviation.changing(len(board.looked), dearest))
    changed = row.changed or not _stands_still(work, key, board, pick)
    limit = most if changed else deviation.steady(dearest)
    far = _furthest(pick.chosen, ahead, first, pick.time_before)
    promised = board.keeps_place or not changed
    over = promised and far.hundredths > limit + _widened(aside)
    if over and not row.told:
        _tell(work, key, far, limit)
    told = over or row.told
    if not over and (told or _is_old(aside)) and _is_settled(board, pick.time_before, limit):
        told, aside = False, _without_old(aside)
    work.tables.fairness.put(key, FairnessRow(most, changed or over, aside, told))


def set_aside(work: Work, key: str, rep_id: str, leads: int) -> None:
    """Notes turns that a rep was given, or (under 0) that were taken: they are no unfairness."""
    row = work.tables.fairness.get(key) or NOTHING_YET
    aside = _with(row.aside, rep_id, leads)
    work.tables.fairness.put(key, replace(row, changed=True, aside=aside))


def follow(work: Work) -> None:
    """Another policy version: members and weights may be others, and some rotations gone.

    Turns given before it are not worked off by those who gave them: they widen the limit until all
    are within half of it.
    """
    for key, row in [*work.tables.fairness.items()]:
        if key not in work.policy.rotations:
            work.tables.fairness.delete(key)
            continue
        leads = sum(abs(each.leads) for each in row.aside)
        aside = _with((), BEFORE, leads)
        work.tables.fairness.put(key, replace(row, changed=True, aside=aside))


def _stands_still(work: Work, key: str, board: Board, pick: Pick) -> bool:
    """Whether all members could take the lead, with the weights of the lead before."""
    before = work.tables.rotations.get(key)
    same = before is None or before.sharing == pick.rotation.sharing
    return same and board.everybody


def _is_settled(board: Board, time: int, limit: int) -> bool:
    """A look at everybody, those who are away too: only the end of a break is worth it."""
    return all(abs(deviation.owed(*each)) * 2 <= limit for each in board.standings(time))


class _Far(NamedTuple):
    """A rep's distance from the share due."""

    rep_id: str
    side: str
    hundredths: int


def _furthest(chosen: Turn, ahead: int, first: Turn | None, time: int) -> _Far:
    """Whoever of the two is further from the share."""
    owed = 0 if first is None else deviation.owed(first.start, first.deadline, time)
    if first is not None and owed > ahead:
        return _Far(first.rep_id, "behind", owed)
    return _Far(chosen.rep_id, "ahead of", ahead)


def _ahead(pick: Pick) -> int:
    """How far the rep is ahead who has taken the lead; under 0: still owed so much."""
    start, span = pick.turn_after.start, pick.chosen.deadline - pick.chosen.start
    return -deviation.owed(start, start + span, pick.rotation.virtual_time)


def _cost(pick: Pick) -> int:
    """Points that the lead cost."""
    span = pick.chosen.deadline - pick.chosen.start
    return (pick.turn_after.start - pick.chosen.start) // span


def _tell(work: Work, key: str, far: _Far, limit: int) -> None:
    team = key.partition("/")[0]
    found = deviation.text(far.hundredths)
    work.alert(
        KIND,
        severity="critical",
        subject=key,
        value=found,
        limit=deviation.text(limit),
        detail=f"{far.rep_id} is {found} leads {far.side} the share due: more than was promised; "
        "`leadstream fairness` says who got what and `leadstream explain` why",
        about=About(work.policy.desks[team], team),
    )


def _widened(aside: tuple[AsideRow, ...]) -> int:
    return deviation.HUNDREDTHS * sum(abs(each.leads) for each in aside)


def _worked_off(aside: tuple[AsideRow, ...], rep_id: str, owed: int) -> tuple[AsideRow, ...]:
    """Without the turns given to a rep, or taken, that show no more in what the books owe him."""
    for each in aside:
        if each.rep_id == rep_id:
            return _with(aside, rep_id, deviation.remaining(each.leads, owed) - each.leads)
    return aside


def _is_old(aside: tuple[AsideRow, ...]) -> bool:
    return bool(aside) and aside[0].rep_id == BEFORE


def _without_old(aside: tuple[AsideRow, ...]) -> tuple[AsideRow, ...]:
    return aside[1:] if _is_old(aside) else aside


def _with(aside: tuple[AsideRow, ...], rep_id: str, leads: int) -> tuple[AsideRow, ...]:
    balances = {each.rep_id: each.leads for each in aside}
    balances[rep_id] = balances.get(rep_id, 0) + leads
    return tuple(AsideRow(rep, balance) for rep, balance in sorted(balances.items()) if balance)
