"""`simulate`: the same bytes everywhere, whole output or none, an account that adds up."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.agents.command_line.process import COMMAND, ELSEWHERE, HERE, POLICY, Ran, command
from tests.agents.command_line.samples import captured, text

UNTIL = "2026-03-04T00:00:00Z"
EVENTS = text(
    captured(3, "2026-03-02T10:00:00Z"),
    captured(1),
    captured(2, country="JP", email=None, phone="+81 3 1234 5678"),
    captured(1),
    {"topic": "leads.raw", "at": "2026-03-02T09:30:00Z", "value": "garbage"},
    captured(4, employees="many"),
)


CARELESS = (sys.executable, str(Path(__file__).with_name("careless.py")))


def simulated(
    folder: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    program: Sequence[str] = COMMAND,
) -> Ran:
    """Simulates the events with their output in `out`."""
    (folder / "events").write_bytes(EVENTS)
    fixed = ("simulate", "--policy", POLICY, "--events", "events", "--until", UNTIL)
    return command(folder, *fixed, *arguments, variables=variables, program=program)


@pytest.mark.parametrize("variables", ELSEWHERE)
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, variables: dict[str, str]) -> None:
    """Issues 3 and 5, Proof: under any PYTHONHASHSEED, TZ and locale."""
    first = simulated(tmp_path, "--out", "one", variables=HERE)
    second = simulated(tmp_path, "--out", "two", variables=variables)
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    content = (tmp_path / "one").read_bytes()
    assert content == (tmp_path / "two").read_bytes()
    assert content.count(b"\n") > 8


@pytest.mark.parametrize("kind", ["hash", "zone", "locale"])
def test_the_twin_what_follows_the_machine_is_not_the_same_elsewhere(
    tmp_path: Path, kind: str
) -> None:
    """A program whose output follows the hash seed, the time zone or the locale is found out."""
    for name, place in (("one", HERE), ("two", ELSEWHERE[1])):
        variables = {**place, "CARELESS": kind}
        ran = simulated(tmp_path, "--out", name, variables=variables, program=CARELESS)
        assert ran.code == 0, ran.err
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


def test_the_summary_accounts_for_every_lead(tmp_path: Path) -> None:
    """Promise 2: captured = assigned + pooled + nurtured + rejected + waiting, nothing lost."""
    ran = simulated(tmp_path, "--json")
    found = json.loads(ran.out.splitlines()[-1])
    places = ("assigned", "pooled", "nurtured", "rejected", "waiting")
    assert found["captured"] == sum(found[place] for place in places) == 4
    assert (found["lost"], found["duplicated"]) == (0, 0)
    assert (found["rejected"], found["refused"]) == (1, 1)
    assert found["breaches"] >= 1


def test_lines_are_decided_in_order_of_time(tmp_path: Path) -> None:
    """The file's order matters only among lines of one instant."""
    simulated(tmp_path, "--out", "out")
    lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    instants = [line["at"] for line in lines]
    assert instants == sorted(instants)
    assert {"topic", "key", "at", "value"} == set(lines[0])


def test_output_can_be_piped_and_ends_with_the_object(tmp_path: Path) -> None:
    """`-` is the standard input or output; with --json the last line is one object."""
    arguments = ("simulate", "--policy", POLICY, "--events", "-", "--out", "-", "--json")
    ran = command(tmp_path, *arguments, stdin=EVENTS)
    *lines, last = ran.out.splitlines()
    assert json.loads(last)["captured"] == 4
    assert all("topic" in json.loads(line) for line in lines)


def test_a_failed_run_leaves_the_old_output_alone(tmp_path: Path) -> None:
    """Output is replaced whole or not at all."""
    (tmp_path / "out").write_text("old")
    (tmp_path / "broken").write_bytes(EVENTS + b"{")
    arguments = ("simulate", "--policy", POLICY, "--events", "broken", "--out", "out")
    assert command(tmp_path, *arguments).code == 2
    assert (tmp_path / "out").read_text() == "old"


def test_the_clock_cannot_run_backwards(tmp_path: Path) -> None:
    """`--until` before the last line is a mistake of the user."""
    (tmp_path / "events").write_bytes(EVENTS)
    fixed = ("simulate", "--policy", POLICY, "--events", "events")
    ran = command(tmp_path, *fixed, "--until", "2026-03-02T09:30:00Z")
    assert ran.code == 2
    assert "--until lies before the last line of events" in ran.err


def test_explain_tells_what_simulate_wrote(tmp_path: Path) -> None:
    """Promise 3, from a file: the decision, its reasons and the policy version."""
    simulated(tmp_path, "--out", "out")
    first = json.loads((tmp_path / "out").read_text().splitlines()[0])
    ran = command(tmp_path, "explain", first["key"], "--from", "out")
    assert (ran.code, ran.err) == (0, "")
    for expected in ("Scored ", "Given to ", "is chosen", "First contact is due", "version 0"):
        assert expected in ran.out
    assert "firm" not in ran.out
    unknown = command(tmp_path, "explain", "lead-unknown", "--from", "out")
    assert (unknown.code, "nothing was decided" in unknown.err) == (1, True)


def test_a_later_version_decides_what_comes_after_it(tmp_path: Path) -> None:
    """CFG-06: every decision names the version that was in force at its time."""
    changed = Path(POLICY).read_text().replace("name: default", "name: changed", 1)
    (tmp_path / "new.yaml").write_text(changed)
    ran = simulated(tmp_path, "--then", "2026-03-02T09:45:00Z=new.yaml", "--out", "out")
    assert ran.code == 0, ran.err
    events = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    scored = [each["value"] for each in events if each["topic"] == "leads.scored"]
    assert {each["policy_version"] for each in scored if each["at"] < "2026-03-02T09:45:00Z"} == {0}
    assert {each["policy_version"] for each in scored if each["at"] >= "2026-03-02T09:45:00Z"} == {
        1
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--then", "new.yaml"), "write TIME=FILE"),
        (("--then", "tomorrow=new.yaml"), "--then"),
        (("--then", "2026-03-02T09:45:00Z=missing.yaml"), "missing.yaml is not there"),
        (("--then", "2027-03-02T09:45:00Z=new.yaml"), "--until lies before the last --then"),
        (
            (
                "--then",
                "2026-03-02T09:45:00Z=new.yaml",
                "--then",
                "2026-03-02T10:45:00+01:00=new.yaml",
            ),
            "give each its own",
        ),
    ],
)
def test_a_later_version_that_cannot_be_used_is_refused(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """One sentence, exit code 2."""
    (tmp_path / "new.yaml").write_text(Path(POLICY).read_text())
    ran = simulated(tmp_path, *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_fairness_tells_what_each_rep_was_due(tmp_path: Path) -> None:
    """FAIR-01: worked out from the file alone, as a table and as JSON."""
    simulated(tmp_path, "--out", "out")
    ran = command(tmp_path, "fairness", "--from", "out", "--period", "month")
    assert ran.code == 0, ran.err
    assert "emea/territory:dach, 2026-03" in ran.out
    assert "Nobody further from the share due than" in ran.out
    found = json.loads(command(tmp_path, "fairness", "--from", "out", "--json").out)["sharings"]
    assert found
    assert all(each["furthest"] <= each["bound"] for each in found)


def test_fairness_without_a_decision_says_so(tmp_path: Path) -> None:
    """Exit code 1 where there is nothing, 2 for a file that is none of ours."""
    (tmp_path / "none").write_text('{"topic": "alerts", "value": {}}\n')
    (tmp_path / "other").write_text("lead,owner\n")
    assert command(tmp_path, "fairness", "--from", "none").code == 1
    assert command(tmp_path, "fairness", "--from", "other").code == 2
