"""What teams share: every name by which one part of a desk points to another (design, section 3).

Tiers, rotations, backups, pools and overflow may point inside the desk only, so that each desk
decides by itself. `streams.policy.references` and `streams.policy.staffing` refuse what points
elsewhere, with line and remedy; this reads every such name again, for the proof that none does.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from streams.policy import rotas
from streams.policy.document import Document, Team
from streams.policy.problems import Path
from streams.policy.staffing import desks_by_team


class Bond(NamedTuple):
    """One name that a desk's rules use."""

    path: Path
    """Where it stands."""
    kind: str
    """What it is, such as `backup`."""
    name: str
    desk: str | None
    """The desk whose rules use it; None: a team or rep in no desk."""
    points_to: str | None
    """The desk that has what is named; None: nothing is called so."""

    @property
    def is_inside(self) -> bool:
        """Whether it stays within one desk."""
        return self.desk is not None and self.desk == self.points_to


def bonds(document: Document) -> Iterator[Bond]:
    """Every bond, in the order of the document; one that was not checked is read, too."""
    teams = desks_by_team(document)
    reps = {rep_id: teams.get(rep.team) for rep_id, rep in document.reps.items()}
    yield from _of_desks(document, teams)
    for name, team in document.teams.items():
        for path, kind, rep_id in _of_team(("teams", name), team):
            yield Bond(path, kind, rep_id, teams.get(name), reps.get(rep_id))
    for rep_id, rep in document.reps.items():
        if rep.backup is not None:
            path = ("reps", rep_id, "backup")
            yield Bond(path, "backup", rep.backup, reps[rep_id], reps.get(rep.backup))


def outside(document: Document) -> tuple[Bond, ...]:
    """The bonds that leave their desk: none in a policy that can be used."""
    return tuple(bond for bond in bonds(document) if not bond.is_inside)


def _of_desks(document: Document, teams: Mapping[str, str]) -> Iterator[Bond]:
    pools = {pool.pool: name for name, desk in document.desks.items() for pool in desk.pools}
    for name, desk in document.desks.items():
        at: Path = ("desks", name)
        default, fallback = desk.default_team, desk.fallback_pool
        yield Bond((*at, "default_team"), "default team", default, name, teams.get(default))
        for index, rule in enumerate(desk.team_rules):
            path = (*at, "team_rules", index, "team")
            yield Bond(path, "team rule", rule.team, name, teams.get(rule.team))
        yield Bond((*at, "fallback_pool"), "fallback pool", fallback, name, pools.get(fallback))


def _of_team(at: Path, team: Team) -> Iterator[tuple[Path, str, str]]:
    yield (*at, "manager"), "manager", team.manager
    yield from _listed((*at, "rotation"), "rotation", team.rotation)
    yield from _listed((*at, "on_call"), "on call", team.on_call)
    path = (*at, "hot_lane", "rotation")
    yield from _listed(path, "hot lane", team.hot_lane.rotation)
    for path, rep_id in rotas.listed(at, team):
        yield path, "on call", rep_id
    path = (*at, "expanded_territory")
    yield from _listed(path, "expanded territory", team.expanded_territory)
    for index, territory in enumerate(team.territories):
        path = (*at, "territories", index, "reps")
        yield from _listed(path, "territory rep", territory.reps)
    for index, specialty in enumerate(team.specialties):
        path = (*at, "specialties", index, "reps")
        yield from _listed(path, "specialty rep", specialty.reps)


def _listed(path: Path, kind: str, reps: Iterable[str]) -> Iterator[tuple[Path, str, str]]:
    return (((*path, index), kind, rep_id) for index, rep_id in enumerate(reps))
