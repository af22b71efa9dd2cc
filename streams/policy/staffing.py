"""Checks of the policy's teams and reps: every name known, everybody inside one desk."""

from collections.abc import Iterator

from streams.policy.document import Document, Hours, Rep, Team
from streams.policy.findings import Finding, repeats, unknown
from streams.policy.foreign import supported_countries
from streams.policy.geography import check_territories
from streams.policy.problems import Path, nearest
from streams.policy.quantities import DAY_MS, MINUTE_MS
from streams.rules.hours import zone_names


def desks_by_team(document: Document) -> dict[str, str]:
    """The desk of each team; the first where a policy wrongly lists a team twice."""
    found: dict[str, str] = {}
    for name, desk in document.desks.items():
        for team in desk.teams:
            found.setdefault(team, name)
    return found


def _desk_of_rep(document: Document, rep_id: str) -> str | None:
    return desks_by_team(document).get(document.reps[rep_id].team)


def check_teams(document: Document) -> Iterator[Finding]:
    """Every team has a desk, reps, a manager of its desk, and lists only its own reps."""
    placed = desks_by_team(document)
    staffed = {rep.team for rep in document.reps.values()}
    for name, team in document.teams.items():
        at: Path = ("teams", name)
        if name not in placed:
            yield at, f"team {name!r} is in no desk; list it under a desk's `teams`"
        if name not in staffed:
            yield at, f"team {name!r} has no rep; give it one under `reps` or remove it"
        yield from _manager(document, at, team, placed.get(name))
        yield from _zone((*at, "zone"), team.zone)
        yield from _hours((*at, "hours"), team.hours)
        if team.holidays is not None and team.holidays not in supported_countries():
            path = (*at, "holidays")
            yield unknown(path, "country with known holidays", team.holidays, ())
        yield from _members(document, at, name, team)
        yield from _tiers(at, team)
        yield from check_territories(document, at, team)


def _manager(document: Document, at: Path, team: Team, desk: str | None) -> Iterator[Finding]:
    path = (*at, "manager")
    if team.manager not in document.reps:
        yield unknown(path, "rep", team.manager, document.reps)
    elif desk is not None and _desk_of_rep(document, team.manager) != desk:
        yield path, f"{team.manager!r} works at another desk; name a rep of desk {desk!r}"


def _tiers(at: Path, team: Team) -> Iterator[Finding]:
    if not team.tiers:
        yield (*at, "tiers"), "name at least one tier, such as round_robin"
    yield from repeats((*at, "tiers"), team.tiers)
    for kind, names in (
        ("territories", [each.territory for each in team.territories]),
        ("specialties", [each.specialty for each in team.specialties]),
    ):
        for (*_, index), reason in repeats((*at, kind), names):
            yield (*at, kind, index), reason


def _members(document: Document, at: Path, name: str, team: Team) -> Iterator[Finding]:
    """Whoever a team's lists name must be of that team: a rep has one team."""
    lists: list[tuple[Path, tuple[str, ...]]] = [
        ((*at, "rotation"), team.rotation),
        ((*at, "on_call"), team.on_call),
        ((*at, "hot_lane", "rotation"), team.hot_lane.rotation),
        ((*at, "expanded_territory"), team.expanded_territory),
    ]
    for index, territory in enumerate(team.territories):
        lists.append(((*at, "territories", index, "reps"), territory.reps))
    for index, specialty in enumerate(team.specialties):
        lists.append(((*at, "specialties", index, "reps"), specialty.reps))
    for path, reps in lists:
        yield from repeats(path, reps)
        for index, rep_id in enumerate(reps):
            if rep_id not in document.reps:
                yield unknown((*path, index), "rep", rep_id, document.reps)
            elif document.reps[rep_id].team != name:
                other = document.reps[rep_id].team
                reason = f"{rep_id!r} is in team {other!r}, so team {name!r} cannot list it"
                yield (*path, index), reason


def check_reps(document: Document) -> Iterator[Finding]:
    """Every rep has a known team and zone, and a backup of the same desk."""
    for rep_id, rep in document.reps.items():
        at: Path = ("reps", rep_id)
        if rep.team not in document.teams:
            yield unknown((*at, "team"), "team", rep.team, document.teams)
        if rep.zone is not None:
            yield from _zone((*at, "zone"), rep.zone)
        if rep.hours is not None:
            yield from _hours((*at, "hours"), rep.hours)
        if rep.backup is not None:
            yield from _backup(document, (*at, "backup"), rep_id, rep)


def _backup(document: Document, at: Path, rep_id: str, rep: Rep) -> Iterator[Finding]:
    backup = str(rep.backup)
    if backup not in document.reps:
        yield unknown(at, "rep", backup, document.reps)
    elif backup == rep_id:
        yield at, "a rep cannot be his own backup; name another rep or remove the line"
    elif _desk_of_rep(document, backup) != _desk_of_rep(document, rep_id):
        yield at, f"{backup!r} works at another desk; a backup must be of the same desk"


def check_backup_circles(document: Document) -> Iterator[Finding]:
    """Each circle of backups once, at its rep that stands first."""
    done: set[str] = set()
    for rep_id in document.reps:
        way: dict[str, None] = {}
        step: str | None = rep_id
        while step in document.reps and step not in done and step not in way:
            way[step] = None
            step = document.reps[step].backup
        if step in way:
            circle = list(way)[list(way).index(str(step)) :]
            if len(circle) > 1:
                words = " -> ".join((*circle, circle[0]))
                yield ("reps", circle[0], "backup"), f"backups go round in a circle: {words}"
        done.update(way)


def _zone(path: Path, name: str) -> Iterator[Finding]:
    if name not in zone_names():
        reason = f"{name!r} is not an IANA time zone{nearest(name, zone_names())}"
        yield path, reason


def _hours(at: Path, hours: Hours) -> Iterator[Finding]:
    if not hours.days:
        yield (*at, "days"), "name at least one day, such as mon"
    yield from repeats((*at, "days"), hours.days)
    if hours.begin == hours.end:
        reason = "work ends when it begins; for a whole day write '00:00' to '24:00'"
        yield (*at, "end"), reason
    if hours.begin == DAY_MS // MINUTE_MS:
        yield (*at, "begin"), "a day cannot begin at 24:00; write '00:00'"
