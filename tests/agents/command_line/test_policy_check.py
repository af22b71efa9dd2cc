"""`leadstream policy check`: the proof, what desks share, and warnings about territories."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.command_line.running import run
from streams.policy import endings
from streams.steps.choose import TIERS
from tests.agents.command_line.process import POLICY, command
from tests.streams import policies

EAST = {"territory": "east", "states": ["US-NY", "US-CA"], "reps": ["ann"]}
WEST = {"territory": "west", "states": ["US-CA"], "reps": ["bob"]}


def checked(file: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a check."""
    code = run(["policy", "check", str(file), *flags])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def overlapping(tmp_path: Path) -> Path:
    """A policy whose first team has two territories with one state in common."""
    file = tmp_path / "p.yaml"
    inside = {"territories": [EAST, WEST]}
    file.write_text(policies.text(teams={"inside": inside}), encoding="utf-8")
    return file


def test_the_proof_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Issue 4, Fallbacks: where a lead of each desk and team goes on to, and that it ends."""
    code, out, err = checked(POLICY, capsys)
    assert (code, err) == (0, "")
    for words in (
        "unclaimed for 7d → nurture",
        "otherwise → pool warm",
        "all who could take it had it → manager; otherwise → waiting room",
        "alert after 5min (1min with high priority), rep-100 told after 1h of business time",
        "3 reps had it → manager; his backup is eligible (3 of 5 have one)",
        "rep-400 did not leave → kept by the manager; otherwise → waiting room",
        "Proved: no lead ends without an owner, a pool or a place.",
    ):
        assert words in out
    desk = next(line for line in out.splitlines() if line.startswith("Desk main: "))
    for words in (" names (default team 1, ", "manager 4, ", "backup 7)", "none of another desk."):
        assert words in desk


def test_overlaps_and_gaps_are_warnings(
    overlapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 4: with an example, and no error: exit code 0."""
    code, out, _ = checked(overlapping, capsys)
    assert code == 0
    assert (
        "Warning: team inside: the territories east and west both want a lead with country US, "
        "state US-CA; east gets it because it stands first: give it to one of them."
    ) in out
    assert "Warning: team inside: no territory has leads from 248 countries (AD, AE, " in out
    assert "such as a lead with country US, state US-AK; they fall to specialty, then rot" in out


def test_all_of_it_is_one_json_object(
    overlapping: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Contract, section 1: the last line of the output."""
    code, out, _ = checked(overlapping, capsys, "--json")
    content: dict[str, Any] = json.loads(out.splitlines()[-1])
    assert (code, content["problems"], content["teams"]) == (0, [], 2)
    assert {
        "at": "closed",
        "place": "lost",
        "ways": [{"when": "news about it", "to": "a lead"}],
    } in content["ends"]
    assert content["names"]["main"]["manager"] == 2
    kinds = [each["kind"] for each in content["warnings"]]
    assert kinds == ["overlap", "gap", "gap", "gap"]
    assert content["warnings"][0]["lead"] == {"state": "US-CA", "country": "US"}


def test_a_good_policy_without_territories_has_no_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twin: what is not there is not warned of."""
    (tmp_path / "p.yaml").write_text(policies.text(), encoding="utf-8")
    code, out, _ = checked(tmp_path / "p.yaml", capsys)
    assert (code, "Warning" in out) == (0, False)


@pytest.mark.parametrize("words", [("check",), ("publish",)])
def test_a_policy_with_a_dead_end_is_refused(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin of the proof: a tier for which the program has no step; nothing is published."""
    monkeypatch.setattr(endings, "TIERS", {key: TIERS[key] for key in TIERS if key != "specialty"})
    assert run(["policy", *words, str(POLICY)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "a lead goes on to 'americas: specialty' (otherwise), but there is no such" in said.err


def test_an_invalid_policy_is_refused_before_it_is_proved(tmp_path: Path) -> None:
    """A name outside the desk: exit code 2, the place, the remedy, no proof."""
    other = {"other": {"teams": ["field"], "default_team": "field", "fallback_pool": "rest",
                       "pools": [{"pool": "rest", "when": "true"}]},
             "main": {"teams": ["inside"], "team_rules": []}}  # fmt: skip
    text = policies.text(desks=other, reps={"ann": {"backup": "eve"}})
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    ran = command(tmp_path, "policy", "check", "p.yaml")
    assert (ran.code, ran.out, len(ran.said())) == (2, "", 1)
    assert "reps.ann.backup: 'eve' works at another desk; a backup must be of the same" in ran.err
