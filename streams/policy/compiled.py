"""A policy ready to decide: document, version, compiled conditions, calendars and look-ups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streams.policy import conditions
from streams.policy.absences import absences_of
from streams.policy.caps import RepCap, caps_of
from streams.policy.conditions import ROUTING, SCORING, Conditions, Facts, compile_conditions
from streams.policy.document import Document, Hours
from streams.policy.foreign import Dates, holidays_of
from streams.policy.loading import Loaded, read
from streams.policy.problems import ForeignData, PolicyError, Problem
from streams.policy.references import check
from streams.policy.rotas import on_call_reps
from streams.policy.staffing import desks_by_team
from streams.policy.territories import Territories, territories_of
from streams.policy.weights import ramps_of, weight_of
from streams.rows.route import AwayRow
from streams.rules.hours import Calendar, NeverOpen, next_open
from streams.rules.weight import Ramp

__all__ = ["Facts", "ForeignData", "Policy", "PolicyError", "Problem", "compile_policy"]

GENERAL = "round_robin"
"""Name of a team's general rotation."""
HOT_LANE = "hot_lane"
"""Name of the rotation of a hot lane that has one of its own."""
EXPANDED = "expanded_territory"
"""Name of the rotation of those who take leads that no territory has."""
ON_CALL = "on_call"
"""Name of the rotation of those who take leads outside their hours."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One version of the rules; everything a step asks for is looked up, never searched.

    Methods that take a team, or say so, raise `KeyError` for a name that the policy does not know.
    """

    version: int
    document: Document
    scoring: Conditions
    routing: Conditions
    rep_calendars: Mapping[str, Calendar]
    team_calendars: Mapping[str, Calendar]
    desks: Mapping[str, str]
    """Desk by team."""
    members: Mapping[str, tuple[str, ...]]
    """Reps by team, in the order of the document."""
    rotations: Mapping[str, tuple[str, ...]]
    """Members of every rotation by its key, `<team>/<rotation>`."""
    territories: Territories
    absences: Mapping[str, tuple[AwayRow, ...]]
    """What the policy itself says, by rep id."""
    caps: Mapping[str, tuple[RepCap, ...]]
    """By rep id; everybody has the daily limit."""
    ramps: Mapping[str, Ramp]
    """Of reps who have a first day, by rep id."""

    def scoring_facts(self, values: Mapping[str, Any]) -> Facts:
        """Facts for score rules; absent values and None are unknown, other names are ignored."""
        return self.scoring.facts(self._placed(values))

    def routing_facts(self, values: Mapping[str, Any]) -> Facts:
        """Facts for desks, team rules, push, specialties and pools."""
        return self.routing.facts(self._placed(values))

    def _placed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """With the policy's own name for where a lead is: `region` is what its sender calls it."""
        region = self.territories.gazetteer.region(values.get("country"))
        return {**values, "sales_region": region}

    def holds(self, condition: str, facts: Facts) -> bool:
        """Whether the condition is true; one that fails while evaluated counts as false.

        Raises `KeyError` for a text that is not a condition over the facts' vocabulary.
        """
        return conditions.holds(condition, facts)

    def team_of_rep(self, rep_id: str) -> str | None:
        """The rep's team, or None for an unknown rep."""
        rep = self.document.reps.get(rep_id)
        return rep.team if rep else None

    def desk_of_rep(self, rep_id: str) -> str | None:
        """The desk that holds the rep's team, or None for an unknown rep."""
        rep = self.document.reps.get(rep_id)
        return self.desks[rep.team] if rep else None

    def reps_of_team(self, team: str) -> tuple[str, ...]:
        """Every rep of the team, in the order of the document."""
        return self.members[team]

    def rotation(self, team: str) -> tuple[str, ...]:
        """Members of the team's general rotation: those named, else every rep of the team."""
        return self.rotations[f"{team}/{GENERAL}"]

    def rep_calendar(self, rep_id: str) -> Calendar:
        """The rep's working time: own zone, hours and holidays where given.

        Raises `KeyError` for an unknown rep.
        """
        return self.rep_calendars[rep_id]

    def team_calendar(self, team: str) -> Calendar:
        """The team's working time: the business clock of its deadlines (decision 31)."""
        return self.team_calendars[team]

    def weight(self, rep_id: str, ramp: int = 100) -> int:
        """A rep's weight in rotations (decision 41); `ramp`: how many percent of it hold now.

        The one place where it is looked up. Raises `KeyError` for an unknown rep.
        """
        return weight_of(self.document, rep_id, ramp)

    def points(self, team: str, grade: str) -> int | None:
        """What a lead costs in the team's rotations (WGT-04); None: they share the number."""
        weighting = self.document.teams[team].weighting
        return weighting.points.get(grade, 1) if weighting.by_value else None

    def dearest(self, team: str) -> int:
        """The most that a lead can cost in the team's rotations (WGT-04)."""
        weighting = self.document.teams[team].weighting
        return max(1, *weighting.points.values()) if weighting.by_value else 1

    def skips_in_meetings(self, rep_id: str) -> bool:
        """Whether a meeting passes the rep over (AVL-03); an unknown rep: yes."""
        team = self.team_of_rep(rep_id)
        return team is None or self.document.teams[team].skip_in_meetings

    def open_limit(self, rep_id: str) -> int:
        """Open leads at which push skips the rep (AVL-04, decision 01).

        Raises `KeyError` for an unknown rep.
        """
        rep = self.document.reps[rep_id]
        if rep.open_limit is not None:
            return rep.open_limit
        return self.document.teams[rep.team].open_limit


def compile_policy(text: str | bytes, version: int) -> Policy:
    """The policy that a YAML text describes, checked in full.

    Raises `PolicyError` with every problem found, and `ForeignData` for a released text whose
    data differ from this machine's. A text that is not released expands its holidays here.
    """
    loaded = read(text)
    document, source = loaded.document, loaded.source
    problems = check(document, source)
    scoring, bad_scoring = compile_conditions(
        SCORING, conditions.scoring_conditions(document), source
    )
    routing, bad_routing = compile_conditions(
        ROUTING, conditions.routing_conditions(document), source
    )
    problems += bad_scoring + bad_routing
    if problems:
        raise PolicyError(problems)
    teams, reps = _calendars(loaded)
    return Policy(
        version=version,
        document=document,
        scoring=scoring,
        routing=routing,
        rep_calendars=reps,
        team_calendars=teams,
        desks=desks_by_team(document),
        members=_members(document),
        rotations=rotations_of(document),
        territories=territories_of(document),
        absences=absences_of(document),
        caps=caps_of(document),
        ramps=ramps_of(document),
    )


def _members(document: Document) -> dict[str, tuple[str, ...]]:
    return {
        team: tuple(rep_id for rep_id, rep in document.reps.items() if rep.team == team)
        for team in document.teams
    }


def rotations_of(document: Document) -> dict[str, tuple[str, ...]]:
    """Members of every rotation of a document by its key, `<team>/<rotation>`."""
    return dict(_rotations(document, _members(document)))


def _rotations(
    document: Document, members: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, team in document.teams.items():
        yield f"{name}/{GENERAL}", team.rotation or members[name]
        yield f"{name}/{ON_CALL}", on_call_reps(team)
        yield f"{name}/{HOT_LANE}", team.hot_lane.rotation
        yield f"{name}/{EXPANDED}", team.expanded_territory
        for territory in team.territories:
            yield f"{name}/territory:{territory.territory}", territory.reps
        for specialty in team.specialties:
            yield f"{name}/specialty:{specialty.specialty}", specialty.reps


def _calendars(loaded: Loaded) -> tuple[dict[str, Calendar], dict[str, Calendar]]:
    """Calendars by team and by rep. Equal ones are one object, so they share their memory."""
    document = loaded.document
    dates = holidays_of(document, loaded.source)
    shared: dict[_Worked, Calendar] = {}
    teams: dict[str, Calendar] = {}
    reps: dict[str, Calendar] = {}
    for name, team in document.teams.items():
        teams[name] = _shared(shared, dates, (team.zone, team.hours, team.holidays, ()))
    for rep_id, rep in document.reps.items():
        team = document.teams[rep.team]
        country = rep.holidays or team.holidays
        key = (rep.zone or team.zone, rep.hours or team.hours, country, rep.days_off)
        reps[rep_id] = _shared(shared, dates, key)
    _refuse_closed(loaded, teams, reps)
    return teams, reps


_Worked = tuple[str, Hours, str | None, tuple[str, ...]]
"""Zone, hours, country of the holidays, and own days off."""


def _shared(shared: dict[_Worked, Calendar], dates: Dates, key: _Worked) -> Calendar:
    if key not in shared:
        zone, hours, country, days_off = key
        not_worked = frozenset((*(dates[country] if country else ()), *days_off))
        shared[key] = Calendar(zone, hours, not_worked)
    return shared[key]


def _refuse_closed(
    loaded: Loaded, teams: Mapping[str, Calendar], reps: Mapping[str, Calendar]
) -> None:
    """Hours that never come, because each such day is a holiday, would stop a clock for ever."""
    problems = []
    for kind, calendars in (("teams", teams), ("reps", reps)):
        for name, calendar in calendars.items():
            try:
                next_open(calendar, 0)
            except NeverOpen:
                problems.append(loaded.source.problem((kind, name, "hours"), "never open"))
    if problems:
        raise PolicyError(problems)
