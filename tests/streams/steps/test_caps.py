"""Daily and other caps: never exceeded, given back, woken in time (AVL-04, CPTY-01, CPTY-07)."""

from datetime import datetime

import pytest

from schemas.outputs import RepAssigned
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, recount
from tests.streams.steps.test_route import assigned, bench

BEST = {"cap": "best", "most": 2, "when": 'grade == "A"'}


def at(text: str) -> int:
    """Milliseconds since the epoch."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def reasons(event: RepAssigned) -> dict[str, str | None]:
    """Why each rep was passed over."""
    return {each.rep_id: each.why_not for each in event.explanation.candidates}


def test_cpty_01_the_daily_limit_passes_a_rep_over_with_the_reason() -> None:
    """CPTY-01, AVL-04, promise 3: however quickly he closes them."""
    desk = bench(reps={"ann": {"daily_limit": 1}})
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "won")
    given = [assigned(desk.lead()) for _ in range(3)]
    assert [event.rep_id for event in given] == ["bob", "cay", "bob"]
    assert reasons(given[2])["ann"] == "daily_limit"
    recount(desk)


def test_a_cap_by_kind_holds_back_and_counts_that_kind_alone() -> None:
    """By grade here; source, segment and all the other facts are asked for in the same way."""
    kinds = [BEST, {"cap": "web", "most": 1, "per": "month", "when": 'source == "chat"'}]
    desk = bench(inside={"caps": kinds, "push": {"all": True}}, reps={"bob": None, "cay": None})
    for _ in range(2):
        assigned(desk.lead(grade="A"))
        assigned(desk.lead(grade="B"))
    desk.lead("best-3", grade="A")
    assert assigned(desk.lead(source="chat")).rep_id == "ann"
    desk.lead("chat-2", source="chat")
    assert {"best-3", "chat-2"}.isdisjoint(desk.owners())
    assert assigned(desk.lead(grade="B")).rep_id == "ann"
    desk.until(at("2026-03-03T00:00Z"))
    assert "best-3" in desk.owners()
    desk.until(at("2026-04-01T00:00Z") - 1)
    assert "chat-2" not in desk.owners()
    desk.until(at("2026-04-01T00:00Z"))
    assert "chat-2" in desk.owners()


def test_a_rolling_cap_lets_one_more_come_when_the_oldest_leaves_the_span() -> None:
    """Any two hours, whatever the clock on the wall says."""
    rolling = {"cap": "burst", "most": 2, "rolling": "2h"}
    desk = bench(inside={"caps": [rolling]}, reps={"bob": None, "cay": None})
    desk.lead("lead-1")
    desk.after(HOUR).lead("lead-2")
    desk.lead("lead-3")
    for lead in ("lead-1", "lead-2"):
        desk.activity(lead, "ann", "contacted")
    desk.until(NOON + 2 * HOUR - 1)
    assert "lead-3" not in desk.owners()
    desk.until(NOON + 2 * HOUR)
    assert desk.owners()["lead-3"] == "ann"


@pytest.mark.parametrize(
    ("day", "zone", "begin", "end"),
    [
        ("23 hours", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("25 hours", "Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        ("no midnight", "Africa/Cairo", "2026-04-23T22:00Z", "2026-04-24T21:00Z"),
        ("elsewhere", "Asia/Tokyo", "2026-03-01T15:00Z", "2026-03-02T15:00Z"),
    ],
)
def test_the_day_of_a_limit_is_the_reps_own(day: str, zone: str, begin: str, end: str) -> None:
    """One on the last millisecond of the day before, one on the first and none until the end."""
    del day
    desk = bench(
        at(begin) - 1,
        inside={"daily_limit": 1, "login_within": "900d"},
        reps={"bob": None, "cay": None, "ann": {"zone": zone}},
    )
    assert assigned(desk.lead("before")).rep_id == "ann"
    assert assigned(desk.after(1).lead("first")).rep_id == "ann"
    desk.lead("second")
    for lead in ("before", "first"):
        desk.activity(lead, "ann", "contacted")
    desk.until(at(end) - 1)
    assert "second" not in desk.owners()
    desk.until(at(end))
    assert desk.owners()["second"] == "ann"


def test_midnight_in_the_middle_of_a_shift_is_midnight() -> None:
    """A shift from 22:00 to 06:00 has two days' limits; nobody waits for its end."""
    night = {"days": ["mon", "tue"], "begin": "22:00", "end": "06:00"}
    desk = bench(
        at("2026-03-02T23:00Z"),
        inside={"daily_limit": 1, "hours": night, "outside_hours": "hold"},
        reps={"bob": None, "cay": None},
    )
    desk.lead("lead-1")
    desk.lead("lead-2")
    desk.activity("lead-1", "ann", "contacted")
    desk.until(at("2026-03-03T00:00Z") - 1)
    assert "lead-2" not in desk.owners()
    desk.until(at("2026-03-03T00:00Z"))
    assert desk.owners()["lead-2"] == "ann"


@pytest.mark.parametrize("what", ["junk", "duplicate", "no_show"])
def test_a_lead_that_costs_no_turn_does_not_count(what: str) -> None:
    """Decisions, Charge: and whoever waits for the place gets it at once."""
    desk = bench(inside={"daily_limit": 1}, reps={"bob": None, "cay": None})
    desk.lead("lead-1")
    desk.lead("lead-2")
    desk.activity("lead-1", "ann", what)
    assert desk.owners()["lead-2"] == "ann"
    desk.activity("lead-1", "ann", what)
    desk.lead("lead-3")
    assert "lead-3" not in desk.owners()


def test_an_assignment_that_goes_to_a_backup_or_is_skipped_does_not_count() -> None:
    """The taker is counted in place of the first; of one who gives a lead back it counts."""
    desk = bench(inside={"daily_limit": 2}, reps={"ann": {"backup": "bob"}, "cay": None})
    desk.lead("lead-1")
    desk.after(2 * HOUR)
    assert desk.owners() == {"lead-1": "bob"}
    assert [(key, row.count) for key, row in desk.tables.taken.items()] == [("bob/daily_limit", 1)]
    desk.skip("lead-1")
    assert "bob/daily_limit" not in dict(desk.tables.taken.items())
    desk.lead("lead-2")
    holder = desk.owners()["lead-2"]
    row = desk.tables.taken.get(f"{holder}/daily_limit")
    desk.activity("lead-2", holder, "returned")
    assert row is not None
    assert desk.tables.taken.get(f"{holder}/daily_limit") == row


def test_owners_and_people_are_not_stopped_and_count_all_the_same() -> None:
    """Decision 34: capacity never takes an account from its owner; it is work of that day, too."""
    desk = bench(inside={"daily_limit": 1})
    desk.lead("mine-1", owner_rep_id="bob")
    desk.lead("mine-2", owner_rep_id="bob")
    desk.lead("given")
    desk.reassigned("given", "cay")
    owners = desk.owners()
    assert (owners["mine-2"], owners["given"]) == ("bob", "cay")
    given = assigned(desk.lead())
    assert (given.rep_id, reasons(given)["bob"]) == ("ann", "daily_limit")
    assert reasons(given)["cay"] == "daily_limit"


def test_a_backup_of_another_team_has_the_caps_of_his_own() -> None:
    """Eve's team caps what ann's does not."""
    teams = {"field": {"caps": [BEST | {"most": 1}]}}
    desk = bench(reps={"ann": {"backup": "eve"}}, teams=teams)
    for number in range(2):
        desk.rep("ann", away=[("pto", 0, HOUR)])
        desk.lead(f"lead-{number}", grade="A", owner_rep_id="ann")
    assert [rep for _, rep in desk.assigned()] == ["eve", "bob"]


def test_a_lower_cap_in_a_new_policy_holds_at_once_and_a_gone_one_is_forgotten() -> None:
    """What was counted under the name stays counted."""
    desk = bench(inside={"caps": [BEST]})
    for _ in range(6):
        desk.lead(grade="A")
    low = {"inside": {"caps": [BEST | {"most": 1}], "daily_limit": 2}}
    desk.publish(policies.policy(2, teams=low))
    desk.lead("waits", grade="B")
    assert "waits" not in desk.owners()
    desk.publish(policies.policy(3))
    assert "waits" in desk.owners()
    assert {key.partition("/")[2] for key, _ in desk.tables.taken.items()} == {"daily_limit"}


def test_a_move_to_another_zone_gives_nobody_a_second_day() -> None:
    """The number goes along to the day as it is there, however the midnights lie."""
    desk = bench(inside={"daily_limit": 1}, reps={"bob": None, "cay": None})
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "contacted")
    for version, zone in enumerate(("Asia/Tokyo", "America/New_York", "UTC"), start=2):
        move = {"bob": None, "cay": None, "ann": {"zone": zone}}
        team = {"inside": {"daily_limit": 1}}
        desk.publish(policies.policy(version, teams=team, reps=move))
        desk.lead()
    assert list(desk.owners()) == ["lead-1"]


@pytest.mark.parametrize(
    ("old", "new", "arrivals", "owned"),
    [
        ("UTC", "Asia/Tokyo", {"lead-1": 0}, {"lead-3"}),
        ("Asia/Tokyo", "UTC", {"lead-1": 2 * HOUR, "lead-2": 3 * HOUR}, {"lead-2"}),
    ],
)
def test_after_a_move_what_is_given_back_is_a_lead_that_counts(
    old: str, new: str, arrivals: dict[str, int], owned: set[str]
) -> None:
    """The new day may begin after a lead that counts, or before one of yesterday."""
    team, others = {"daily_limit": 1}, {"bob": None, "cay": None}
    desk = bench(inside=team, reps=others | {"ann": {"zone": old}})
    for lead_id, instant in arrivals.items():
        desk.until(NOON + instant).lead(lead_id)
        desk.activity(lead_id, "ann", "contacted")
    reps = others | {"ann": {"zone": new}}
    desk.until(NOON + 3 * HOUR).publish(policies.policy(2, teams={"inside": team}, reps=reps))
    desk.activity("lead-1", "ann", "junk")
    desk.lead("lead-3")
    assert set(desk.owners()) == owned
    recount(desk)


def test_without_the_wake_up_a_lead_would_lie_behind_a_cap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin of the tests at midnight: the desk's timer has to know of caps."""
    monkeypatch.setattr("streams.steps.caps.frees", lambda *_: [])
    desk = bench(inside={"daily_limit": 1}, reps={"bob": None, "cay": None})
    desk.lead("lead-1")
    desk.lead("lead-2")
    desk.activity("lead-1", "ann", "contacted")
    desk.until(NOON + DAY)
    assert "lead-2" not in desk.owners()


def test_a_cap_that_fills_up_while_leads_wait_moves_the_alarm_forward() -> None:
    """The timer was set for a shift tomorrow; the rolling cap lets one more come in an hour."""
    late = {"days": ["tue"], "begin": "12:00", "end": "13:00"}
    burst = {"cap": "burst", "most": 1, "rolling": "1h"}
    desk = bench(
        inside={"caps": [burst], "outside_hours": "hold"},
        reps={"bob": {"hours": late}, "cay": None},
    )
    desk.rep("ann", available=False)
    for number in range(3):
        desk.lead(f"lead-{number}")
    desk.rep("ann", available=True)
    assert [lead for lead, _ in desk.assigned()] == ["lead-0"]
    desk.activity("lead-0", "ann", "contacted")
    desk.after(HOUR)
    assert [lead for lead, _ in desk.assigned()] == ["lead-0", "lead-1"]
