"""Every way that a lead can take through a policy, read from its document (FALL-01 to FALL-06).

What happens at a station is the code's (`streams.steps`: place_lead, choose, waiting_room,
contact_clock); which stations there are, in which order and with which limits, is the document's. A
document that was not checked is read, too: what it names and does not have becomes a dead end.
"""

from collections.abc import Callable, Iterator, Mapping

from streams.policy.document import Desk, Document, Pool, Team, Tier
from streams.policy.quantities import duration_text
from streams.policy.rotas import on_call_reps
from streams.policy.station_names import (
    ARCHIVE,
    CLOSED,
    NURTURE,
    START,
    again,
    at_desk,
    at_team,
    fallback,
    hot_lane,
    kept,
    manager,
    missed,
    nobody,
    offered,
    overdue,
    pool,
    pools_of,
    rep,
    tier,
    waiting,
)
from streams.policy.stations import Station, Way, by_name
from streams.rules import race
from streams.steps.choose import TIERS

_LONGEST_CONDITION = 40
_AGAIN = Way("news about it", START)
_GONE = Way("no such pool in a new policy", START)
_ANEW = Way("a new policy", START)


def stations_of(document: Document) -> dict[str, Station]:
    """All stations by name; a lead begins at `START`."""
    return by_name(each for _, stations in groups(document) for each in stations)


def groups(document: Document) -> Iterator[tuple[str, tuple[Station, ...]]]:
    """The same stations under headings: those of all leads, of each desk, of each of its teams."""
    yield "Every lead", tuple(_everywhere(document))
    for name, desk in document.desks.items():
        yield f"Desk {name}", tuple(_desk(document, name, desk))
        for team_name in desk.teams:
            team = document.teams.get(team_name)
            if team is not None:
                yield f"Team {team_name}", tuple(_team(document, name, team_name, team))


def _everywhere(document: Document) -> Iterator[Station]:
    ways = [
        Way("its owner's desk" + (" or its condition" if desk.when else ""), to)
        for to, desk in ((at_desk(name), desk) for name, desk in document.desks.items())
    ]
    yield Station(START, (*ways, Way("", at_desk(document.default_desk))))
    quiet = f"no news for {duration_text(document.archive_after)}"
    yield Station(NURTURE, (_AGAIN, Way(quiet, ARCHIVE)), "nurture")
    yield Station(ARCHIVE, (_AGAIN,), "archived")
    yield Station(CLOSED, (_AGAIN,), "lost")


def _desk(document: Document, name: str, desk: Desk) -> Iterator[Station]:
    yield _by_team(at_desk(name), desk, at_team)
    yield _by_team(again(name), desk, lambda team: _lane(team, document.teams.get(team)))
    yield _by_team(missed(name), desk, overdue)
    pools = tuple(Way(f"`{_short(each.when)}`", pool(each.pool)) for each in desk.pools)
    yield Station(pools_of(name), (*pools, Way("", pool(desk.fallback_pool))))
    yield from map(_pool, desk.pools)


def _by_team(name: str, desk: Desk, to: Callable[[str], str]) -> Station:
    """A station at which the lead's team is chosen (decisions, Desk and team)."""
    owned = tuple(Way(f"owner of {team}", to(team)) for team in desk.teams)
    rules = tuple(Way(f"rule `{_short(rule.when)}`", to(rule.team)) for rule in desk.team_rules)
    return Station(name, (*owned, *rules, Way("", to(desk.default_team))))


def _short(condition: str) -> str:
    words = " ".join(condition.split())
    return words if len(words) <= _LONGEST_CONDITION else f"{words[:_LONGEST_CONDITION]}..."


def _pool(each: Pool) -> Station:
    stale = Way(f"unclaimed for {duration_text(each.stale_after)}", each.stale_to)
    return Station(pool(each.pool), (stale, _AGAIN, _GONE), "pooled")


def _team(document: Document, desk: str, name: str, team: Team) -> Iterator[Station]:
    yield _push(document, desk, name, team)
    yield from _tiers(document, name, team)
    yield from _people(document, desk, name, team)


def _push(document: Document, desk: str, name: str, team: Team) -> Station:
    withheld = [Way("contact forbidden", NURTURE)]
    if document.nurture_grades:
        grades = " or ".join(document.nurture_grades)
        withheld.append(Way(f"grade {grades} without owner", NURTURE))
    first = _lane(name, team)
    if team.push.all:
        return Station(at_team(name), (*withheld, Way("", first)))
    pushed = Way(f"pushed ({_pushed(team)})", first)
    return Station(at_team(name), (*withheld, pushed, Way("", pools_of(desk))))


def _pushed(team: Team) -> str:
    push = team.push
    over = team.hot_lane.over
    lane = "" if over is None else f"score over {over}"
    more = "condition" if push.when else ""
    kinds = ("owned", "hot" if push.hot else "", *push.sources, more, lane)
    return ", ".join(kind.replace("_", " ") for kind in kinds if kind)


def _lane(name: str, team: Team | None) -> str:
    """Where a lead goes that is pushed: past its hot lane to the first tier."""
    has_lane = team is not None and team.hot_lane.over is not None
    return hot_lane(name) if has_lane else _first(name, team)


def _first(name: str, team: Team | None) -> str:
    return tier(name, team.tiers[0]) if team and team.tiers else fallback(name)


def _tiers(document: Document, name: str, team: Team) -> Iterator[Station]:
    """A tier for which the code has no step gets no station: the proof finds that."""
    if team.hot_lane.over is not None:
        yield Station(hot_lane(name), (*_fast(document, name, team), Way("", _first(name, team))))
    following = [*(tier(name, each) for each in team.tiers[1:]), fallback(name)]
    for each, to in zip(team.tiers, following, strict=False):
        if each in TIERS and each in _FOUND:
            yield Station(tier(name, each), (*_FOUND[each](document, name, team), Way("", to)))
    yield Station(fallback(name), (*_fallback(document, name, team), Way("", nobody(name))))
    tried = Way("all who could take it had it", manager(name))
    yield Station(nobody(name), (tried, Way("", waiting(name))))


def _fast(document: Document, name: str, team: Team) -> Iterator[Way]:
    """An owner's lead has none of it, so that the tiers of owners do not stand before it."""
    lane = team.hot_lane
    number = len(lane.rotation) or _members(document, name, team)
    lead = f"score over {lane.over} without owner"
    if lane.method == "race":
        yield Way(f"{lead}, and {race.FEWEST} of {number} reps at work can run", offered(name))
    yield Way(f"{lead}, and one of {number} reps is eligible{_late(team)}", rep(name))


def _offered(desk: str, name: str, team: Team) -> Station:
    """Where a lead rests during its race."""
    lane = team.hot_lane
    first = Way(f"the first of up to {lane.offers} accepts", rep(name))
    silent = f"nobody accepts within {duration_text(lane.offer_for)}, or nobody is left who could"
    return Station(offered(name), (first, Way(silent, again(desk)), _AGAIN, _ANEW), "waiting")


def _owner(document: Document, name: str, team: Team) -> Iterator[Way]:
    yield Way("owner not away all day", rep(name))
    if any(each.backup for each in document.reps.values()):
        yield Way("his backup is eligible", rep(name))
    yield Way(f"owner left and {team.manager} did not", kept(name))


def _territory(document: Document, name: str, team: Team) -> Iterator[Way]:
    del document
    if team.territories:
        number = len(team.territories)
        yield Way(f"a rep of its territory (one of {number}) is eligible{_late(team)}", rep(name))


def _specialty(document: Document, name: str, team: Team) -> Iterator[Way]:
    del document
    if team.specialties:
        number = len(team.specialties)
        yield Way(f"a rep of its specialty (one of {number}) is eligible{_late(team)}", rep(name))


def _round_robin(document: Document, name: str, team: Team) -> Iterator[Way]:
    yield Way(f"one of {_members(document, name, team)} reps is eligible{_late(team)}", rep(name))


def _fallback(document: Document, name: str, team: Team) -> Iterator[Way]:
    """Not for a lead whose own territory or specialty has nobody free: that waits for them."""
    if team.expanded_territory:
        number = len(team.expanded_territory)
        yield Way(f"no territory, and one of {number} for such leads is eligible", rep(name))
    number = _members(document, name, team)
    yield Way(f"no tier fits, and one of {number} in the rotation is eligible", rep(name))


def _members(document: Document, name: str, team: Team) -> int:
    own = [each for each in document.reps.values() if each.team == name]
    return len(team.rotation or own)


def _late(team: Team) -> str:
    if team.outside_hours == "hold":
        return " in working hours"
    return " (outside hours on call first)" if on_call_reps(team) else " (outside hours too)"


_FOUND: Mapping[Tier, Callable[[Document, str, Team], Iterator[Way]]] = {
    "account": _owner,
    "named_account": _owner,
    "territory": _territory,
    "specialty": _specialty,
    "round_robin": _round_robin,
}
"""The ways by which each tier finds somebody."""


def _people(document: Document, desk: str, name: str, team: Team) -> Iterator[Station]:
    """Stations without anybody behind them are left out: the proof finds that."""
    yield _waiting(name, team)
    if team.hot_lane.over is not None and team.hot_lane.method == "race":
        yield _offered(desk, name, team)
    yield _overdue(document, name, team)
    there = Way(f"{team.manager} did not leave", kept(name))
    yield Station(manager(name), (there, Way("", waiting(name))))
    if any(each.team == name for each in document.reps.values()):
        yield _rep(desk, name, team)
    if team.manager in document.reps:
        yield Station(kept(name), _given_up(desk), "assigned")


def _given_up(desk: str) -> tuple[Way, ...]:
    """How a lead leaves whoever has it, by what he does or because he is gone."""
    return (
        Way("closed by him", CLOSED),
        Way("given back, or he is gone", again(desk)),
        Way("the same with contact forbidden", NURTURE),
    )


def _waiting(name: str, team: Team) -> Station:
    rules, here = team.waiting, waiting(name)
    soon, high = duration_text(rules.alert_after), duration_text(rules.alert_after_high)
    told = f"{team.manager} told after {duration_text(rules.manager_after)} of business time"
    free = Way("somebody it can go to is free", _lane(name, team))
    alert = Way(f"alert after {soon} ({high} with high priority)", here)
    return Station(here, (free, alert, Way(told, here), _AGAIN, _ANEW), "waiting")


def _rep(desk: str, name: str, team: Team) -> Station:
    rules = team.contact
    limit = f"{duration_text(rules.target)} ({duration_text(rules.target_high)} with high priority)"
    late = Way(f"not {rules.satisfied_by} within {limit}", missed(desk))
    return Station(rep(name), (*_given_up(desk), late), "assigned")


def _overdue(document: Document, name: str, team: Team) -> Station:
    own = [each for each in document.reps.values() if each.team == name]
    backups = sum(each.backup is not None for each in own)
    named = Way(f"his backup is eligible ({backups} of {len(own)} have one)", rep(name))
    number = _members(document, name, team)
    ways = (
        Way(f"{team.contact.attempts} reps had it", manager(name)),
        named,
        Way("the next of the same rotation", rep(name)),
        Way(f"the next of {number} in the general rotation", rep(name)),
        Way("", manager(name)),
    )
    return Station(overdue(name), ways)
