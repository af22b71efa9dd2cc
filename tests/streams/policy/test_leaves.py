"""A document as single values."""

from streams.policy.leaves import ORDER, Leaf, by_name, leaves
from streams.policy.loading import load
from tests.streams.policy.sample import SAMPLE, broken

LEAVES = leaves(load(SAMPLE))


def test_values_are_written_as_the_policy_writes_them() -> None:
    """Durations with their unit, times of day, truths, lists; what is left out has its default."""
    shown = {
        "teams.smb.waiting.alert_after": "5min",
        "teams.smb.login_within": "1d",
        "teams.smb.push.hot": "true",
        "teams.smb.push.when": None,
        "teams.smb.rotation": ("rep-1", "rep-2"),
        "reps.rep-2.hours.begin": "22:00",
        "reps.rep-2.weight": "50",
        "scoring.behaviour.pricing_view.most": "30",
    }
    found = {".".join(names): leaf.value for names, leaf in LEAVES.items()}
    assert {path: found[path] for path in shown} == shown
    assert LEAVES["teams", "smb", "push", "hot"].is_default
    assert not LEAVES["reps", "rep-2", "weight"].is_default


def test_an_entry_is_a_value_and_so_is_the_order_where_it_counts() -> None:
    """Reps in another order are the same reps; desks and the entries of lists are not."""
    assert LEAVES["teams", "smb", "territories", "north"] == Leaf("north")
    assert LEAVES["desks", "main", "pools", ORDER].value == ("hot", "warm")
    assert LEAVES["desks", ORDER].value == ("main", "other")
    assert ("reps", ORDER) not in LEAVES
    assert ("teams", ORDER) not in LEAVES


def test_hours_that_are_not_set_have_no_values() -> None:
    """They are the team's."""
    assert ("reps", "rep-2", "hours", "begin") in LEAVES
    assert not [names for names in LEAVES if names[:3] == ("reps", "rep-1", "hours")]


def test_two_rules_with_one_condition_are_two() -> None:
    """Nothing is lost by a name that comes twice."""
    rule = "      - when: employees >= 500\n        team: field\n"
    rules = load(broken(rule, rule * 2)).desks["main"].team_rules
    assert list(by_name(rules)) == ["employees >= 500", "employees >= 500 (2)"]
