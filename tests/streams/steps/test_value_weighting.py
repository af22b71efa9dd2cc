"""Value weighting through the stage: points are shared, charged and given back (WGT-04)."""

import json
from collections import Counter
from typing import Any

import pytest

from agents.fairness.shares import Shares
from schemas.outputs import RepAssigned
from streams.policy.compiled import compile_policy
from streams.policy.problems import PolicyError
from tests import verifier
from tests.streams import policies
from tests.streams.policy.sample import broken, place
from tests.streams.steps.desk_bench import HOUR, DeskBench

POINTS = {"A": 4, "B": 3, "C": 2, "D": 1}
ZONE = "    zone: America/New_York\n"


def written(*, by_value: bool, **reps: Any) -> dict[str, Any]:
    """A policy whose general rotation shares points, or counts."""
    team = {"open_limit": 5_000, "daily_limit": 5_000, "weighting": {"by_value": by_value}}
    found: dict[str, Any] = json.loads(policies.text(teams={"inside": team}, reps=reps))
    return found


def desk_of(*, by_value: bool, **reps: Any) -> DeskBench:
    """A desk of ann, bob and cay under it."""
    return DeskBench(compile_policy(json.dumps(written(by_value=by_value, **reps)), 1))


def points_of(desk: DeskBench) -> Counter[str]:
    """What each rep's leads are worth."""
    found = Counter[str]()
    for event in desk.events(RepAssigned):
        found[event.rep_id] += POINTS.get(event.grade, 1)
    return found


def spread(*, by_value: bool) -> int:
    """How far the reps are apart in points when the grades come in the worst order: A, D, D, ..."""
    desk = desk_of(by_value=by_value)
    for number in range(90):
        desk.lead(grade="ADD"[number % 3])
    found = points_of(desk)
    return max(found.values()) - min(found.values())


def test_wgt_04_good_leads_are_shared_by_their_value() -> None:
    """WGT-04: not ten enterprise leads for one and ten small ones for another."""
    assert spread(by_value=True) <= 4


def test_the_twin_counts_alone_give_one_rep_all_the_good_leads() -> None:
    """The complaint that the row is about."""
    assert spread(by_value=False) == 90


def test_a_lead_gives_back_what_it_cost() -> None:
    """Decisions, Charge: junk, and a lead that the backup takes over, whatever the grade is now."""
    desk = desk_of(by_value=True)
    desk.lead("junk", grade="A")
    row = desk.tables.turns.get("inside/round_robin/ann")
    desk.activity("junk", "ann", "junk")
    after = desk.tables.turns.get("inside/round_robin/ann")
    assert row is not None
    assert after is not None
    assert row.start > after.start == 0
    desk.lead("late", grade="A")
    holder = desk.owners()["late"]
    desk.lead("late", kind="update", grade="D")
    desk.after(2 * HOUR)
    assert desk.owners()["late"] != holder
    turn = desk.tables.turns.get(f"inside/round_robin/{holder}")
    assert turn is None or turn.start == 0


def test_the_record_says_what_the_lead_cost_and_the_owner_is_derived_from_it() -> None:
    """Promise 3; the twin: another number of points in the record."""
    rules = written(by_value=True, ann={"weight": 300}, bob={"weight": 70})
    desk = DeskBench(compile_policy(json.dumps(rules), 1))
    for number in range(120):
        desk.lead(grade="ABCDE"[number * 7 % 5])
        if number % 9 == 0:
            desk.rep("cay", available=number % 2 == 0)
    records = [each.model_dump(mode="json", by_alias=True) for each in desk.events(RepAssigned)]
    for record in records:
        verifier.verify(record, rules)
    assert {record["explanation"]["points"] for record in records} == {4, 3, 2, 1}
    records[-1]["explanation"]["points"] = 9
    with pytest.raises(verifier.Wrong, match="points"):
        verifier.verify(records[-1], rules)


def test_the_fairness_report_counts_points() -> None:
    """FAIR-02, FAIR-03: due and taken in the unit that the rotation shares."""
    desk = desk_of(by_value=True)
    for number in range(60):
        desk.lead(grade="AD"[number % 2])
    shares = Shares()
    for event in desk.events(RepAssigned):
        shares.note(event.model_dump(mode="json", by_alias=True, exclude_none=True))
    (found,) = shares.sharings()
    assert {rep: share.taken for rep, share in found.shares.items()} == dict(points_of(desk))
    assert sum(share.due for share in found.shares.values()) == pytest.approx(150)
    assert found.furthest < 4 < found.bound


@pytest.mark.parametrize(
    ("points", "where", "reason"),
    [
        ("{G: 4}", "G: 4", "no grade is called 'G'"),
        ("{A: 0}", "A: 0", "greater than or equal to 1"),
        ("[4, 3]", "points: [4, 3]", "write a mapping"),
    ],
)
def test_points_that_make_no_sense_are_refused(points: str, where: str, reason: str) -> None:
    """CFG: with the line, and what to write instead."""
    text = broken(ZONE, f"{ZONE}    weighting: {{points: {points}}}\n")
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place(text, where)
    assert reason in problem.reason
