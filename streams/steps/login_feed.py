"""Says where no log-in feed exists: there nobody is skipped for not logging in (AVL-05)."""

from streams.policy.compiled import Policy
from streams.policy.quantities import DAY_MS, duration_text
from streams.rows.route import RouteTables
from streams.stage import Outgoing
from streams.steps.work import Work, timer_work
from streams.tables import Timer

KIND = "login_feed"
"""Of the timers; subject: the team."""
AGAIN = 7 * DAY_MS
"""It is told no more often."""


def watch(work: Work, desk: str) -> None:
    """Looks at each team of a desk after the time in which its reps should have logged in.

    From the desk's first lead on: a new policy is told to every partition, and those without the
    desk must keep quiet.
    """
    document = work.policy.document
    for name in document.desks[desk].teams:
        team = document.teams[name]
        running = work.tables.timers.get(f"{KIND}:{name}")
        if team.login_within is not None and running is None:
            work.set_timer(KIND, name, work.now + team.login_within)


def login_feed(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a team: tells of reps whose log-ins nobody reports, who are never skipped for it."""
    work, name = timer_work(tables, timer, policy, now), timer.subject
    team = policy.document.teams.get(name)
    if team is None or team.login_within is None:
        return work.out
    here = [rep_id for rep_id in policy.reps_of_team(name) if not work.row(rep_id).left]
    unseen = [rep_id for rep_id in here if work.row(rep_id).logged_in_at is None]
    if unseen:
        within = duration_text(team.login_within)
        work.alert(
            "no_login_feed",
            severity="info",
            subject=name,
            value=f"{len(unseen)} of {len(here)} reps",
            limit=within,
            detail=f"nobody reports log-ins of {', '.join(unseen[:5])}"
            f"{' and others' if unseen[5:] else ''}: they are not skipped for it; send "
            "rep.changed with logged_in_at, or switch login_within off",
        )
    work.set_timer(KIND, name, now + AGAIN)
    return work.out
