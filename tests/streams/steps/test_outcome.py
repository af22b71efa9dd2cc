"""What reps did and what route made of a lead: its status, its closing, its end in the tables."""

import pytest

from schemas.inner import CommandReceived, LeadQualified
from schemas.outputs import LeadRejected, LeadScored
from streams.policy.quantities import DAY_MS
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, Journey, activity, captured, one
from tests.streams.steps.test_qualify import JANE, admitted

RULES = policy()


def test_activity_goes_to_the_desk_and_moves_nothing_before_route_accepts_it() -> None:
    """The command by the lead's own id; the rep may not have the lead."""
    journey = admitted()
    sent = journey.send(activity("2", "L1", "won"))
    command = one(sent, CommandReceived)
    assert sent == [command]
    assert (command.lead_id, command.desk, command.home) == ("L1", "main", "domain:acme.com")


def test_outcomes_move_the_status_and_close_the_lead() -> None:
    """Placed changes nothing, contacted accepts, closed decides by the reason and ends the work."""
    journey = admitted()
    assert journey.outcome("L1", "placed", "assigned") == []
    assert one(journey.outcome("L1", "contacted", "assigned"), LeadScored).status == "sal"
    closed = one(journey.outcome("L1", "closed", "converted", "won"), LeadScored)
    assert (closed.status, closed.next_action) == ("customer", "none")
    assert list(journey.qualify.persons.items()) == []
    assert list(journey.qualify.pages.items()) == []


@pytest.mark.parametrize("reason", ["won", "lost", "unqualified", "junk", "duplicate", "rejected"])
def test_nobody_is_asked_to_call_about_a_closed_lead(reason: str) -> None:
    """SCO-15: the last word on leads.scored is that nothing is to be done."""
    journey = admitted(phone="+12025550123", title="Chief Cook")
    assert journey.only(LeadScored)[-1].next_action == "call"
    journey.outcome("L1", "closed", "converted", reason)
    assert journey.only(LeadScored)[-1].next_action == "none"


def test_a_nurtured_lead_is_nurtured_until_it_is_worked_on_again() -> None:
    """Status and next action follow the place."""
    journey = admitted(consent={"marketing": True})
    nurtured = one(journey.outcome("L1", "placed", "nurture", "stale"), LeadScored)
    assert (nurtured.status, nurtured.next_action) == ("nurture", "nurture")
    assert one(journey.outcome("L1", "placed", "assigned", "hot"), LeadScored).status == "mql"


def test_after_closing_a_new_capture_opens_a_new_lead_with_a_new_id() -> None:
    """An id never names two leads, even if the sender gives the old one."""
    journey = admitted()
    journey.outcome("L1", "closed", "lost")
    renewed = one(journey.send(captured("2", **JANE)), LeadQualified)
    assert renewed.kind == "new"
    assert renewed.lead_id.startswith("lead-")
    command = one(journey.send(activity("3", renewed.lead_id)), CommandReceived)
    assert command.lead_id == renewed.lead_id
    assert journey.count("qualify", "admitted") == 2


def test_a_closed_lead_is_forgotten_after_the_policys_time_and_its_id_is_not() -> None:
    """Tables do not grow for ever; a later capture with the old id still gets a new one."""
    journey = Journey(RULES)
    journey.send(captured("1", email="jane@gmail.com", lead_id="L1"))
    journey.send(captured("2", email="jane@gmail.com", lead_id="L2"))
    journey.outcome("L1", "closed", "lost")
    journey.until(NOON + 7 * DAY_MS)
    tables = journey.qualify
    for table in (tables.leads, tables.aliases, tables.homes, tables.persons, tables.pages):
        assert list(table.items()) == []
    late = one(journey.send(activity("3", "L1"), NOON + 31 * DAY_MS), LeadRejected)
    assert (late.reason, late.stage) == ("unknown_lead", "qualify")
    again = captured("4", email="jane@gmail.com", lead_id="L1")
    assert one(journey.send(again, NOON + 31 * DAY_MS), LeadQualified).lead_id.startswith("lead-")


def test_a_closed_lead_that_is_placed_again_is_open() -> None:
    """Route changed its mind: nothing is forgotten, a verdict is taken back."""
    journey = admitted()
    journey.outcome("L1", "closed", "disqualified", "junk")
    assert one(journey.outcome("L1", "placed", "pooled"), LeadScored).status == "mql"
    journey.until(NOON + 40 * DAY_MS)
    touch = one(journey.send(captured("2", email="jane@acme.com")), LeadQualified)
    assert (touch.kind, touch.lead_id) == ("touch", "L1")


def test_an_outcome_of_a_forgotten_lead_is_counted() -> None:
    """It comes late and changes nothing."""
    journey = Journey(RULES)
    assert journey.outcome("L9", "closed", "lost") == []
    assert journey.count("qualify", "outcomes_of_unknown_leads") == 1


def test_a_dead_letter_of_a_closed_lead_opens_no_second_one() -> None:
    """It was admitted after all: counted as a repeat."""
    journey = Journey(RULES)
    journey.send(captured("1"))
    lead_id = journey.only(LeadScored)[0].lead_id
    journey.outcome(lead_id, "closed", "lost")
    assert journey.send(captured("1"), replayed=True) == []
    assert (journey.count("qualify", "admitted"), journey.count("qualify", "repeats")) == (1, 1)
