"""`leadstream policy diff`: what changes for whom, and how it ends when it cannot be said."""

import json
from pathlib import Path

import pytest

from agents.command_line.running import run
from tests.agents.command_line.process import POLICY, command

TEXT = POLICY.read_text("utf-8")


@pytest.fixture
def new(tmp_path: Path) -> str:
    """The default policy with one rep's weight raised and another gone."""
    text = TEXT.replace("weight: 120", "weight: 180")
    text = text.replace("  rep-302: {team: apac, zone: Australia/Sydney}\n", "")
    text = text.replace("rep-301: {team: apac, backup: rep-302}", "rep-301: {team: apac}")
    text = text.replace("[rep-301, rep-302]", "[rep-301]").replace("[rep-302]", "[rep-301]")
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")
    return str(tmp_path / "new.yaml")


def test_changes_are_told_by_whom_they_concern(
    new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """CFG-02: sentences below the name of each team and rep."""
    assert run(["policy", "diff", str(POLICY), new]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("Rep rep-103") + 1 :][:2] == [
        "  weight in rotations: 180 (before: 120).",
        "  share of the rotation of team americas: 37.5 % (before: 28.6 %).",
    ]
    leaver = lines.index("Rep rep-302")
    assert lines[leaver + 1] == "  leaves: the leads in his hands go back through the tiers."
    assert "Team apac" in lines[:leaver]


def test_the_last_line_is_one_json_object(new: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Contract, section 1."""
    assert run(["policy", "diff", str(POLICY), new, "--json"]) == 0
    content = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (content["old"], content["new"]) == (str(POLICY), new)
    assert {
        "who": "Rep rep-103",
        "sentence": "weight in rotations: 180 (before: 120)",
        "paths": ["reps.rep-103.weight"],
    } in content["changes"]


def test_nothing_changes_between_a_policy_and_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Said, not left empty."""
    assert run(["policy", "diff", str(POLICY), str(POLICY), "--json"]) == 0
    said, last = capsys.readouterr().out.splitlines()
    assert said == f"Nothing changes from {POLICY} to {POLICY}."
    assert json.loads(last)["changes"] == []


def test_what_is_no_policy_is_refused_with_its_place(tmp_path: Path) -> None:
    """Exit code 2: either side, with file, line, column and remedy."""
    (tmp_path / "bad.yaml").write_text(TEXT.replace("weight: 120", "weight: none"), "utf-8")
    for sides in ((POLICY, "bad.yaml"), ("bad.yaml", POLICY)):
        ran = command(tmp_path, "policy", "diff", *sides)
        assert (ran.code, ran.out, len(ran.said())) == (2, "", 1)
        assert "bad.yaml:" in ran.err
        assert "reps.rep-103.weight: write a whole number" in ran.err
    missing = command(tmp_path, "policy", "diff", POLICY, "nowhere.yaml")
    assert (missing.code, "nowhere.yaml is not there" in missing.err) == (2, True)
    alone = command(tmp_path, "policy", "diff", POLICY)
    assert (alone.code, "policy diff --help" in alone.err) == (2, True)


def test_a_file_may_be_called_like_a_number(tmp_path: Path) -> None:
    """With its folder it is a file, which needs no broker, and no version of the policy."""
    (tmp_path / "3").write_text(TEXT, encoding="utf-8")
    assert command(tmp_path, "policy", "diff", "./3", POLICY).code == 0
