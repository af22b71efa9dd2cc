"""Days off, holidays, meetings, sickness and first days, at their boundaries (AVL-01 to AVL-07)."""

import json
from datetime import datetime
from typing import Any

import pytest

from schemas.outputs import RepAssigned
from streams.policy.compiled import compile_policy
from streams.steps.board import Question, board_for
from streams.steps.work import Work
from tests import verifier
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, DeskBench
from tests.streams.steps.test_route import OFFICE, assigned, bench


def at(text: str) -> int:
    """Milliseconds since the epoch."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def why_not(desk: DeskBench, rep: str) -> str | None:
    """What the general rotation's board says of a rep now."""
    work = Work(desk.tables, desk.policy, desk.now, "check")
    question = Question("inside", "round_robin", desk.policy.rotation("inside"))
    return board_for(work, question).looked[rep].why_not


def seen_at(desk: DeskBench, rep: str, instants: list[int]) -> list[str | None]:
    """The same at instants in ascending order, by one board that is kept."""
    return [why_not(desk.until(now), rep) for now in instants]


@pytest.mark.parametrize(
    ("day", "zone", "begin", "end"),
    [
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        ("2026-11-01", "America/New_York", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        ("2026-03-03", "Asia/Tokyo", "2026-03-02T15:00Z", "2026-03-03T15:00Z"),
    ],
)
def test_avl_01_a_day_off_begins_and_ends_at_the_reps_midnight(
    day: str, zone: str, begin: str, end: str
) -> None:
    """AVL-01: to the millisecond, on days of 23, 24 and 25 hours; seen by a kept board."""
    desk = bench(at(begin) - DAY, reps={"bob": {"days_off": [day], "zone": zone}})
    instants = [at(begin) - 1, at(begin), at(end) - 1, at(end)]
    assert seen_at(desk, "bob", instants) == [None, "day_off", "day_off", None]


@pytest.mark.parametrize("kind", ["pto", "sick", "all_day_meeting", "meeting"])
def test_avl_03_absences_begin_and_end_to_the_millisecond(kind: str) -> None:
    """AVL-01, AVL-02, AVL-03, AVL-07: as HR and calendar report them."""
    desk = bench()
    desk.rep("bob", away=[(kind, HOUR, 2 * HOUR)])
    instants = [NOON + HOUR - 1, NOON + HOUR, NOON + 2 * HOUR - 1, NOON + 2 * HOUR]
    assert seen_at(desk, "bob", instants) == [None, kind, kind, None]


def test_avl_03_a_team_may_let_its_reps_have_leads_in_meetings() -> None:
    """The setting; a whole day counts nevertheless (AVL-02), and the owner rule stays (34)."""
    desk = bench(inside={"skip_in_meetings": False})
    desk.rep("ann", away=[("meeting", 0, HOUR)])
    assert assigned(desk.lead()).rep_id == "ann"
    desk.rep("bob", away=[("all_day_meeting", 0, HOUR), ("meeting", 0, HOUR)])
    assert (why_not(desk, "ann"), why_not(desk, "bob")) == (None, "all_day_meeting")
    desk.publish(policies.policy(2))
    assert why_not(desk, "ann") == "meeting"
    assert why_not(desk, "bob") == "all_day_meeting"


def test_what_the_policy_says_is_not_written_into_the_reps_row() -> None:
    """Else a day off would stay when the policy takes it back."""
    desk = bench(reps={"bob": {"days_off": ["2026-03-02"]}})
    desk.rep("bob", available=True)
    desk.pause("bob", paused=False)
    assert why_not(desk, "bob") == "day_off"
    desk.publish(policies.policy(2))
    assert why_not(desk, "bob") is None


def test_an_owners_day_off_is_his_backups() -> None:
    """Decision 34: away all day; the ownership stays."""
    bob = {"days_off": ["2026-03-02"], "backup": "cay"}
    given = assigned(bench(reps={"bob": bob}).lead(owner_rep_id="bob"))
    assert (given.rep_id, given.method, given.reason) == ("cay", "backup", "owner_day_off")


def test_nobody_gets_a_lead_before_the_first_day() -> None:
    """Not even one who is owned; from midnight on he is in the rotation, owed nothing."""
    reps = {rep: {"starts_on": "2026-03-03"} for rep in ("ann", "bob")}
    desk = bench(reps=reps)
    for _ in range(5):
        assert assigned(desk.lead()).rep_id == "cay"
    assert seen_at(desk, "ann", [at("2026-03-03T00:00Z") - 1, at("2026-03-03T00:00Z")]) == [
        "not_started",
        None,
    ]


def test_whoever_waits_is_served_when_the_day_off_is_over() -> None:
    """Decision 33: the desk's timer knows the policy's absences."""
    reps = {rep: {"days_off": ["2026-03-02"]} for rep in ("ann", "bob", "cay")}
    desk = bench(reps=reps)
    desk.lead("lead-1")
    desk.until(at("2026-03-03T00:00Z") - 1)
    assert desk.assigned() == []
    desk.until(at("2026-03-03T00:00Z"))
    assert desk.assigned() == [("lead-1", "ann")]


def test_the_twin_a_rule_that_forgets_days_off_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same look finds one that only closes the rep's hours: then he had leads at night."""
    monkeypatch.setattr("streams.steps.work.with_absences", lambda rep, *_, **__: rep)
    assert why_not(bench(reps={"bob": {"days_off": ["2026-03-02"]}}), "bob") == "outside_hours"


def test_avl_05_log_in_goes_by_the_reps_own_working_time() -> None:
    """AVL-05: 24 hours of his own shifts; neither nights nor weekends nor his days off count."""
    friday_evening = at("2026-02-27T18:00Z")
    hours = OFFICE | {"begin": "09:00", "end": "17:00"}
    ann = {"days_off": ["2026-03-03"]}
    desk = bench(friday_evening, inside={"hours": hours}, reps={"ann": ann})
    desk.rep("ann", logged_in_at=friday_evening)
    last = at("2026-03-05T17:00Z")  # Monday, Wednesday and Thursday have eight hours each
    assert seen_at(desk, "ann", [last - 1, last + 16 * HOUR]) == [None, "not_logged_in"]


def test_avl_06_after_a_skip_the_rotation_goes_on_with_the_next() -> None:
    """AVL-06: and the one who was skipped gets no two for it."""
    desk = bench()
    desk.rep("ann", away=[("pto", 0, DAY)])
    assert [assigned(desk.lead()).rep_id for _ in range(4)] == ["bob", "cay", "bob", "cay"]
    desk.rep("ann", away=[])
    assert [assigned(desk.lead()).rep_id for _ in range(3)].count("ann") == 1


def test_the_verifier_finds_a_lead_given_on_a_day_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 3: from the record and the policy alone; its twin is the first call."""
    written = json.loads(policies.text(reps={"ann": {"days_off": ["2026-03-02"]}}))
    verifier.verify(records(DeskBench(compile_policy(json.dumps(written), 1)))[0], written)
    monkeypatch.setattr("streams.steps.work.with_absences", lambda rep, *_, **__: rep)
    night = DeskBench(compile_policy(json.dumps(written), 1))
    for rep in ("bob", "cay"):
        night.rep(rep, available=False)
    with pytest.raises(verifier.Wrong, match="absence of ann"):
        verifier.verify(records(night)[0], written)


def records(desk: DeskBench) -> list[dict[str, Any]]:
    """One more lead, and all assignments as others read them."""
    desk.lead()
    return [event.model_dump(mode="json", by_alias=True) for event in desk.events(RepAssigned)]
