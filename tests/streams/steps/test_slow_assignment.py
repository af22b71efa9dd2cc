"""An owner within a minute of capture, or sales operations hear of it (PERF-01)."""

from types import SimpleNamespace as Namespace
from typing import Any

import pytest

from schemas.outputs import Alert, LeadOffered, RepAssigned
from streams.policy.compiled import compile_policy
from streams.steps import assignment, offer, slow_assignment
from streams.steps.search import Search
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, MINUTE, DeskBench
from tests.streams.steps.test_route import bench

LATE = MINUTE + 1


def told(desk: DeskBench) -> list[Alert]:
    """The alerts of this kind so far."""
    return [event for event in desk.events(Alert) if event.kind == "slow_assignment"]


def late(desk: DeskBench, by: int = LATE, **fields: Any) -> None:
    """A new lead that was captured so long ago."""
    desk.lead(captured_at=desk.now - by, **fields)


def test_perf_01_a_lead_that_had_no_owner_for_over_60_seconds_is_told_of() -> None:
    """PERF-01: owner within 1 minute, alert over 60 seconds; value and limit are seconds."""
    desk = bench()
    late(desk, 75_500)
    (alert,) = told(desk)
    assert desk.events(RepAssigned)
    assert (alert.subject, alert.desk, alert.team) == ("main", "main", "inside")
    assert (alert.severity, alert.value, alert.limit) == ("warning", "75.5 s", "60 s")
    assert "lead-00001" in alert.detail


@pytest.mark.parametrize(("by", "alerts"), [(0, 0), (MINUTE, 0), (LATE, 1)])
def test_a_minute_is_in_time_and_a_millisecond_more_is_not(by: int, alerts: int) -> None:
    """PERF-01: the limit itself is kept."""
    desk = bench()
    late(desk, by)
    assert len(told(desk)) == alerts


@pytest.mark.parametrize(("within", "alerts"), [("2min", 0), ("30s", 1), (None, 0)])
def test_the_policy_says_how_late_is_late(within: str | None, alerts: int) -> None:
    """`oversight.assigned_within`; null switches it off."""
    text = policies.text(oversight={"assigned_within": within or "999d"})
    desk = DeskBench(compile_policy(text if within else text.replace('"999d"', "null"), 1))
    late(desk)
    assert len(told(desk)) == alerts


def backlog(desk: DeskBench) -> int:
    """An outage of two hours is over: 300 leads, each late; how many alerts."""
    for _ in range(300):
        late(desk, 2 * HOUR)
        desk.after(1000)
    return len(told(desk))


def patient() -> DeskBench:
    """A desk whose reps have room for all of them."""
    return bench(inside={"open_limit": 5_000, "daily_limit": 5_000})


def test_an_outage_is_one_alert_for_the_desk_and_one_more_each_hour() -> None:
    """Not one for each lead of the backlog."""
    desk = patient()
    assert backlog(desk) == 1
    desk.after(HOUR)
    late(desk)
    late(desk)
    assert len(told(desk)) == 2


def test_the_twin_without_the_notice_every_lead_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the notice is for."""
    monkeypatch.setattr(slow_assignment, "AGAIN", 0)
    assert backlog(patient()) == 300


def waited_for_shift() -> DeskBench:
    """Nobody is there when it comes, somebody an hour later."""
    desk = bench()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("w")
    desk.after(HOUR)
    desk.rep("bob", available=True)
    assert desk.owners()["w"] == "bob"
    return desk


def rerouted() -> DeskBench:
    """Assigned in time, taken away and given to another a day later."""
    desk = bench()
    desk.lead("r")
    desk.after(DAY)
    desk.skip("r")
    assert len(desk.assigned()) >= 2
    return desk


def asked_again() -> DeskBench:
    """Pooled in time; its person asks again the next day, and it is pushed."""
    desk = bench()
    captured = desk.now
    desk.lead("a", source="web_form", score=10)
    desk.after(DAY)
    desk.lead("a", kind="touch", captured_at=captured)
    assert "a" in desk.owners()
    return desk


def imported() -> DeskBench:
    """Its rep has had it for months."""
    desk = bench()
    late(desk, 90 * DAY, lead_id="i", held_by="bob")
    assert desk.owners()["i"] == "bob"
    return desk


def not_pushed() -> DeskBench:
    """It has no owner, and needs none within a minute."""
    desk = bench()
    late(desk, HOUR, source="web_form", score=10)
    assert not desk.assigned()
    return desk


@pytest.mark.parametrize("story", [waited_for_shift, rerouted, asked_again, imported, not_pushed])
def test_what_is_not_the_pipelines_delay_is_not_told(story: Any) -> None:
    """Waiting has alerts of its own; the others are decided anew, had an owner, or need none."""
    assert told(story()) == []


@pytest.mark.parametrize("story", [waited_for_shift, rerouted])
def test_the_twin_one_who_looks_at_every_assignment_tells_of_them(
    story: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutated rule: it looks whenever somebody gets a lead, whatever happened since capture."""
    ours = assignment.give

    def give(search: Search, lead_id: str, *rest: Any, **more: Any) -> None:
        ours(search, lead_id, *rest, **more)
        lead = Namespace(lead_id=lead_id, held_by=None, desk=search.lead.desk,
                         captured_at=search.lead.captured_at)  # fmt: skip
        slow_assignment.watch(search.work, lead)  # type: ignore[arg-type]  # what it looks at

    monkeypatch.setattr(assignment, "give", give)
    monkeypatch.setattr(offer, "give", give)
    assert told(story())


def test_a_race_that_begins_late_is_told_of() -> None:
    """The reps could not have answered sooner."""
    desk = bench(inside={"hot_lane": {"over": 80, "method": "race"}})
    late(desk, score=99)
    assert desk.events(LeadOffered)
    assert len(told(desk)) == 1
