"""The compiled policy answers what a step asks."""

import subprocess
import sys
from datetime import datetime

import pytest

from streams.policy.compiled import compile_policy
from streams.rules.hours import is_open
from tests.streams.policy.sample import SAMPLE, broken

POLICY = compile_policy(SAMPLE, 7)


def at(text: str) -> int:
    """Milliseconds of an RFC 3339 time."""
    return int(datetime.fromisoformat(text).timestamp()) * 1000


def test_reps_teams_and_desks_are_looked_up() -> None:
    """An unknown rep is None; the desk of a rep is that of the team."""
    assert POLICY.version == 7
    assert (POLICY.team_of_rep("rep-1"), POLICY.desk_of_rep("rep-1")) == ("smb", "main")
    assert (POLICY.team_of_rep("rep-9"), POLICY.desk_of_rep("rep-9")) == (None, None)
    assert POLICY.desks["far"] == "other"
    assert POLICY.reps_of_team("smb") == ("rep-1", "rep-2")


def test_an_empty_rotation_is_the_whole_team() -> None:
    """Members named, else every rep of the team."""
    assert POLICY.rotation("field") == ("rep-3",)
    text = broken("rotation: [rep-1, rep-2]", "rotation: [rep-2]")
    assert compile_policy(text, 1).rotation("smb") == ("rep-2",)


def test_a_rep_has_the_teams_limit_unless_one_is_set() -> None:
    """AVL-04: 50 by default."""
    policy = compile_policy(broken("weight: 50", "open_limit: 7"), 1)
    assert (policy.open_limit("rep-1"), policy.open_limit("rep-2")) == (50, 7)
    with pytest.raises(KeyError):
        policy.open_limit("rep-9")


def test_calendars_join_zone_hours_and_holidays() -> None:
    """Own zone and hours where given, else the team's; holidays are always the team's."""
    thanksgiving, monday = at("2026-11-26T12:00:00-05:00"), at("2026-11-23T12:00:00-05:00")
    assert is_open(POLICY.team_calendar("smb"), monday)
    assert not is_open(POLICY.team_calendar("smb"), thanksgiving)
    assert is_open(POLICY.rep_calendar("rep-2"), at("2026-11-24T03:00:00-05:00"))
    assert not is_open(POLICY.rep_calendar("rep-2"), monday)
    assert POLICY.rep_calendar("rep-3").zone == "Europe/Paris"
    assert POLICY.rep_calendar("rep-1") is POLICY.team_calendar("smb")


def test_a_policy_cannot_be_changed() -> None:
    """Frozen: what a version says, it says for ever."""
    with pytest.raises(AttributeError):
        POLICY.version = 8  # type: ignore[misc] # the point of the test


@pytest.mark.parametrize(
    "environment", [{"TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "1", "LANG": "C"}]
)
def test_problems_are_the_same_whatever_the_machine(environment: dict[str, str]) -> None:
    """Neither hash seed nor zone nor locale changes a word or an order."""
    program = (
        "from streams.policy.compiled import *\nfrom tests.streams.policy.sample import SAMPLE\n"
        "text = SAMPLE.replace('rep-2', 'rep-9').replace('Tokyo', 'Tokio')\n"
        "try:\n    compile_policy(text, 1)\nexcept PolicyError as error:\n    print(error)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": ".", **extra},
            capture_output=True,
            check=True,
        ).stdout
        for extra in ({"PYTHONHASHSEED": "0"}, environment)
    }
    assert len(outputs) == 1
    assert b"Asia/Tokyo" in outputs.pop()
