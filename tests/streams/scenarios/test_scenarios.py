"""The source documents' scenarios: every decision as it was expected, and derived again."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from streams.policy.compiled import EXPANDED
from streams.steps import choose
from tests import verifier
from tests.house.checks import ROOT
from tests.streams.scenarios.scenario import document, expected, facts, outcomes, run

NAMES = ("geographic", "industry", "segment", "three-tier")


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_gives_what_was_expected_line_by_line(name: str, tmp_path: Path) -> None:
    """ROUT-01, ROUT-09, TERR-05, TERR-06, SPEC-02 to SPEC-05, SEG-05, FALL-05, NOTI-03, NOTI-04."""
    assert list(outcomes(run(name, tmp_path))) == [each.outcome for each in expected(name)]


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_names_its_requirement(name: str) -> None:
    """A line that nobody can justify is no expectation, and every lead of the file has one."""
    for each in expected(name):
        assert re.search(r"\b[A-Z]+-\d\d\b", each.because), each
    assert {each.outcome.lead for each in expected(name)} == set(facts(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_verifier_derives_every_decision_of_a_scenario(name: str, tmp_path: Path) -> None:
    """Promise 3: owner, tiers and territory, from the record, the policy and what the form said."""
    policy, known = document(name), facts(name)
    assignments = [
        line["value"] for line in run(name, tmp_path) if line["topic"] == "assignments.rep"
    ]
    assert len(assignments) >= 15
    for each in assignments:
        verifier.verify(each, policy, known[each["lead_id"]])


def test_an_expanded_territory_that_is_forgotten_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: a router without it neither gives what was expected nor convinces the verifier."""
    rotate = choose.rotate

    def forgetful(search: Any, tier: Any, name: str, *others: Any) -> Any:
        return None if name == EXPANDED else rotate(search, tier, name, *others)

    monkeypatch.setattr(choose, "rotate", forgetful)
    written = run("geographic", tmp_path)
    assert list(outcomes(written)) != [each.outcome for each in expected("geographic")]
    wrong = [line["value"] for line in written if line["value"].get("method") == "fallback"]
    policy = document("geographic")
    with pytest.raises(verifier.Wrong, match="expanded territory"):
        _verify_all(wrong, policy)


def _verify_all(assignments: list[dict[str, Any]], policy: dict[str, Any]) -> None:
    for each in assignments:
        verifier.verify(each, policy)


@pytest.mark.parametrize(
    ("name", "counts", "channels"),
    [
        ("geographic", {"sales": 10}, ["sms", "slack"]),
        ("industry", {"sales": 8}, ["crm_mobile"]),
        ("segment", {"enterprise": 4, "mid-market": 8, "small": 6}, ["email", "sms"]),
        ("three-tier", {"sales": 9}, ["crm", "sms", "slack"]),
    ],
)
def test_a_scenarios_team_is_as_large_as_described_and_hears_by_its_channels(
    name: str, counts: dict[str, int], channels: list[str]
) -> None:
    """TERR-05, SPEC-02, SEG-05: reps beside the manager; NOTI-03, NOTI-04: channels."""
    policy = document(name)
    managers = {team["manager"] for team in policy["teams"].values()}
    reps = {rep: each for rep, each in policy["reps"].items() if rep not in managers}
    assert Counter(each["team"] for each in reps.values()) == counts
    assert {tuple(team["notify"]) for team in policy["teams"].values()} == {tuple(channels)}


def test_three_tiers_are_owner_territory_and_rotation() -> None:
    """ROUT-09, decision 03: the order is a list in the policy."""
    assert document("three-tier")["teams"]["sales"]["tiers"] == [
        "account", "territory", "round_robin",
    ]  # fmt: skip


def test_every_policy_beside_the_default_is_a_scenario() -> None:
    """A ready policy without a scenario is not known to work."""
    files = {path.stem for path in (ROOT / "deploy" / "policies").glob("*.yaml")}
    assert files == {"default", *NAMES}
