"""Which places go from one territory of a team to another, and so from whom to whom."""

from collections.abc import Iterable
from typing import NamedTuple

from streams.policy.document import Document, Team, Territory
from streams.policy.ground import Finder, Ground, Lead

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

    Looked at is each place that a territory of either document lists, with each industry and size.
    """
    before, after = Ground(old), Ground(new)
    return tuple(
        handover
        for name, team in new.teams.items()
        if name in old.teams
        for handover in _of_team(name, (before, old.teams[name]), (after, team))
    )


_Side = tuple[Ground, Team]


def _of_team(name: str, old: _Side, new: _Side) -> Iterable[Handover]:
    before, after = _finder(old), _finder(new)
    moved: dict[tuple[str, str], Handover] = {}
    for words, lead in (_leads(old) | _leads(new)).items():
        had, has = before(lead), after(lead)
        key = (had.territory if had else "", has.territory if has else "")
        if key[0] != key[1]:
            known = moved.get(key, Handover(name, (), had, has))
            moved[key] = known._replace(places=(*known.places, words))
    return moved.values()


def _finder(side: _Side) -> Finder:
    ground, team = side
    return ground.finder(team.territories)


def _leads(side: _Side) -> dict[str, Lead]:
    """By their words, each once."""
    ground, team = side
    found = (lead for territory in team.territories for lead in ground.leads(territory))
    return {_words(lead): lead for lead in found}


def _words(lead: Lead) -> str:
    """The smallest place, of a city or postal code with the one around it; what else is known."""
    small = [f"{fact.replace('_', ' ')} {lead[fact]}" for fact in _SMALL if fact in lead]
    around = lead.get("state") or lead.get("country")
    place = " in ".join((*small, *([around] if around else []))) or "anywhere"
    more = (f"{fact} {value}" for fact, value in lead.items() if fact not in _PLACES)
    return " with ".join((place, *more))


_SMALL = ("city", "postal_code")
_PLACES = frozenset({"country", "state", *_SMALL})


def _only(one: Found, other: Found) -> tuple[str, ...]:
    reps = other.reps if other else ()
    return tuple(rep_id for rep_id in (one.reps if one else ()) if rep_id not in reps)
