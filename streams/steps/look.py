"""One rep as one decision sees him: the first reason against him, his load and his weight."""

from streams.rows.route import RepRow
from streams.rules import availability
from streams.rules.explanation import Looked
from streams.steps import caps
from streams.steps.shifts import shift
from streams.steps.work import Work

TRIED = "tried"
"""The rep had this lead already and let its clock run out, gave it back, or declined it."""


def look(
    work: Work,
    rep_id: str,
    excluded: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
    *,
    of_account: bool = False,
) -> Looked:
    """A rep outside any rotation, as owner or named backup, with the reason against him.

    `of_account`: as somebody who works the lead's account already.
    """
    on = shift(work, work.policy.rep_calendars[rep_id])
    cap = caps.reached(work, rep_id, kinds)
    why = cap[0] if cap else None
    row = work.rep(rep_id)
    return looked(work, rep_id, row, excluded, why, working=on.working, of_account=of_account)


def looked(
    work: Work,
    rep_id: str,
    row: RepRow,
    excluded: tuple[str, ...],
    cap: str | None,
    *,
    working: bool,
    of_account: bool = False,
) -> Looked:
    """A rep with his row, and what else is known of the instant: a cap reached, his hours."""
    load, limit = work.load(rep_id), work.policy.open_limit(rep_id)
    if of_account:
        reason = availability.worker_passed_over(row, load, limit, work.now, cap)
    else:
        reason = availability.why_not(row, load, limit, work.now, is_open=working, cap=cap)
    shift = availability.on_shift(reason, is_open=working)
    if rep_id in excluded:
        reason, shift = TRIED, False
    return Looked(rep_id, work.weight(rep_id), reason, load, shift)
