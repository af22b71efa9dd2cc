"""The on-call rotas of a document: everybody who may come up, and what makes no sense."""

from collections.abc import Iterator

from streams.policy.document import Document, Team
from streams.policy.findings import Finding, unknown
from streams.policy.problems import Path


def on_call_reps(team: Team) -> tuple[str, ...]:
    """Who is on call at some time: always, by the rota or by date; each once."""
    rota = team.on_call_rota.reps if team.on_call_rota else ()
    dated = (rep_id for dates in team.on_call_dates for rep_id in dates.reps)
    return tuple(dict.fromkeys((*team.on_call, *rota, *dated)))


def listed(at: Path, team: Team) -> Iterator[tuple[Path, str]]:
    """Every rep whom the team's rota and dates name, with the place."""
    if team.on_call_rota is not None:
        for index, rep_id in enumerate(team.on_call_rota.reps):
            yield (*at, "on_call_rota", "reps", index), rep_id
    for number, dates in enumerate(team.on_call_dates):
        for index, rep_id in enumerate(dates.reps):
            yield (*at, "on_call_dates", number, "reps", index), rep_id


def check_rotas(document: Document) -> Iterator[Finding]:
    """Rotas name reps of their team; dates are in order and do not overlap."""
    for name, team in document.teams.items():
        at: Path = ("teams", name)
        for path, rep_id in listed(at, team):
            if rep_id not in document.reps:
                yield unknown(path, "rep", rep_id, document.reps)
            elif document.reps[rep_id].team != name:
                other = document.reps[rep_id].team
                yield path, f"{rep_id!r} is in team {other!r}, so team {name!r} cannot list it"
        yield from _dates((*at, "on_call_dates"), team)


def _dates(at: Path, team: Team) -> Iterator[Finding]:
    for index, here in enumerate(team.on_call_dates):
        if here.last < here.first:
            yield (*at, index, "last"), f"the last day is before the first, {here.first}"
        for before in team.on_call_dates[:index]:
            if before.first <= here.last and here.first <= before.last:
                reason = f"overlaps the days from {before.first} to {before.last}, which count"
                yield (*at, index, "first"), reason
