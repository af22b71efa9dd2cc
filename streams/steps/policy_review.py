"""Reminds sales operations that the rules want a review: monthly or quarterly (CFG-01).

Each desk is reminded on its own: only the partition that has a desk knows of it, from its first
lead on. A version that comes into force begins the interval anew, changed or not: to publish the
policy again is how a review is reported.
"""

from streams.policy.compiled import Policy
from streams.policy.quantities import days_text, duration_text
from streams.rows.route import NoticeRow, RouteTables
from streams.stage import Outgoing
from streams.steps.work import About, Work, timer_work
from streams.tables import Timer

KIND = "policy_review"
"""Of the timers; subject: the desk."""


def watch(work: Work, desk: str) -> None:
    """At a new lead of a desk: from now on it is reminded."""
    every = work.policy.document.oversight.review_every
    if every is None or work.tables.timers.get(f"{KIND}:{desk}") is not None:
        return
    since = work.tables.notices.get(_in_force(desk))
    if since is None:
        since = NoticeRow(work.now)
        work.tables.notices.put(_in_force(desk), since)
    work.set_timer(KIND, desk, max(since.at + every, work.now))


def renewed(work: Work, old: Policy | None) -> None:
    """Another version is in force: what was said of the last one is done with."""
    desks, every = work.policy.document.desks, work.policy.document.oversight.review_every
    for desk in desks:
        work.tables.notices.put(_in_force(desk), NoticeRow(work.now))
        if work.tables.timers.get(f"{KIND}:{desk}") is not None and every is not None:
            work.set_timer(KIND, desk, work.now + every)
    for desk in old.document.desks if old else ():
        if desk not in desks:
            work.tables.notices.delete(_in_force(desk))


def review_due(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a desk: reminds, and again after the same interval."""
    work, desk = timer_work(tables, timer, policy, now), timer.subject
    every, since = policy.document.oversight.review_every, tables.notices.get(_in_force(desk))
    if desk not in policy.document.desks or every is None or since is None:
        return work.out
    work.alert(
        KIND,
        severity="info",
        subject=desk,
        value=days_text(now - since.at),
        limit=duration_text(every),
        detail=f"version {policy.version} of the policy {policy.document.name} is in force since "
        f"{days_text(now - since.at)}: review the rules, then publish them, changed or not",
        about=About(desk),
    )
    work.set_timer(KIND, desk, now + every)
    return work.out


def _in_force(desk: str) -> str:
    return f"{KIND}/{desk}"
