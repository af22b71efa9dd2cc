"""On-call rotas of a document: nonsense is refused, and everybody named is a member."""

import pytest

from streams.policy.compiled import compile_policy
from streams.policy.endings import stations_of
from streams.policy.problems import PolicyError
from tests.streams import policies
from tests.streams.policy.sample import broken, place

ZONE = "    zone: America/New_York\n"
ROTA = f"{ZONE}    on_call_rota: {{%s}}\n"
DATES = f"{ZONE}    on_call_dates: [%s]\n"


@pytest.mark.parametrize(
    ("new", "where", "reason"),
    [
        (ROTA % "begins: 2026-01-05, reps: [rep-9]", "rep-9]", "no rep is called 'rep-9'"),
        (ROTA % "begins: 2026-01-05, reps: [rep-3]", "rep-3]", "is in team 'field'"),
        (ROTA % "begins: 2026-01-05, reps: []", "reps: []", "at least 1"),
        (ROTA % "reps: [rep-1]", "reps: [rep-1]}", "'begins' is missing"),
        (ROTA % "begins: 5 Jan, reps: [rep-1]", "begins: 5 Jan", "write a date"),
        (ROTA % "begins: 2026-01-05, days: 0, reps: [rep-1]", "days: 0", "equal to 1"),
        (
            DATES % "{first: 2026-12-26, last: 2026-12-24, reps: [rep-1]}",
            "last",
            "before the first",
        ),
        (DATES % "{first: 2026-12-26, last: 2026-12-27, reps: [rep-3]}", "rep-3]", "team 'field'"),
        (
            DATES % "{first: 2026-12-24, last: 2026-12-26, reps: [rep-1]}, "
            "{first: 2026-12-25, last: 2026-12-31, reps: [rep-2]}",
            "first: 2026-12-25",
            "overlaps the days from 2026-12-24 to 2026-12-26",
        ),
    ],
)
def test_rotas_that_make_no_sense_are_refused(new: str, where: str, reason: str) -> None:
    """CFG: with the line, and what to write instead."""
    text = broken(ZONE, new)
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    (problem,) = caught.value.problems
    assert problem.line == place(text, where)[0]
    assert reason in problem.reason


def test_everybody_who_comes_up_some_day_is_a_member() -> None:
    """So nobody's place is lost between two turns; the proof of the ends knows of them."""
    rota = {"begins": "2026-03-02", "reps": ["bob", "cay", "bob"]}
    dates = [{"first": "2026-12-24", "last": "2026-12-24", "reps": ["ann", "cay"]}]
    team = {"inside": {"on_call_rota": rota, "on_call_dates": dates}}
    policy = policies.policy(teams=team)
    assert policy.rotations["inside/on_call"] == ("bob", "cay", "ann")
    ways = repr(stations_of(policy.document))
    assert "outside hours on call first" in ways
    assert "outside hours on call first" not in repr(stations_of(policies.policy().document))
