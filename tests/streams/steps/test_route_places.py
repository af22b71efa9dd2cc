"""Pools, nurture, people who ask again, and rows that go: where a lead is if no rep has it."""

from typing import Any

import pytest

from schemas.inner import OutcomeReported
from schemas.outputs import Alert, LeadPooled, LeadRecycled, LifecycleChanged, RepAssigned
from streams.steps.work import LEAD_TIMERS
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, recount
from tests.streams.steps.test_route import assigned, bench


def test_what_is_not_pushed_goes_to_the_first_pool_that_fits() -> None:
    """Decision 13; the explanation says why it was not pushed."""
    events = bench().lead(source="webinar", score=55)
    assert isinstance(events[0], LeadPooled)
    assert (events[0].pool, events[0].reason) == ("warm", "pool_rule")
    assert events[0].explanation.path[0].why == "not on the push list"


def test_what_fits_no_pool_goes_to_the_fallback_pool() -> None:
    """Decision 04, 05, FALL-01: reason `no_pool_rule`."""
    pools = [{"pool": "hot", "when": "score >= 80"}, {"pool": "warm", "when": "false"}]
    desk = bench(desks={"main": {"pools": pools}})
    assert desk.lead(source="webinar")[0].reason == "no_pool_rule"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"contact_allowed": False, "owner_rep_id": "bob"}, "contact_forbidden"),
        ({"grade": "F"}, "grade_F"),
    ],
)
def test_what_is_withheld_from_sales_goes_to_nurture(fields: dict[str, Any], reason: str) -> None:
    """Decisions, Share matrix and Consent."""
    desk = bench()
    events = desk.lead("lead-1", **fields)
    assert isinstance(events[0], LeadRecycled)
    assert (events[0].to_place, events[0].reason) == ("nurture", reason)
    recount(desk)


def test_an_unclaimed_lead_leaves_its_pool_when_it_is_stale() -> None:
    """STAL-01: seven days, then nurture."""
    desk = bench()
    desk.lead("lead-1", source="webinar")
    desk.after(7 * DAY - 1)
    assert desk.events(LeadRecycled) == []
    desk.after(1)
    (event,) = desk.events(LeadRecycled)
    assert (event.from_place, event.to_place, event.reason) == ("warm", "nurture", "stale")
    recount(desk)


def test_news_moves_a_pooled_lead_but_never_one_that_a_rep_holds() -> None:
    """Decisions, Re-decision."""
    desk = bench()
    desk.lead("lead-1", source="webinar")
    assert assigned(desk.lead("lead-1", kind="update", source="webinar", hot=True)).rep_id == "ann"
    assert desk.lead("lead-1", kind="update", grade="F") == []
    assert desk.tables.timers.get("stale:lead-1") is None
    recount(desk)


def test_a_person_who_asks_again_alerts_the_owner_and_starts_a_fresh_clock() -> None:
    """Decisions, A lead: a repeated hand-raise."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "contacted")
    desk.after(HOUR)
    (event,) = desk.lead("lead-1", kind="touch")
    assert (event.kind, event.subject) == ("asked_again", "ann")
    timer = desk.tables.timers.get("contact:lead-1")
    assert timer is not None
    assert timer.due == NOON + 3 * HOUR


def test_a_lead_that_comes_twice_is_received_twice_and_so_found_out() -> None:
    """Design, Counts: received is what came, not what became of it, or doubles stayed hidden."""
    desk = bench()
    desk.lead("lead-1", source="webinar")
    desk.lead("lead-1", source="webinar")
    counted = {name: row.value for name, row in desk.tables.counts.items()}
    assert (counted["received"], counted["place:pooled"]) == (2, 1)


def test_a_person_who_asks_again_after_closing_is_routed_again() -> None:
    """Nothing is dropped between the closing and what identity knows of it."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "lost")
    events = desk.lead("lead-1", kind="touch")
    assert [type(event) for event in events][:2] == [Alert, RepAssigned]
    recount(desk)


def test_the_team_follows_the_owner_then_the_rules_then_the_default() -> None:
    """Decisions, Desk and team."""
    desk = bench()
    assert assigned(desk.lead(owner_rep_id="bob", employees=900)).team == "inside"
    assert assigned(desk.lead(employees=900)).team == "field"
    assert assigned(desk.lead(employees=9)).team == "inside"


def test_rows_of_a_closed_lead_go_after_some_days() -> None:
    """Design, section 3: personal data is not kept for ever; the counts stay."""
    desk = bench()
    desk.lead("lead-1")
    desk.activity("lead-1", "ann", "won")
    desk.after(8 * DAY)
    assert (desk.tables.leads.get("lead-1"), desk.tables.places.get("lead-1")) == (None, None)
    counts = {key: row.value for key, row in desk.tables.counts.items()}
    assert counts["place:converted"] == counts["received"] == 1
    assert [row for _, row in desk.tables.timers.items() if row.kind in LEAD_TIMERS] == []


@pytest.mark.parametrize(
    ("what", "statuses"),
    [("won", ["mql", "customer"]), ("lost", ["mql", "nurture"]), ("junk", ["mql", "disqualified"]),
     ("contacted", ["mql", "sal"]), ("meeting_booked", ["mql", "sql"]),
     ("accepted", ["mql", "sal"]), ("opportunity_created", ["mql", "sql"])],
)  # fmt: skip
def test_lifecycle_says_every_change_of_status(what: str, statuses: list[str]) -> None:
    """Contract, leads.lifecycle: of place or status, in order; and nothing twice."""
    desk = bench()
    desk.lead("lead-1")
    for _ in range(2):
        desk.activity("lead-1", "ann", what)
    assert [event.status for event in desk.events(LifecycleChanged)] == statuses
    recount(desk)


def test_lifecycle_says_what_marketing_earned_anew() -> None:
    """The lead stays with its rep, its status does not stay."""
    desk = bench()
    desk.lead("lead-1", status="engaged")
    (changed,) = desk.lead("lead-1", kind="update", status="mql")
    assert (changed.from_place, changed.to_place, changed.status) == ("assigned", "assigned", "mql")


def test_a_nurtured_lead_is_archived_when_it_is_quiet_and_its_rows_go() -> None:
    """Decision 10; tables do not grow for ever, and the counts stay."""
    desk = bench()
    desk.lead("lead-1", grade="F")
    desk.after(29 * DAY)
    desk.lead("lead-1", kind="touch", grade="F")
    desk.after(30 * DAY - 1)
    assert desk.events(LifecycleChanged)[-1].to_place == "nurture"
    desk.after(1)
    event, last = desk.events(LeadRecycled)[-1], desk.events(LifecycleChanged)[-1]
    assert (event.from_place, event.to_place, event.reason) == (
        "nurture",
        "archive",
        "no_engagement",
    )
    assert (last.to_place, last.status) == ("archived", "nurture")
    assert desk.events(OutcomeReported)[-1].outcome == "closed"
    recount(desk)
    desk.after(7 * DAY)
    assert [*desk.tables.places.items(), *desk.tables.leads.items()] == []
    assert [row for _, row in desk.tables.timers.items() if row.kind in LEAD_TIMERS] == []
    counts = {key: row.value for key, row in desk.tables.counts.items()}
    assert counts["place:archived"] == counts["received"] == 1
    assert not counts["place:nurture"]


def test_a_nurtured_lead_that_becomes_hot_is_not_archived() -> None:
    """It is found again while it is remembered; its clock as a nurtured lead ends."""
    desk = bench()
    desk.lead("lead-1", grade="F")
    desk.after(20 * DAY)
    assert assigned(desk.lead("lead-1", kind="touch", hot=True)).rep_id == "ann"
    assert desk.tables.timers.get("archive:lead-1") is None


def test_news_about_an_archived_lead_decides_anew() -> None:
    """The touch overtook what qualify was told: nothing is dropped, nobody is forgotten."""
    desk = bench()
    desk.lead("lead-1", grade="F")
    desk.after(31 * DAY)
    desk.lead("lead-1", kind="touch", grade="F")
    assert desk.events(LifecycleChanged)[-1].to_place == "nurture"
    assert desk.tables.timers.get("forget:lead-1") is None
    recount(desk)


def test_news_about_a_lead_that_is_gone_is_said() -> None:
    """Never silence."""
    (event,) = bench().lead("lead-9", kind="touch")
    assert (event.kind, event.subject) == ("unknown_lead", "lead-9")
