"""The waiting room: who waits, in which order, and what wakes them (decision 33)."""

from heapq import heapify, heappop, heappush
from typing import Literal

from streams.policy.compiled import ON_CALL, Policy
from streams.rows.route import DeskRow, PlaceRow, RouteTables
from streams.rules import explanation
from streams.rules.availability import OUTSIDE_HOURS, boundaries
from streams.rules.hours import add_open_time, next_change
from streams.stage import Outgoing
from streams.steps import caps
from streams.steps.choose import choose, manager
from streams.steps.duty import duty
from streams.steps.look import TRIED
from streams.steps.offer import give_or_offer
from streams.steps.search import Choice, Search
from streams.steps.work import Work, at, moved, timer_work
from streams.tables import ASKED, Timer

_LAST = 9
"""Behind every priority in the waiting view's order."""
Head = tuple[int, int, str, str]
"""Priority, arrival, audience, lead id: the order in which the waiting are served."""


def enter(search: Search, lead_id: str, before: PlaceRow | None, place: PlaceRow) -> None:
    """Puts a lead in the waiting room, or keeps its order of arrival there with news about it."""
    work, lead = search.work, search.lead
    here = before is not None and before.arrival > 0
    arrival = before.arrival if here and before else _next_arrival(work, lead.desk)
    after = moved(
        place,
        "waiting",
        before.since if here and before else work.now,
        team=search.team,
        arrival=arrival,
        audience=search.audience(),
        assignment=None,
    )
    if here:
        work.tables.places.put(lead_id, after)
        return
    work.drop_timers(lead_id)
    _set_alert(search, lead_id, after)
    passed_over = explanation.by_reason(search.looked().values())
    reason = "unassigned_territory" if search.without_territory() else "nobody_eligible"
    work.move(lead_id, lead, before, after, reason=reason, counts_by_reason=passed_over)
    if search.manager_left:
        _tell_without_manager(search, lead_id, after)
    arm(work, lead.desk)


def choose_or_manager(search: Search) -> Choice | None:
    """Who takes the lead; the manager where all who could had it: waiting would never end."""
    choice = choose(search)
    if choice is not None:
        return choice
    looked = search.looked().values()
    tried = bool(looked) and all(each.why_not == TRIED for each in looked)
    return manager(search, "everybody_tried") if tried else None


def drain(work: Work, desk: str, *, high_only: bool = False) -> None:
    """Gives waiting leads away for as long as somebody is eligible for one.

    In order of priority, then arrival; `high_only` before a lead with priority that does not
    wait: it comes behind its equals alone. Leads of one audience are eligible for the same reps, so
    one without anybody answers for all behind it: the work is bounded by one decision for each
    lead that leaves and one for each audience (teams x territories x specialties in use), however
    many wait.
    """
    asked = work.tables.derived.get(ASKED)
    if asked is not None:
        _serve_asked(work, desk, asked, high_only=high_only)
        return
    heads = _heads(work, desk)
    heapify(heads)
    while heads:
        priority, _, audience, lead_id = heappop(heads)
        if high_only and priority:
            return
        if not _serve(work, lead_id):
            continue
        following = _head(work, desk, audience)
        if following is not None:
            heappush(heads, following)


def _serve_asked(work: Work, desk: str, lead_ids: tuple[str, ...], *, high_only: bool) -> None:
    """Those alone: what a candidate policy would do for all others was asked when they came."""
    for lead_id in lead_ids:
        place = work.tables.places.get(lead_id)
        if place is None or place.desk != desk or not place.arrival:
            continue
        if place.high or not high_only:
            _serve(work, lead_id)


def _serve(work: Work, lead_id: str) -> bool:
    """Tries to give one waiting lead away."""
    lead, place = work.tables.leads.get(lead_id), work.tables.places.get(lead_id)
    if lead is None or place is None:
        return False
    search = Search(work, lead, place.team, place.excluded)
    choice = choose_or_manager(search)
    if choice is not None:
        give_or_offer(search, lead_id, place, place, choice)
    return choice is not None


def _heads(work: Work, desk: str) -> list[Head]:
    """The first lead of each audience, found by skipping from one to the next."""
    heads: list[Head] = []
    bound: tuple[int | str, ...] = (desk,)
    while True:
        found = work.tables.places.next_in("waiting", bound)
        if found is None or found[1].desk != desk:
            return heads
        lead_id, place = found
        heads.append((0 if place.high else 1, place.arrival, place.audience, lead_id))
        bound = (desk, place.audience, _LAST)


def _head(work: Work, desk: str, audience: str) -> Head | None:
    """The first lead of one audience."""
    found = work.tables.places.next_in("waiting", (desk, audience))
    if found is None or (found[1].desk, found[1].audience) != (desk, audience):
        return None
    lead_id, place = found
    return 0 if place.high else 1, place.arrival, audience, lead_id


def anybody_waits(work: Work, desk: str) -> bool:
    """Whether the desk's waiting room has anybody."""
    found = work.tables.places.next_in("waiting", (desk,))
    return found is not None and found[1].desk == desk


def arm(work: Work, desk: str, *, anew: bool = False) -> None:
    """Sets the desk's one timer to the next instant at which somebody could become eligible.

    `anew` where absences or hours have changed; otherwise a timer that runs is still right.
    """
    if not anybody_waits(work, desk):
        work.tables.timers.delete(f"wake:{desk}")
    elif anew or work.tables.timers.get(f"wake:{desk}") is None:
        due = _next_change(work, desk)
        if due is not None:
            work.set_timer("wake", desk, due)


def _next_change(work: Work, desk: str) -> int | None:
    """The next beginning or end of an absence, a shift or a full cap among the desk's reps."""
    policy = work.policy
    changes: list[int] = []
    calendars = {}
    for team in policy.document.desks[desk].teams:
        if policy.rotations[f"{team}/{ON_CALL}"]:
            changes.append(duty(work, team).end)
        for rep_id in policy.reps_of_team(team):
            calendar = policy.rep_calendar(rep_id)
            calendars[id(calendar)] = calendar
            changes += boundaries(work.rep(rep_id), work.now)
            changes += caps.frees(work, rep_id)
    found = [next_change(calendar, work.now) for calendar in calendars.values()]
    return min([*changes, *(each for each in found if each is not None)], default=None)


def wake(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a desk: a shift or an absence began or ended."""
    work = timer_work(tables, timer, policy, now)
    if timer.subject in policy.document.desks:
        drain(work, timer.subject)
        arm(work, timer.subject)
    return work.out


def _set_alert(search: Search, lead_id: str, place: PlaceRow) -> None:
    """On business time where hours are the only reason, else on calendar time (decision 33)."""
    work, rules = search.work, search.rules.waiting
    after = rules.alert_after_high if place.high else rules.alert_after
    reasons = {each.why_not for each in search.looked().values()}
    due = work.now + after
    if reasons and reasons <= {OUTSIDE_HOURS, TRIED}:
        due = add_open_time(work.policy.team_calendar(search.team), work.now, after)
    work.set_timer("waiting_alert", lead_id, due)


def alert(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a waiting lead: nobody was there for it; next the manager hears of it."""
    work = timer_work(tables, timer, policy, now)
    place = tables.places.get(timer.subject)
    rules = policy.document.teams.get(place.team) if place else None
    if place is None or rules is None:
        return work.out
    limit = rules.waiting.alert_after_high if place.high else rules.waiting.alert_after
    _tell(work, timer.subject, place, subject=place.team, severity="warning", limit=limit)
    calendar = policy.team_calendar(place.team)
    due = add_open_time(calendar, place.since, rules.waiting.manager_after)
    work.set_timer("waiting_manager", timer.subject, max(due, now))
    return work.out


def alert_manager(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a waiting lead: it has waited so long that the manager is told."""
    work = timer_work(tables, timer, policy, now)
    place = tables.places.get(timer.subject)
    rules = policy.document.teams.get(place.team) if place else None
    if place is not None and rules is not None:
        limit = rules.waiting.manager_after
        manager = rules.manager
        _tell(work, timer.subject, place, subject=manager, severity="critical", limit=limit)
    return work.out


def _tell_without_manager(search: Search, lead_id: str, place: PlaceRow) -> None:
    """The last resort is gone: the lead waits until the policy names another manager."""
    work, rules = search.work, search.rules
    if work.is_told(f"manager_left/{search.team}", rules.waiting.alert_after):
        return
    work.alert(
        "manager_left",
        severity="critical",
        subject=rules.manager,
        value=search.team,
        limit="",
        detail=f"lead {lead_id} waits: the manager of team {search.team} has left; "
        "publish a policy with another one",
        about=at(place),
    )


def _tell(
    work: Work,
    lead_id: str,
    place: PlaceRow,
    *,
    subject: str,
    severity: Literal["warning", "critical"],
    limit: int,
) -> None:
    """One alert for a team, severity and span: ten thousand waiting are one thing to look at."""
    if work.is_told(f"{severity}/{'high' if place.high else 'normal'}/{place.team}", limit):
        return
    work.alert(
        "nobody_available",
        severity=severity,
        subject=subject,
        value=f"{work.now - place.since} ms",
        limit=f"{limit} ms",
        detail=f"lead {lead_id} waits for team {place.team}",
        about=at(place),
    )


def _next_arrival(work: Work, desk: str) -> int:
    row = work.tables.desks.get(desk)
    arrivals = row.arrivals + 1 if row else 1
    work.tables.desks.put(desk, DeskRow(arrivals))
    return arrivals
