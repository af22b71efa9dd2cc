"""Caps of a document: a missing limit is the default one, and nonsense is refused (AVL-04)."""

import pytest

from streams.policy.caps import DAILY, RepCap
from streams.policy.compiled import compile_policy
from streams.policy.problems import PolicyError
from tests.streams import policies
from tests.streams.policy.sample import broken, place

OLD = "    weight: 50\n"
ZONE = "    zone: America/New_York\n"
BEST = {"cap": "best", "most": 5, "when": 'grade == "A"'}


def test_a_missing_limit_is_the_default_limit_never_none() -> None:
    """Issue 4, Availability: of the rep the team's, of the team the policy's."""
    nothing_said = policies.policy()
    assert all(caps == (RepCap(DAILY, 100),) for caps in nothing_said.caps.values())
    team = policies.policy(
        teams={"inside": {"daily_limit": 7, "caps": [BEST]}},
        reps={"ann": {"daily_limit": 3}, "bob": {"caps": {"best": 2}}},
    )
    best = RepCap("best", 5, kind="best")
    assert team.caps["ann"] == (RepCap(DAILY, 3), best)
    assert team.caps["bob"] == (RepCap(DAILY, 7), best._replace(most=2))
    assert team.caps["cay"] == (RepCap(DAILY, 7), best)
    assert team.caps["eve"] == (RepCap(DAILY, 100),)


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        (OLD, "    daily_limit: 0\n", "daily_limit: 0", "write at least 1, not 0"),
        (OLD, "    daily_limit: -1\n", "daily_limit: -1", "is not listed in a rotation"),
        (OLD, "    daily_limit: 10001\n", "daily_limit: 10001", "less than or equal to 10000"),
        (OLD, "    caps: {best: 0}\n", "best: 0", "write at least 1, not 0"),
        (OLD, "    caps: {best: 5}\n", "best: 5", "no cap of the team is called 'best'"),
        (ZONE, f"{ZONE}    daily_limit:\n", "daily_limit", "write a whole number, not None"),
        (
            ZONE,
            f"{ZONE}    caps: [{{cap: one, most: 1}}, {{cap: one, most: 2}}]\n",
            "cap: one, most: 2",
            "in this list already",
        ),
        (
            ZONE,
            f"{ZONE}    caps: [{{cap: one, most: 1, per: week, rolling: 7d}}]\n",
            "per: week",
            "a cap has one period; write `per` or `rolling`",
        ),
        (
            ZONE,
            f"{ZONE}    caps: [{{cap: one, most: 1, rolling: 0h}}]\n",
            "rolling: 0h",
            "a span of no time holds nobody back",
        ),
        (
            ZONE,
            f"{ZONE}    caps: [{{cap: one, most: 2000, rolling: 7d}}]\n",
            "most: 2000",
            "write `per`",
        ),
        (ZONE, f"{ZONE}    caps: [{{cap: one, most: 1, per: year}}]\n", "per: year", "'month'"),
        (
            ZONE,
            f"{ZONE}    caps: [{{cap: daily_limit, most: 1}}]\n",
            "cap: daily_limit",
            "rename this",
        ),
        (
            ZONE,
            f"{ZONE}    caps: [{{cap: one, most: 1, when: gradee == 'A'}}]\n",
            "gradee",
            "did you mean 'grade'?",
        ),
    ],
)
def test_caps_that_make_no_sense_are_refused(old: str, new: str, where: str, reason: str) -> None:
    """CFG: with the line, and what to write instead."""
    text = broken(old, new)
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == place(text, where)
    assert reason in problem.reason
