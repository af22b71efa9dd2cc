"""Which team of a desk a lead belongs to (decisions, Desk and team)."""

from collections.abc import Callable, Iterable

from streams.policy.document import Desk


def team_for(desk: Desk, owners_teams: Iterable[str | None], holds: Callable[[str], bool]) -> str:
    """The account owner's team, the named owner's, the first team rule that holds, the default.

    `owners_teams` in that order, None where there is no owner; a team of another desk does not
    count.
    """
    for team in owners_teams:
        if team is not None and team in desk.teams:
            return team
    for rule in desk.team_rules:
        if holds(rule.when):
            return rule.team
    return desk.default_team
