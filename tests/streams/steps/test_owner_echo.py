"""Our own assignments coming back from the CRM are told from people's decisions (decision 0027)."""

from typing import Any

import pytest

from schemas.outputs import RepAssigned
from streams.rules import echo
from tests.streams.steps.desk_bench import HOUR, MINUTE, DeskBench, recount
from tests.streams.steps.test_route import bench

SYNC = {"our_users": ["leadstream"]}


def echoes(desk: DeskBench) -> int:
    """How many of our own changes have come back."""
    row = desk.tables.counts.get("owner_echoes")
    return row.value if row else 0


def test_our_own_assignment_coming_back_changes_nothing() -> None:
    """Issue 4, Owner sync: the same rep; counted, and however often it comes."""
    desk = bench()
    desk.lead("lead-1")
    before = list(desk.tables.timers.items())
    assert [desk.owner("lead-1", "ann"), desk.reassigned("lead-1", "ann")] == [[], []]
    assert echoes(desk) == 2
    assert list(desk.tables.timers.items()) == before
    recount(desk)


def superseded(**sync: Any) -> DeskBench:
    """Ann gives the lead back, Bob has it; the CRM has not told of Ann's assignment yet."""
    desk = bench(owner_sync=sync)
    desk.lead("lead-1")
    desk.after(MINUTE).activity("lead-1", "ann", "returned")
    assert desk.owners() == {"lead-1": "bob"}
    return desk.after(MINUTE)


def test_the_echo_of_a_superseded_assignment_changes_nothing() -> None:
    """Issue 4: it comes late, and once: what comes after it is meant."""
    desk = superseded()
    assert desk.owner("lead-1", "ann") == []
    assert (desk.owners(), echoes(desk)) == ({"lead-1": "bob"}, 1)
    recount(desk)
    desk.owner("lead-1", "ann")
    assert desk.owners() == {"lead-1": "ann"}
    recount(desk)


def test_without_the_rule_an_echo_would_send_the_lead_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: to who gave it up."""
    monkeypatch.setattr(echo, "is_echo", lambda *_: False)
    desk = superseded()
    desk.owner("lead-1", "ann")
    assert desk.owners() == {"lead-1": "ann"}


def test_what_came_back_in_time_is_not_expected_again() -> None:
    """The echo was heard while the assignment stood: the next word is a person's."""
    desk = bench()
    desk.lead("lead-1")
    desk.owner("lead-1", "ann")
    desk.after(MINUTE).activity("lead-1", "ann", "returned")
    desk.owner("lead-1", "ann")
    assert desk.owners() == {"lead-1": "ann"}


@pytest.mark.parametrize("late", [10 * MINUTE, 3 * HOUR])
def test_an_old_owner_set_again_later_is_meant(late: int) -> None:
    """`echo_within` counts from the assignment."""
    desk = superseded()
    desk.after(late - 2 * MINUTE).owner("lead-1", "ann")
    assert (desk.owners(), echoes(desk)) == ({"lead-1": "ann"}, 0)


def test_a_managers_word_is_meant_whenever_it_comes() -> None:
    """A CRM does not report what we wrote as a manager's reassignment."""
    desk = superseded()
    desk.reassigned("lead-1", "ann")
    assert desk.owners() == {"lead-1": "ann"}


def test_a_crm_that_reports_no_echo_is_believed_at_once() -> None:
    """`echo_within: 0s`."""
    desk = superseded(echo_within="0s")
    desk.owner("lead-1", "ann")
    assert desk.owners() == {"lead-1": "ann"}


def test_users_named_in_the_policy_decide_instead_of_time() -> None:
    """`our_users`: what they write is ours for ever, what others write is meant at once."""
    desk = superseded(**SYNC)
    assert desk.after(5 * HOUR).owner("lead-1", "ann", by="leadstream") == []
    desk.owner("lead-1", "ann", by="user-1")
    assert desk.owners()["lead-1"] == "ann"


def test_a_crm_that_writes_whatever_it_is_told_comes_to_rest() -> None:
    """Complaint 24: owner changes do not fight each other. Each assignment comes back once."""
    desk = superseded()
    heard = 0
    desk.owner("lead-1", "cay")
    for _ in range(10):
        written = desk.events(RepAssigned)[heard:]
        heard += len(written)
        for event in written:
            desk.after(1000).owner("lead-1", event.rep_id, by="integration")
    assert len(desk.assigned()) == heard == 3
    assert desk.owners() == {"lead-1": "cay"}
    recount(desk)
