"""A morning with a manager's hand in it, through the whole pipeline and told by `explain`."""

import json
from pathlib import Path
from typing import Any

from tests.agents.command_line.process import POLICY, Ran, command
from tests.agents.command_line.samples import captured, text

UNTIL = "2026-03-03T00:00:00Z"
MANAGER = {"sender": "sales-desk", "by": "manager-2"}
CRM = {"sender": "crm"}


def line(topic: str, clock: str, kind: str, number: int, **fields: Any) -> dict[str, Any]:
    """An input line of that morning."""
    at = f"2026-03-02T{clock}:00Z"
    value = {"type": kind, "event_id": f"e-{number}", "occurred_at": at} | fields
    return {"topic": topic, "at": at, "value": value}


def interventions(first_assignment: str) -> list[dict[str, Any]]:
    """rep-202 is in a training, so rep-201 gets L-1, which the manager takes from him again.

    Half an hour later somebody sets another owner in the CRM.
    """
    return [
        line("pools.commands", "08:00", "rep.paused", 1, rep_id="rep-202", paused=True,
             until="2026-03-02T13:00:00Z", reason="training on the new product", **MANAGER),
        line("pools.commands", "08:01", "turn.adjusted", 2, rep_id="rep-201", leads=1,
             rotation="emea/territory:dach", reason="yesterday's lead was a test", **MANAGER),
        captured(1, "2026-03-02T08:05:00Z", lead_id="L-1"),
        line("pools.commands", "08:09", "assignment.skipped", 3, lead_id="L-1",
             assignment_id=first_assignment, reason="he is at the dentist", **MANAGER),
        line("crm.events", "08:40", "lead.owner_changed", 4, lead_id="L-1", rep_id="rep-101",
             by="user-31", reason="met her at the fair", **CRM),
    ]  # fmt: skip


def echo(clock: str, number: int, rep_id: str) -> dict[str, Any]:
    """The CRM tells of an owner that it got from us."""
    fields = {"lead_id": "L-1", "rep_id": rep_id, "by": "integration", "reason": ""}
    return line("crm.events", clock, "lead.owner_changed", number, **fields, **CRM)


ECHOES = [echo("08:10", 11, "rep-201"), echo("08:11", 12, "rep-203"), echo("08:41", 13, "rep-101")]
"""The first comes late: the manager was quicker than the CRM."""


def simulated(folder: Path, *more: dict[str, Any]) -> Ran:
    """The morning and the rest of the day. The skip names what a run without it has given out."""
    folder.mkdir()
    assignment_id = "not known yet"
    for _ in range(2):
        (folder / "events").write_bytes(text(*interventions(assignment_id), *more))
        arguments = ("simulate", "--policy", POLICY, "--events", "events", "--until", UNTIL)
        ran = command(folder, *arguments, "--out", "out", "--json")
        assignment_id = sent(folder, "assignments.rep")[0]["assignment_id"]
    return ran


def sent(folder: Path, topic: str) -> list[dict[str, Any]]:
    """What was said on a topic."""
    lines = map(json.loads, (folder / "out").read_text().splitlines())
    return [one["value"] for one in lines if one["topic"] == topic]


def owners(folder: Path) -> list[tuple[str, str]]:
    """Who got the lead, one after the other, and how."""
    return [(one["rep_id"], one["method"]) for one in sent(folder, "assignments.rep")]


TOLD = """
rep-202 was paused until 2026-03-02T13:00:00Z.
By manager-2: training on the new product
rep-201 is owed +1 leads more in the rotation emea/territory:dach.
By manager-2: yesterday's lead was a test
Given to rep-201 by territory (team emea).
rep-202 is passed over: paused by a manager (0 open leads)
No longer with rep-201: it goes to somebody else.
By manager-2: he is at the dentist
Given to rep-203 by the team's rotation (team emea).
rep-201 is passed over: had or declined this lead before (0 open leads)
No longer with rep-203: the CRM has another owner.
By user-31: met her at the fair
Given to rep-101 by hand (team americas).
By user-31: met her at the fair
Matched a person's decision: lead.owner_changed
No clock runs for the first contact.
"""


def test_every_hand_has_its_effect_and_explain_says_whose_it_was_and_why(tmp_path: Path) -> None:
    """Issue 4, Overrides and Owner sync: nothing routes the lead again for the rest of the day."""
    folder = tmp_path / "run"
    ran = simulated(folder, *ECHOES)
    expected = [("rep-201", "territory"), ("rep-203", "round_robin"), ("rep-101", "manager")]
    assert owners(folder) == expected
    assert sent(folder, "sla.breaches") == sent(folder, "leads.rejected") == []
    found = json.loads(ran.out.splitlines()[-1])
    assert (found["assigned"], found["reassigned"], found["lost"]) == (1, 2, 0)
    told = command(folder, "explain", "L-1", "--from", "out").out
    said = iter([one.strip() for one in told.splitlines()])
    assert [one for one in TOLD.strip().splitlines() if one not in said] == []


def test_our_own_changes_coming_back_leave_no_trace(tmp_path: Path) -> None:
    """Byte for byte the same output with the CRM's echo and without it."""
    for name, more in (("with", ECHOES), ("without", [])):
        simulated(tmp_path / name, *more)
    assert (tmp_path / "with" / "out").read_bytes() == (tmp_path / "without" / "out").read_bytes()


def test_what_comes_back_a_second_time_would_leave_one(tmp_path: Path) -> None:
    """The twin: then it is a person who wants rep-201."""
    folder = tmp_path / "run"
    simulated(folder, *ECHOES, echo("08:12", 14, "rep-201"))
    assert ("rep-201", "manager") in owners(folder)
