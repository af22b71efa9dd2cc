"""Where leads come from that a team gets although none of its territories has them (FALL-02)."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import pycountry

from streams.policy.compiled import Policy
from streams.policy.document import Team
from streams.policy.ground import Finder, finder
from streams.policy.samples import Facts, samples, team_of


class Gap(NamedTuple):
    """Places of one kind, and a lead from the first that falls through all territories."""

    team: str
    country: str
    """The country whose states they are; empty: they are countries."""
    places: tuple[str, ...]
    """ISO 3166 codes; none: leads of whom the country, or in it the state, is not known."""
    lead: Facts
    falls_to: tuple[str, ...]
    """The team's tiers behind the territories; none: the waiting room."""


def gaps(policy: Policy) -> tuple[Gap, ...]:
    """Every gap of the teams that hand leads out by territory, in the order of the document.

    Which leads a team gets is asked of the desks' and team rules with `samples` of them from every
    country, and from the states of countries that some territory covers in part.
    """
    conditions = [
        when
        for desk in policy.document.desks.values()
        for when in (desk.when, *(rule.when for rule in desk.team_rules))
        if when is not None
    ]
    leads: dict[str, list[Facts]] = {}
    for lead in samples(conditions, tuple(_by_country())):
        leads.setdefault(team_of(policy, lead), []).append(lead)
    return tuple(
        gap
        for name, team in policy.document.teams.items()
        if team.territories and "territory" in team.tiers
        for gap in _of_team(policy, name, team, leads.get(name, ()))
    )


def _of_team(policy: Policy, name: str, team: Team, leads: Sequence[Facts]) -> Iterator[Gap]:
    find, tiers = finder(team.territories), team.tiers
    behind = tiers[tiers.index("territory") + 1 :]
    whole: dict[str, Facts] = {}
    for place, lead in _without(find, leads).items():
        states = _states(policy, name, lead)
        open_states = _without(find, states)
        if not place:
            yield Gap(name, "", (), lead, behind)
        elif len(open_states) == len(states):
            whole[place] = lead
        else:
            first = next(iter(open_states.values()), lead)
            yield Gap(name, place, tuple(sorted(open_states)), first, behind)
    if whole:
        yield Gap(name, "", tuple(sorted(whole)), whole[min(whole)], behind)


def _without(find: Finder, leads: Sequence[Facts]) -> dict[str, Facts]:
    """The first lead from each place that no territory has."""
    found: dict[str, Facts] = {}
    for lead in leads:
        place = lead.get("state") or lead.get("country") or ""
        if place not in found and find(lead) is None:
            found[place] = lead
    return found


def _states(policy: Policy, team: str, lead: Facts) -> list[Facts]:
    """The same lead from each state of its country, as far as it still is the team's."""
    states = _by_country().get(str(lead.get("country")), ())
    found = [{**lead, "state": state} for state in states]
    return [each for each in found if team_of(policy, each) == team]


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    """ISO 3166-2 codes by ISO 3166 code, both in alphabetical order."""
    states: dict[str, list[str]] = {}
    found: Any
    for found in pycountry.subdivisions:
        states.setdefault(found.country_code, []).append(found.code)
    codes = sorted(country.alpha_2 for country in pycountry.countries)
    return {code: tuple(sorted(states.get(code, ()))) for code in codes}
