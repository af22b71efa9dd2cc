"""A race for a hot lead through the whole pipeline, and told by `explain` (LANE-02)."""

import json
from pathlib import Path
from typing import Any

from tests.agents.command_line.process import POLICY, Ran, command
from tests.agents.command_line.samples import captured, text
from tests.agents.command_line.test_overrides import line, sent

HOT = {
    "employees": 600,
    "title": "Chief Executive",
    "industry": "software",
    "phone": "+1 212 5550100",
}
ASSIGN, RACE = "      method: assign  # default\n", "      method: race\n"


def answers(offers: dict[str, str]) -> list[dict[str, Any]]:
    """rep-101 declines, rep-103 is the first to accept; rep-102 and rep-103 again are too late."""
    said = [
        ("17:01", "offer.declined", 1, "rep-101"),
        ("17:02", "offer.accepted", 2, "rep-103"),
        ("17:03", "offer.accepted", 3, "rep-102"),
        ("17:04", "offer.accepted", 4, "rep-103"),
    ]
    return [
        line("pools.commands", clock, kind, number, sender="sales-app", rep_id=rep,
             offer_id=offers.get(rep, "not known yet"))
        for clock, kind, number, rep in said
    ]  # fmt: skip


def raced(folder: Path) -> Ran:
    """A hot lead of New York at noon. The answers name the offers that a run without them made."""
    policy = POLICY.read_text("utf-8")
    assert policy.count(ASSIGN) == 1
    (folder / "policy.yaml").write_text(policy.replace(ASSIGN, RACE), "utf-8")
    offers: dict[str, str] = {}
    for _ in range(2):
        lead = captured(1, "2026-03-02T17:00:00Z", lead_id="L-1", country="US", **HOT)
        (folder / "events").write_bytes(text(lead, *answers(offers)))
        arguments = ("--policy", "policy.yaml", "--events", "events", "--out", "out", "--json")
        ran = command(folder, "simulate", *arguments, "--until", "2026-03-02T17:20:00Z")
        made = [each for each in sent(folder, "assignments.offers") if "withdrawn" not in each]
        offers = {each["offered_to"][0]: each["offer_id"] for each in made}
    return ran


TOLD = """
Offered to rep-103 for 5 min; the first to accept has it.
Not by owner of the account: no owner
Matched hot lane: round_robin: score 95
rep-101 could take it (owed 0.00 leads, 0 open leads)
Rotation americas/round_robin: offered to who comes next.
Offered to rep-101 for 5 min; the first to accept has it.
Place: the waiting room, status mql: offered.
Not offered to rep-101 any more: he declined it.
Not offered to rep-102 any more: somebody else was faster.
Given to rep-103 through the hot lane (team americas).
Reason: accepted.
Matched hot lane: round_robin: offered to rep-103, rep-101, rep-102; rep-103 accepted first
rep-101 is passed over: had or declined this lead before (0 open leads)
rep-103 is chosen (owed 0.00 leads, due 0.20 leads earlier than rep-102, 0 open leads)
Rotation americas/round_robin: rep-103 is the one who accepted first.
First contact is due by 2026-03-02T17:32:00Z, 30 min later.
"""


def test_the_first_to_accept_has_it_and_explain_tells_the_race(tmp_path: Path) -> None:
    """LANE-02: the declined, the late and the repeated answer change nothing; nothing is lost."""
    ran = raced(tmp_path)
    (given,) = sent(tmp_path, "assignments.rep")
    assert (given["rep_id"], given["reason"]) == ("rep-103", "accepted")
    reasons = [each["reason"] for each in sent(tmp_path, "leads.rejected")]
    assert reasons == ["offer_ended", "offer_ended"]
    found = json.loads(ran.out.splitlines()[-1])
    assert (found["assigned"], found["lost"], found["duplicated"]) == (1, 0, 0)
    told = command(tmp_path, "explain", "L-1", "--from", "out").out
    said = iter([one.strip() for one in told.splitlines()])
    assert [one for one in TOLD.strip().splitlines() if one not in said] == [], told


def test_an_offer_tells_no_more_than_a_rep_needs_to_decide(tmp_path: Path) -> None:
    """Design, section 3: who does not get the lead never sees whose it is."""
    raced(tmp_path)
    offers = json.dumps(sent(tmp_path, "assignments.offers"))
    assert "person1" not in offers
    assert "212" not in offers
