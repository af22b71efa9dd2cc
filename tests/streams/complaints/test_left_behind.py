"""Complaints about leads that lie where nobody looks, or go to who cannot work them."""

from collections import Counter
from typing import Any

import pytest

from schemas.outputs import Alert
from tests.streams.complaints.patient_desk import counted, desk_of, rules
from tests.streams.steps.desk_bench import DAY, HOUR, DeskBench, recount

DRAIN = "streams.steps.waiting_room._heads"
"""What gives waiting leads away; taken out by the twins."""


def nothing(*_arguments: Any) -> list[Any]:
    """A waiting room that is never looked into."""
    return []


@pytest.mark.parametrize("by_policy", [True, False])
def test_who_has_left_gets_nothing_and_keeps_nothing(*, by_policy: bool) -> None:
    """Complaint 5, leavers keep getting leads: said by the feed or by the policy."""
    desk = desk_of()
    counted(desk, 9)
    if by_policy:
        desk.publish(rules(2, reps={"bob": None}))
    else:
        desk.rep("bob", status="left")
    assert "bob" not in desk.owners().values()
    assert "bob" not in counted(desk, 9)
    assert len(desk.owners()) == 18
    recount(desk)


def capped() -> DeskBench:
    """Three reps who may have one lead a day, and a fourth lead at noon."""
    desk = desk_of(daily_limit=1)
    assert counted(desk, 3) == {"ann": 1, "bob": 1, "cay": 1}
    desk.lead("fourth")
    return desk


def test_a_daily_cap_strands_no_lead_and_is_no_secret() -> None:
    """Complaint 12: it waits, the team hears of it, and at midnight it is the first."""
    desk = capped()
    assert "fourth" not in desk.owners()
    desk.after(HOUR)
    assert {event.detail for event in desk.events(Alert)} == {"lead fourth waits for team inside"}
    desk.until(desk.now + 11 * HOUR)
    assert "fourth" in desk.owners()


def old(days: int) -> DeskBench:
    """A lead that came while nobody was there, so many days ago; now somebody is."""
    desk = desk_of()
    for rep in ("ann", "bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("old")
    desk.after(days * DAY)
    desk.rep("cay", available=True)
    return desk


@pytest.mark.parametrize("days", [1, 8, 60])
def test_a_lead_is_never_too_old_to_be_given_away(days: int) -> None:
    """Complaint 13, older than a week and never picked up."""
    assert old(days).owners() == {"old": "cay"}


def test_a_lead_that_nobody_looks_for_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: without the waiting room's drain both stories end otherwise."""
    monkeypatch.setattr(DRAIN, nothing)
    assert "fourth" not in capped().after(DAY).owners()
    assert old(8).owners() == {}


def test_a_policy_that_says_no_limit_has_one() -> None:
    """Complaint 18, no policy and so no limit: fifty open leads each, the rest waits."""
    desk = desk_of(open_limit=None, daily_limit=None)
    assert counted(desk, 160) == Counter(dict.fromkeys(("ann", "bob", "cay"), 50))
    recount(desk)
