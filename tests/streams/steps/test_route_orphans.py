"""Leads that have to go to somebody else: never back to who has left, never past who waits."""

from typing import Any

import pytest

from schemas.outputs import Alert, LifecycleChanged, SlaBreached
from streams.steps import policy_changed, waiting_room
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, NOON, DeskBench, recount
from tests.streams.steps.test_route import bench


def everybody_had(desk: DeskBench, lead_id: str) -> None:
    """Every rep of the team gives the lead back; so the manager keeps it."""
    desk.lead(lead_id)
    for _ in range(3):
        desk.activity(lead_id, desk.owners()[lead_id], "returned")


def test_a_manager_who_leaves_does_not_get_his_leads_back() -> None:
    """ACCT-03: the tiers go on where the last resort is gone."""
    desk = bench()
    desk.rep("bob", status="left")
    desk.lead("lead-1", owner_rep_id="bob")
    assert desk.owners() == {"lead-1": "ann"}
    desk.rep("ann", status="left")
    assert desk.owners() == {"lead-1": "cay"}
    recount(desk)


def test_where_the_manager_has_left_the_lead_waits_and_a_critical_alert_says_so() -> None:
    """Decision 35 ends with him; another manager takes it."""
    desk = bench()
    for lead in ("lead-1", "lead-2"):
        everybody_had(desk, lead)
    desk.rep("ann", status="left")
    assert desk.owners() == {}
    assert [event.to_place for event in desk.events(LifecycleChanged)][-2:] == ["waiting"] * 2
    (alert,) = [event for event in desk.events(Alert) if event.severity == "critical"]
    assert (alert.kind, alert.subject) == ("manager_left", "ann")
    recount(desk)
    desk.publish(policies.policy(2, teams={"inside": {"manager": "eve"}}))
    assert desk.owners() == {"lead-1": "eve", "lead-2": "eve"}
    recount(desk)


def test_a_manager_who_comes_back_takes_what_waits_for_nobody_else() -> None:
    """Whatever event frees somebody wakes the waiting."""
    desk = bench()
    everybody_had(desk, "lead-1")
    desk.rep("ann", status="left")
    desk.rep("ann", status="active")
    assert desk.owners() == {"lead-1": "ann"}


def test_a_breach_without_manager_waits() -> None:
    """Nobody eligible, and the last resort gone: still never lost, and never silent."""
    desk = bench(inside={"manager": "eve"}, teams={"field": {"manager": "eve"}})
    desk.lead("lead-1")
    for rep in ("bob", "cay"):
        desk.rep(rep, available=False)
    desk.rep("eve", status="left")
    desk.after(2 * HOUR)
    assert desk.events(SlaBreached)[0].action == "alert_manager"
    assert (desk.owners(), desk.events(Alert)[-1].kind) == ({}, "manager_left")
    recount(desk)


def test_a_leavers_leads_with_priority_are_routed_first() -> None:
    """Decision 32: the last free slot is for the urgent one, whatever its id."""
    desk = bench(
        reps={"ann": {"open_limit": 2}, "bob": {"open_limit": 1}, "cay": {"team": "field"}}
    )
    desk.rep("bob", available=False)
    desk.lead("lead-1")
    desk.lead("lead-2", hot=True)
    desk.rep("bob", available=True)
    desk.rep("ann", status="left")
    assert desk.owners() == {"lead-2": "bob"}


def by_country(version: int, *, countries: dict[str, list[str]], **reps: Any) -> Any:
    """A policy in which each country has its reps, who have one slot each."""
    territories = [
        {"territory": name.lower(), "countries": [name], "reps": members}
        for name, members in countries.items()
    ]
    slots: dict[str, Any] = {rep: {"open_limit": 1} for rep in ("ann", "bob")}
    inside = {"tiers": ["territory"], "territories": territories}
    return policies.policy(version, teams={"inside": inside}, reps=slots | reps)


ONE_SLOT = {"team": "inside", "open_limit": 1}


def orphan_against_waiting(**orphan: Any) -> DeskBench:
    """Somebody waits, a newer lead loses its rep, and a new policy brings one free rep."""
    desk = DeskBench(by_country(1, countries={"DE": ["bob"], "FR": ["cay"]}, cay=ONE_SLOT))
    desk.lead("held", country="DE")
    desk.lead("waits", country="DE")
    desk.lead("orphan", country="FR", **orphan)
    after = {"DE": ["bob", "dan"], "FR": ["dan"]}
    desk.publish(by_country(2, countries=after, cay=None, dan=ONE_SLOT))
    recount(desk)
    return desk


def test_who_waits_comes_before_an_orphan_when_the_policy_changes() -> None:
    """Decision 33: never overtaken by a newer one of the same priority."""
    assert orphan_against_waiting().owners() == {"held": "bob", "waits": "dan"}


def test_an_orphan_with_priority_comes_before_who_waits_without() -> None:
    """Decision 33: priority, then arrival."""
    assert orphan_against_waiting(hot=True).owners() == {"held": "bob", "orphan": "dan"}


def test_in_another_order_the_orphan_would_overtake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with orphans first, as if they had waited."""
    monkeypatch.setattr(policy_changed, "_ORPHAN", -1)
    assert orphan_against_waiting().owners() == {"held": "bob", "orphan": "dan"}


def breach_at_the_return(*, breached_hot: bool) -> DeskBench:
    """Bob's meeting ends at the very instant at which the clock of a lead runs out."""
    contact = {"target": "2h", "target_high": "2h"}
    slots: dict[str, Any] = {"ann": {"open_limit": 1}, "bob": {"open_limit": 1}}
    desk = bench(inside={"contact": contact}, reps=slots | {"cay": {"team": "field"}})
    desk.rep("bob", away=[("meeting", 0, 2 * HOUR)])
    desk.lead("breached", hot=breached_hot)
    desk.lead("waits")
    desk.until(NOON + 2 * HOUR)
    recount(desk)
    return desk


def test_a_breach_does_not_overtake_who_waits() -> None:
    """Decision 33: the clock's timer comes before the desk's own at the same instant."""
    assert breach_at_the_return(breached_hot=False).owners()["waits"] == "bob"


def test_a_breach_with_priority_does() -> None:
    """Decision 33: priority first."""
    assert breach_at_the_return(breached_hot=True).owners()["breached"] == "bob"


def test_without_the_drain_a_breach_would_overtake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: served only afterwards, as an urgent lead is."""
    drain = waiting_room.drain

    def late(work: Any, desk: str, **limits: bool) -> None:
        if not limits:
            drain(work, desk)

    monkeypatch.setattr(waiting_room, "drain", late)
    assert breach_at_the_return(breached_hot=False).owners()["breached"] == "bob"
