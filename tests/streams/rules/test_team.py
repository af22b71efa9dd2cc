"""Which team of a desk a lead belongs to."""

import pytest

from streams.policy.document import Desk, TeamRule
from streams.rules.team import team_for

DESK = Desk(
    teams=("inside", "field", "partner"),
    default_team="inside",
    team_rules=(TeamRule(when="a", team="field"), TeamRule(when="b", team="partner")),
    fallback_pool="warm",
)


@pytest.mark.parametrize(
    ("owners", "true", "team"),
    [
        (("partner", "field"), "a", "partner"),
        ((None, "field"), "b", "field"),
        (("elsewhere", "field"), "", "field"),
        (("elsewhere", None), "b", "partner"),
        ((None, None), "ab", "field"),
        ((None, None), "", "inside"),
    ],
)
def test_the_owners_team_then_the_named_owners_then_the_rules_then_the_default(
    owners: tuple[str | None, str | None], true: str, team: str
) -> None:
    """Decisions, Desk and team: a team of another desk does not count."""
    assert team_for(DESK, owners, lambda condition: condition in true) == team
