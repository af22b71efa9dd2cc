"""Which places go from one territory of a team to another, and so from whom to whom."""

from collections.abc import Iterable
from typing import NamedTuple

from streams.policy.document import Document, Team, Territory
from streams.policy.ground import SMALL, Lead, finder, places

Found = Territory | None


class Handover(NamedTuple):
    """Places of a team that another territory has now; None: none of them."""

    team: str
    places: tuple[str, ...]
    before: Found
    after: Found

    @property
    def losing(self) -> tuple[str, ...]:
        """Reps who got leads from there and get none by this territory any more."""
        return _only(self.before, self.after)

    @property
    def gaining(self) -> tuple[str, ...]:
        """Reps who get leads from there now and did not before."""
        return _only(self.after, self.before)


def handovers(old: Document, new: Document) -> tuple[Handover, ...]:
    """What moved in the teams that both documents have, as the rule itself gives leads away.

    Looked at is each place that a territory of either document lists.
    """
    return tuple(
        handover
        for name, team in new.teams.items()
        if name in old.teams
        for handover in _of_team(name, old.teams[name], team)
    )


def _of_team(name: str, old: Team, new: Team) -> Iterable[Handover]:
    before, after = finder(old.territories), finder(new.territories)
    moved: dict[tuple[str, str], Handover] = {}
    for lead in _leads((*old.territories, *new.territories)):
        had, has = before(lead), after(lead)
        key = (had.territory if had else "", has.territory if has else "")
        if key[0] != key[1]:
            known = moved.get(key, Handover(name, (), had, has))
            moved[key] = known._replace(places=(*known.places, _words(lead)))
    return moved.values()


def _leads(territories: Iterable[Territory]) -> Iterable[Lead]:
    """Each place once."""
    found = (lead for territory in territories for lead in places(territory))
    return {_words(lead): lead for lead in found}.values()


def _words(lead: Lead) -> str:
    """The smallest place; of a city or postal code with the one around it."""
    *around, (fact, value) = lead.items()
    if fact not in SMALL:
        return value
    within = f" in {around[-1][1]}" if around else ""
    return f"{fact.replace('_', ' ')} {value}{within}"


def _only(one: Found, other: Found) -> tuple[str, ...]:
    reps = other.reps if other else ()
    return tuple(rep_id for rep_id in (one.reps if one else ()) if rep_id not in reps)
