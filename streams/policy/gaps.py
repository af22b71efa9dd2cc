"""Where leads come from that a team gets although none of its territories has them (FALL-02)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Any, NamedTuple

import pycountry

from streams.policy.compiled import Policy
from streams.policy.document import Team
from streams.policy.ground import Finder, Ground, Lead, asked
from streams.policy.samples import samples, team_of

_MOST_KINDS = 64


class Gap(NamedTuple):
    """Places of one kind, and a lead from one of them that falls through all territories."""

    team: str
    country: str
    """The country whose states they are; empty: they are countries."""
    places: tuple[str, ...]
    """ISO 3166 codes; none: leads of whom the country, or in it the state, is not known."""
    partly: bool
    """Whether some territory has leads from there, but of other industries or company sizes."""
    lead: Lead
    falls_to: tuple[str, ...]
    """Who is asked behind the territories (decision 24)."""


@dataclass(slots=True)
class _Place:
    """What was seen of the leads from one place."""

    covered: bool = False
    simplest: Lead | None = None
    """The first lead that no territory has."""
    fullest: Lead | None = None
    """The one of whom most is known."""


_Seen = Mapping[str, _Place]


class _View(NamedTuple):
    """A team, with whom its territories give a lead to and what they ask beside places."""

    policy: Policy
    name: str
    team: Team
    find: Finder
    kinds: Sequence[Lead]


def gaps(policy: Policy) -> tuple[Gap, ...]:
    """Every gap of the teams that hand leads out by territory, in the order of the document.

    Which leads a team gets is asked of the desks' and team rules with `samples` of them from every
    country, and from the states of countries that some territory covers in part.
    """
    leads: dict[str, list[Lead]] = {}
    for lead in samples(_conditions(policy), tuple(_by_country())):
        leads.setdefault(team_of(policy, lead), []).append(lead)
    ground = Ground(policy.document)
    return tuple(
        gap
        for name, team in policy.document.teams.items()
        if team.territories and "territory" in team.tiers
        for gap in _of_team(_view(policy, ground, name, team), leads.get(name, ()))
    )


def _conditions(policy: Policy) -> Iterator[str]:
    for desk in policy.document.desks.values():
        found = (desk.when, *(rule.when for rule in desk.team_rules))
        yield from (when for when in found if when is not None)


def _view(policy: Policy, ground: Ground, name: str, team: Team) -> _View:
    """With mixes of the industries and sizes that the territories ask for, unknown ones first."""
    values = asked(team.territories)
    near = {size + step for size in values["employees"] for step in (-1, 0, 1)}
    values["employees"] = sorted(size for size in near if size >= 0)
    choices = [[None, *((fact, value) for value in found)] for fact, found in values.items()]
    mixes = islice(product(*choices), _MOST_KINDS)
    kinds = [dict(each for each in mix if each is not None) for mix in mixes]
    return _View(policy, name, team, ground.finder(team.territories), kinds)


def _of_team(view: _View, leads: Iterable[Lead]) -> Iterator[Gap]:
    whole: dict[str, Lead] = {}
    seen = _seen(view, leads)
    for country, each in seen.items():
        if each.covered or each.simplest is None:
            continue
        states = _seen(view, _states(country, each.simplest))
        if any(state.covered for state in states.values()):
            yield from _of_states(view, country, states, each.simplest)
        else:
            whole[country] = each.simplest
    yield from _gaps(view, "", whole)
    yield from _gaps(view, "", _partly(seen), partly=True)


def _of_states(view: _View, country: str, states: _Seen, without: Lead) -> Iterator[Gap]:
    """`without`: a lead from the country of whom the state is not known."""
    left_out = {
        state: each.simplest for state, each in states.items() if each.simplest and not each.covered
    }
    yield from _gaps(view, country, left_out or {"": without})
    yield from _gaps(view, country, _partly(states), partly=True)


def _partly(seen: _Seen) -> dict[str, Lead]:
    return {
        place: each.fullest
        for place, each in seen.items()
        if each.covered and each.fullest is not None
    }


def _gaps(
    view: _View, country: str, leads: Mapping[str, Lead], *, partly: bool = False
) -> Iterator[Gap]:
    """One gap for the leads from nobody knows where, one for all the others."""
    behind = _behind(view.team)
    if "" in leads:
        yield Gap(view.name, country, (), partly, leads[""], behind)
    places = tuple(sorted(place for place in leads if place))
    if places:
        yield Gap(view.name, country, places, partly, leads[places[0]], behind)


def _behind(team: Team) -> tuple[str, ...]:
    """Other tiers behind the territories, then the fallback, which stands behind all of them."""
    others = team.tiers[team.tiers.index("territory") + 1 :]
    expanded = ("expanded_territory",) if team.expanded_territory else ()
    return (*(tier for tier in others if tier != "round_robin"), *expanded, "rotation")


def _seen(view: _View, leads: Iterable[Lead]) -> _Seen:
    """By country or state, for the leads as they are and as of each industry and size."""
    seen: dict[str, _Place] = {}
    for lead in leads:
        place = seen.setdefault(lead.get("state") or lead.get("country") or "", _Place())
        for kind in view.kinds:
            if kind.keys().isdisjoint(lead):
                _look(view, place, {**lead, **kind})
    return seen


def _look(view: _View, place: _Place, lead: Lead) -> None:
    """Whose lead it is by the team rules is asked only where it would be news."""
    covered = view.find(lead) is not None
    news = not place.covered if covered else place.fullest is None or len(lead) > len(place.fullest)
    if not news or team_of(view.policy, lead) != view.name:
        return
    if covered:
        place.covered = True
        return
    place.simplest = lead if place.simplest is None else place.simplest
    place.fullest = lead


def _states(country: str, lead: Lead) -> Iterator[Lead]:
    """The same lead from each state of its country."""
    return ({**lead, "state": state} for state in _by_country().get(country, ()))


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    """ISO 3166-2 codes by ISO 3166 code, both in alphabetical order."""
    states: dict[str, list[str]] = {}
    found: Any
    for found in pycountry.subdivisions:
        states.setdefault(found.country_code, []).append(found.code)
    codes = sorted(country.alpha_2 for country in pycountry.countries)
    return {code: tuple(sorted(states.get(code, ()))) for code in codes}
