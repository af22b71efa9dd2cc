"""Every way that a lead can take through a policy, read from its document (FALL-01 to FALL-06).

What happens at a station is the code's (`streams.steps`: place_lead, choose, waiting_room,
contact_clock); which stations there are, in which order and with which limits, is the document's. A
document that was not checked is read, too: what it names and does not have becomes a dead end.
"""

from collections.abc import Callable, Iterator, Mapping

from streams.policy.document import Desk, Document, Pool, Team, Tier
from streams.policy.quantities import duration_text
from streams.policy.stations import Station, Way, by_name
from streams.steps.choose import TIERS

START = "a lead"
_LONGEST_CONDITION = 40
NURTURE, ARCHIVE, CLOSED = "nurture", "archive", "closed"
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


def at_desk(name: str) -> str:
    """The station at which a desk chooses among its teams."""
    return f"desk {name}"


def again(desk: str) -> str:
    """The station of a lead that a rep had: perhaps another team, but without its push list."""
    return f"{desk}: routed again"


def missed(desk: str) -> str:
    """The station at which the team is chosen for a lead that its rep did not answer."""
    return f"{desk}: not answered"


def at_team(name: str) -> str:
    """The station at which a team's push list decides."""
    return f"team {name}"


def pools_of(desk: str) -> str:
    """The station at which a desk chooses among its pools."""
    return f"{desk}: pools"


def pool(name: str) -> str:
    """The station of a pool."""
    return f"pool {name}"


def tier(team: str, name: str) -> str:
    """The station of one of a team's tiers."""
    return f"{team}: {name.replace('_', ' ')}"


def fallback(team: str) -> str:
    """The station behind a team's last tier, whatever its tiers are (decision 24)."""
    return f"{team}: fallback"


def nobody(team: str) -> str:
    """The station behind all tiers and the fallback."""
    return f"{team}: nobody eligible"


def waiting(team: str) -> str:
    """A team's part of the waiting room."""
    return f"{team}: waiting room"


def rep(team: str) -> str:
    """With one of a team's reps, whose contact clock runs."""
    return f"{team}: with a rep"


def overdue(team: str) -> str:
    """The station of a lead that its rep did not answer."""
    return f"{team}: not answered"


def manager(team: str) -> str:
    """The station at which a team's manager is asked for."""
    return f"{team}: manager"


def kept(team: str) -> str:
    """With a team's manager, without a clock."""
    return f"{team}: kept by the manager"


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
    yield _by_team(again(name), desk, lambda team: _first(team, document.teams.get(team)))
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
    first = _first(name, team)
    if team.push.all:
        return Station(at_team(name), (*withheld, Way("", first)))
    pushed = Way(f"pushed ({_pushed(team)})", first)
    return Station(at_team(name), (*withheld, pushed, Way("", pools_of(desk))))


def _pushed(team: Team) -> str:
    push = team.push
    kinds = ("owned", "hot" if push.hot else "", *push.sources, "condition" if push.when else "")
    return ", ".join(kind.replace("_", " ") for kind in kinds if kind)


def _first(name: str, team: Team | None) -> str:
    return tier(name, team.tiers[0]) if team and team.tiers else fallback(name)


def _tiers(document: Document, name: str, team: Team) -> Iterator[Station]:
    """A tier for which the code has no step gets no station: the proof finds that."""
    following = [*(tier(name, each) for each in team.tiers[1:]), fallback(name)]
    for each, to in zip(team.tiers, following, strict=False):
        if each in TIERS and each in _FOUND:
            yield Station(tier(name, each), (*_FOUND[each](document, name, team), Way("", to)))
    yield Station(fallback(name), (*_fallback(document, name, team), Way("", nobody(name))))
    tried = Way("all who could take it had it", manager(name))
    yield Station(nobody(name), (tried, Way("", waiting(name))))


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
    return " (outside hours on call first)" if team.on_call else " (outside hours too)"


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
    free = Way("somebody it can go to is free", _first(name, team))
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
