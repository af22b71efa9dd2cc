"""What one part of the policy says about another: every name known, every scale in order.

Each check yields the path of the key or item to put right and the reason; `check` gives it its
line and column.
"""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from schemas.lead import Action
from streams.policy.absences import check_absences
from streams.policy.caps import check_caps
from streams.policy.document import GRADES, Desk, Document, Scoring
from streams.policy.findings import Finding, unknown
from streams.policy.geography import check_places
from streams.policy.problems import Path, Problem
from streams.policy.rotas import check_rotas
from streams.policy.staffing import check_backup_circles, check_reps, check_teams
from streams.policy.weights import check_weights
from streams.policy.yaml_text import YamlText


def check(document: Document, source: YamlText) -> list[Problem]:
    """Every problem across fields, with its place."""
    found = (
        *_general(document),
        *_scoring(document.scoring),
        *_desks(document),
        *check_places(document),
        *check_teams(document),
        *check_reps(document),
        *check_backup_circles(document),
        *check_weights(document),
        *check_absences(document),
        *check_caps(document),
        *check_rotas(document),
    )
    return [source.problem(path, reason) for path, reason in found]


def _general(document: Document) -> Iterator[Finding]:
    if document.default_desk not in document.desks:
        yield unknown(("default_desk",), "desk", document.default_desk, document.desks)
    years = document.calendar
    if years.last_year < years.first_year:
        reason = f"the last year is before the first year, {years.first_year}"
        yield ("calendar", "last_year"), reason
    defined = tuple(cut.grade for cut in document.scoring.grades)
    for key in ("high_value_grades", "nurture_grades"):
        for index, grade in enumerate(getattr(document, key)):
            if grade not in defined:
                yield unknown((key, index), "grade", grade, defined)
    yield from _scale(document)
    for index, domain in enumerate(document.identity.free_mail_domains):
        if "." not in domain or domain != domain.lower() or not domain.isprintable():
            reason = f"write a domain in small letters, such as example.com, not {domain!r}"
            yield ("identity", "free_mail_domains", index), reason


def _scale(document: Document) -> Iterator[Finding]:
    """Scores that decide something must be reachable."""
    scoring = document.scoring
    marks: tuple[tuple[Path, int], ...] = (
        (("high_score",), document.high_score),
        (("scoring", "mql_score"), scoring.mql_score),
        (("scoring", "hot_score"), scoring.hot_score),
    )
    for path, score in marks:
        if not scoring.least <= score <= scoring.most:
            reason = f"{score} is outside the scores, {scoring.least} to {scoring.most}"
            yield path, reason
    for name, team in document.teams.items():
        at: Path = ("teams", name, "hot_lane")
        yield from _hot_lane(document, (*at, "over"), team.hot_lane.over)
        if not team.hot_lane.offer_for:
            yield (*at, "offer_for"), "nobody can accept an offer that lasts no time; write 5min"


def _hot_lane(document: Document, path: Path, over: int | None) -> Iterator[Finding]:
    """Its leads exist, and have high priority like all others of their score (decision 32)."""
    scoring = document.scoring
    if over is None:
        return
    if not scoring.least <= over < scoring.most:
        reason = f"no score, or every score, is over {over}: they go from {scoring.least} to"
        yield path, f"{reason} {scoring.most}; write null for no hot lane"
    elif over + 1 < document.high_score:
        reason = f"its leads need high priority, which begins at high_score, {document.high_score}"
        yield path, f"{reason}; write {document.high_score - 1} or more, or lower high_score"


def _scoring(scoring: Scoring) -> Iterator[Finding]:
    at: Path = ("scoring",)
    if scoring.most <= scoring.least:
        yield (*at, "most"), f"must be above `least`, which is {scoring.least}"
    counts = Counter(rule.rule for rule in scoring.attributes)
    for index, rule in enumerate(scoring.attributes):
        if counts[rule.rule] > 1:
            yield (*at, "attributes", index, "rule"), f"several rules are called {rule.rule!r}"
    actions = get_args(Action)
    for action in scoring.behaviour:
        if action not in actions:
            yield unknown((*at, "behaviour", action), "action", action, actions)
    yield from _grades(scoring)


def _grades(scoring: Scoring) -> Iterator[Finding]:
    """Cuts fall from the best grade to the worst and leave no score without a grade."""
    at: Path = ("scoring", "grades")
    if not scoring.grades:
        yield at, "name at least one grade"
        return
    for index in range(1, len(scoring.grades)):
        above, here = scoring.grades[index - 1], scoring.grades[index]
        if GRADES.index(here.grade) <= GRADES.index(above.grade):
            yield (*at, index, "grade"), f"must come after {above.grade}: best grade first"
        if here.score >= above.score:
            reason = f"must be below the score of grade {above.grade}, {above.score}"
            yield (*at, index, "score"), reason
    if scoring.grades[0].score > scoring.most:
        yield (*at, 0, "score"), f"nobody reaches it: scores end at {scoring.most}"
    last = len(scoring.grades) - 1
    if scoring.grades[last].score > scoring.least:
        reason = f"scores from {scoring.least} on need a grade: the last cut must be there"
        yield (*at, last, "score"), reason


def _desks(document: Document) -> Iterator[Finding]:
    teams, pools = Counter[str](), Counter[str]()
    for name, desk in document.desks.items():
        at: Path = ("desks", name)
        for index, team in enumerate(desk.teams):
            teams[team] += 1
            if team not in document.teams:
                yield unknown((*at, "teams", index), "team", team, document.teams)
            elif teams[team] > 1:
                yield (*at, "teams", index), f"team {team!r} is in a desk already; a team has one"
        for index, pool in enumerate(desk.pools):
            pools[pool.pool] += 1
            if pools[pool.pool] > 1:
                yield (*at, "pools", index, "pool"), f"a pool is called {pool.pool!r} already"
        yield from _desk(at, desk)


def _desk(at: Path, desk: Desk) -> Iterator[Finding]:
    if desk.default_team not in desk.teams:
        yield unknown((*at, "default_team"), "team of this desk", desk.default_team, desk.teams)
    for index, rule in enumerate(desk.team_rules):
        if rule.team not in desk.teams:
            path = (*at, "team_rules", index, "team")
            yield unknown(path, "team of this desk", rule.team, desk.teams)
    pools = tuple(pool.pool for pool in desk.pools)
    if desk.fallback_pool not in pools:
        yield unknown((*at, "fallback_pool"), "pool of this desk", desk.fallback_pool, pools)
