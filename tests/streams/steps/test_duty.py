"""The on-call rota at its hand-over, across changes of the clocks and by date (decision 33)."""

import copy
import json
from datetime import datetime
from typing import Any

import pytest

from schemas.outputs import RepAssigned
from streams.policy.compiled import compile_policy
from streams.steps.duty import duty
from streams.steps.work import Work
from tests import verifier
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, DeskBench
from tests.streams.steps.test_route import OFFICE, assigned

ROTA = {"begins": "2026-03-02", "days": 7, "reps": ["ann", "bob"]}
DATES = [{"first": "2026-03-18", "last": "2026-03-18", "reps": ["cay"]}]
BERLIN = "Europe/Berlin"


def at(text: str) -> int:
    """Milliseconds since the epoch."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def written(**inside: Any) -> dict[str, Any]:
    """A team in Berlin with a rota."""
    team = {"zone": BERLIN, "hours": OFFICE, "on_call_rota": ROTA, "on_call_dates": DATES}
    found: dict[str, Any] = json.loads(policies.text(teams={"inside": team | inside}))
    return found


def desk_at(now: str, **inside: Any) -> DeskBench:
    """Its desk."""
    return DeskBench(compile_policy(json.dumps(written(**inside)), 1), at(now))


@pytest.mark.parametrize(
    ("now", "rep"),
    [
        ("2026-03-02T19:00+01:00", "ann"),
        ("2026-03-09T08:59:59.999+01:00", "ann"),  # the night of the last day belongs to it
        ("2026-03-09T18:00+01:00", "bob"),
        ("2026-03-17T20:00+01:00", "ann"),
        ("2026-03-18T08:00+01:00", "ann"),
        ("2026-03-18T20:00+01:00", "cay"),
        ("2026-03-19T08:00+01:00", "cay"),
        ("2026-03-19T20:00+01:00", "ann"),
        ("2026-03-29T12:00+02:00", "bob"),  # the Sunday of 23 hours
        ("2026-03-30T08:59:59.999+02:00", "bob"),
        ("2026-03-30T18:00+02:00", "ann"),
    ],
)
def test_the_rota_says_who_takes_a_lead_of_the_night(now: str, rep: str) -> None:
    """Decision 33: on-call first; handed over with the working time, on weekends too."""
    given = assigned(desk_at(now).lead())
    assert (given.rep_id, given.explanation.rotation) == (rep, "inside/on_call")
    assert given.contact_due_at == at(now) + 2 * HOUR
    reasons = {each.rep_id: each.why_not for each in given.explanation.candidates}
    assert {each for each in reasons.values() if each} <= {"not_on_call", "outside_hours"}


def test_a_kept_board_hands_over_at_the_very_instant() -> None:
    """Sunday night to Monday morning, where nobody works on Monday: one desk, asked twice."""
    desk = desk_at("2026-03-08T20:00+01:00", hours=OFFICE | {"days": ["tue"]})
    assert assigned(desk.lead()).rep_id == "ann"
    desk.until(at("2026-03-09T09:00+01:00") - 1)
    assert assigned(desk.lead()).rep_id == "ann"
    desk.until(at("2026-03-09T09:00+01:00"))
    assert assigned(desk.lead()).rep_id == "bob"


def test_another_rota_holds_as_soon_as_it_is_in_force() -> None:
    """Changes while running: in the same night, not from the next hand-over on."""
    desk = desk_at("2026-03-02T19:00+01:00")
    assert assigned(desk.lead()).rep_id == "ann"
    desk.publish(compile_policy(json.dumps(written(on_call_rota=ROTA | {"reps": ["bob"]})), 2))
    assert assigned(desk.lead()).rep_id == "bob"


def test_a_version_that_is_taken_back_leaves_no_duty_behind() -> None:
    """Promise 4: a batch that is rolled back is decided again by the version before."""
    desk = desk_at("2026-03-02T19:00+01:00")
    other = compile_policy(json.dumps(written(on_call_rota=ROTA | {"reps": ["bob"]})), 2)
    on_duty = [
        duty(Work(desk.tables, version, desk.now, "cause"), "inside").reps
        for version in (desk.policy, other, desk.policy)
    ]
    assert on_duty == [{"ann"}, {"bob"}, {"ann"}]


def test_whoever_waits_is_woken_by_the_hand_over() -> None:
    """Decision 33: whoever comes up then may be free although nobody of the others is."""
    desk = desk_at("2026-03-08T20:00+01:00", hours=OFFICE | {"days": ["tue"]})
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("lead-1")
    timer = desk.tables.timers.get("wake:main")
    assert timer is not None
    assert timer.due == at("2026-03-09T09:00+01:00")


def test_those_who_are_always_on_call_are_so_beside_the_rota() -> None:
    """They share by their turns."""
    desk = desk_at("2026-03-02T19:00+01:00", on_call=["cay"])
    assert {assigned(desk.lead()).rep_id for _ in range(4)} == {"ann", "cay"}


def test_the_verifier_knows_who_was_on_call() -> None:
    """Promise 3; the twin: a policy whose rota began a week later."""
    rules = written()
    desk = desk_at("2026-03-09T18:00+01:00")
    for _ in range(3):
        desk.lead()
        desk.after(9 * HOUR)
    night = [
        each.model_dump(mode="json", by_alias=True)
        for each in desk.events(RepAssigned)
        if each.explanation.rotation == "inside/on_call"
    ]
    assert night
    shifted = copy.deepcopy(rules)
    shifted["teams"]["inside"]["on_call_rota"]["begins"] = "2026-03-09"
    for record in night:
        verifier.verify(record, rules)
        with pytest.raises(verifier.Wrong, match="on call"):
            verifier.verify(record, shifted)
