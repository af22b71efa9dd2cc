"""The ground that a team's territories cover, as the analyses of a policy see it.

All that these know about territories is here: what a territory lists (`CRITERIA`, a line for each
fact about a lead), which leads two territories might both want, and who gets a lead. The last is
the rule's own answer, so nothing that is found rests on a second opinion about who matches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

from streams.policy.document import Territory
from streams.rules.territory import Location, Map

Lead = Mapping[str, str]
"""What is known about a made-up lead, by the names that conditions use."""
Finder = Callable[[Lead], Territory | None]
CRITERIA: tuple[tuple[str, Callable[[Territory], Sequence[str]]], ...] = (
    ("country", lambda each: each.countries),
    ("state", lambda each: each.states),
    ("city", lambda each: each.cities),
    ("postal_code", lambda each: each.postal_prefixes),
)
"""Each fact that territories ask for, with the values that a territory lists for it."""
SMALL = frozenset({"city", "postal_code"})
"""Beside these the larger places only say where they are (`streams.rules.territory`)."""
_MOST_VALUES = 4
Listing = tuple[str, str]
"""A fact and its value."""


def finder(territories: Iterable[Territory]) -> Finder:
    """Who gets a lead among these territories, in this order; None: none of them."""
    found = Map(territories)

    def find(lead: Lead) -> Territory | None:
        location = Location(*map(lead.get, Location._fields))
        match = found.find(location)
        return match[0] if match else None

    return find


def deciding(territory: Territory) -> frozenset[Listing]:
    """What makes a lead the territory's: two territories that share none of it never tie."""
    listed = [(fact, value.casefold()) for fact, values in CRITERIA for value in values(territory)]
    small = frozenset(each for each in listed if each[0] in SMALL)
    return small or frozenset(listed)


def places(territory: Territory) -> Iterator[Lead]:
    """A lead from each place that is the territory's, with the larger place that it is in."""
    listed = [(fact, value) for fact, values in CRITERIA for value in values(territory)]
    small = [each for each in listed if each[0] in SMALL]
    around = territory.states or territory.countries
    large = "state" if territory.states else "country"
    for fact, value in small or listed:
        for larger in around if small else ():
            yield within({large: larger, fact: value}) or {}
        if not small or not around:
            yield within({fact: value}) or {}


def wanted(first: Territory, second: Territory) -> Iterator[Lead]:
    """Leads that both territories might want, those of whom least is known first.

    A few values of each fact will do: which of the values that both list it is makes no
    difference to who comes first.
    """
    choices = [
        [None, *((fact, value) for value in _values(values(first), values(second)))]
        for fact, values in CRITERIA
    ]
    known = ([each for each in choice if each is not None] for choice in product(*choices))
    for facts in sorted(known, key=len):
        lead = within(dict(facts))
        if lead is not None:
            yield lead


def within(facts: Mapping[str, str]) -> Lead | None:
    """A lead with the country that its state is in; None where it names another country."""
    if "state" not in facts:
        return facts
    country = facts["state"].partition("-")[0]
    return {"country": country, **facts} if facts.get("country", country) == country else None


def _values(first: Sequence[str], second: Sequence[str]) -> Sequence[str]:
    """What both list; where only one of them asks, what it lists."""
    if not first or not second:
        return (*first, *second)[:_MOST_VALUES]
    other = {value.casefold() for value in second}
    return [value for value in first if value.casefold() in other][:_MOST_VALUES]
