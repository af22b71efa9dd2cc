"""What is new about a rep: absences, log-in, leaving (AVL-01 to AVL-07, ACCT-03)."""

from msgspec.structs import replace

from schemas.inner import CommandReceived
from schemas.reps import RepChanged
from streams.policy.compiled import Policy
from streams.rows.route import AwayRow, RepRow, RouteTables
from streams.rules.hours import add_open_time
from streams.stage import Outgoing
from streams.steps import waiting_room
from streams.steps.orphans import move_leads_of
from streams.steps.race import withdraw_from
from streams.steps.suggestion import suggest
from streams.steps.work import Work


def rep_changed(
    tables: RouteTables, event: CommandReceived, change: RepChanged, policy: Policy, now: int
) -> list[Outgoing]:
    """Keeps it; a leaver's leads are routed again; whoever is free now takes who waits."""
    work = Work(tables, policy, now, event.event_id)
    desk = policy.desk_of_rep(change.rep_id)
    if desk is None:
        work.refuse_rep(event)
        return work.out
    before = work.row(change.rep_id)
    after = _changed(work, change, before)
    tables.reps.put(change.rep_id, after)
    if after.left and not before.left:
        move_leads_of(work, change.rep_id, "rep_left")
    if after.preferences != before.preferences:
        suggest(work, change.rep_id, after.preferences)
    withdraw_from(work, change.rep_id)
    waiting_room.drain(work, desk)
    waiting_room.arm(work, desk, anew=True)
    return work.out


def _changed(work: Work, change: RepChanged, before: RepRow) -> RepRow:
    """The row with what the event says; fields that are absent stay as they were."""
    away = before.away
    if change.away is not None:
        spans = [AwayRow(span.begin, span.to, span.kind) for span in change.away]
        away = tuple(sorted(spans, key=lambda span: (span.begin, span.to, span.kind)))
    seen = [each for each in (before.logged_in_at, change.logged_in_at) if each is not None]
    logged_in_at = max(seen, default=None)
    return replace(
        before,
        left=before.left if change.status is None else change.status == "left",
        available=before.available if change.available is None else change.available,
        away=tuple(span for span in away if span.to > work.now),
        logged_in_at=logged_in_at,
        login_until=login_until(work.policy, change.rep_id, logged_in_at),
        preferences=before.preferences if change.preferences is None else change.preferences,
    )


def login_until(policy: Policy, rep_id: str, logged_in_at: int | None) -> int | None:
    """When the rep counts as not logged in: after so much of his own working time (AVL-05).

    None where the policy does not look at it or no log-in feed exists for the rep.
    """
    team = policy.team_of_rep(rep_id)
    within = policy.document.teams[team].login_within if team else None
    if within is None or logged_in_at is None:
        return None
    return add_open_time(policy.rep_calendar(rep_id), logged_in_at, within)


def refresh(work: Work, rep_id: str) -> None:
    """Reckons a rep's log-in anew after the policy changed hours or limits."""
    row = work.tables.reps.get(rep_id)
    if row is not None:
        until = login_until(work.policy, rep_id, row.logged_in_at)
        work.tables.reps.put(rep_id, replace(row, login_until=until))
