"""Commands about a lead take the lead's own way to its desk."""

import pytest

from schemas.codec import decode
from schemas.crm import LeadOwnerChanged, LeadReassigned
from schemas.inner import CommandReceived
from schemas.outputs import LeadRejected
from streams.policy.quantities import MINUTE_MS
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, Journey, captured, one, owner
from tests.streams.steps.test_qualify import JANE, admitted


@pytest.mark.parametrize("kind", [LeadOwnerChanged, LeadReassigned])
def test_an_owner_set_by_hand_reaches_the_desk_of_its_lead(kind: type[LeadOwnerChanged]) -> None:
    """Design, section 3: nothing overtakes its own lead; ids are those of captures."""
    name = str(kind.model_fields["type"].default)
    sent = admitted().send(owner("2", " L1 ", " bob", name))
    command = one(sent, CommandReceived)
    assert sent == [command]
    assert (command.lead_id, command.desk, command.type) == ("L1", "main", name)
    said = decode(command.event)
    assert isinstance(said, kind)
    assert (said.rep_id, said.by) == ("bob", "7")


def test_a_second_id_of_the_lead_names_it_too() -> None:
    """The desk knows a lead by its first id only."""
    journey = admitted()
    journey.send(captured("2", **JANE | {"lead_id": "CRM-9"}))
    assert one(journey.send(owner("3", "CRM-9")), CommandReceived).lead_id == "L1"


def test_an_owner_nobody_knows_is_refused_before_the_desk() -> None:
    """Contract, section 2: a rep that the policy does not know."""
    refusal = one(admitted().send(owner("2", "L1", "stranger")), LeadRejected)
    assert (refusal.reason, refusal.stage) == ("unknown_rep", "identify")


def test_a_repeat_is_ignored() -> None:
    """Redelivery: the same event of the same sender is decided on once."""
    journey = admitted()
    journey.send(owner("2", "L1"))
    assert journey.send(owner("2", "L1")) == []


def test_an_owner_set_before_the_lead_came_waits_for_it() -> None:
    """As everything about an unknown person; in vain for so long, then it is refused."""
    journey = Journey(policy())
    assert journey.send(owner("1", "L1")) == []
    assert one(journey.send(captured("2", **JANE)), CommandReceived).lead_id == "L1"
    assert journey.send(owner("3", "L2")) == []
    refusal = one(journey.until(NOON + 10 * MINUTE_MS), LeadRejected)
    assert refusal.reason == "unknown_lead"


def test_a_lead_that_is_forgotten_is_refused() -> None:
    """Closed so long ago that its rows are gone."""
    journey = admitted()
    journey.outcome("L1", "closed", "lost")
    journey.until(NOON + 8 * 24 * 60 * MINUTE_MS)
    refusal = one(journey.send(owner("2", "L1"), NOON + 8 * 24 * 60 * MINUTE_MS), LeadRejected)
    assert (refusal.reason, refusal.stage) == ("unknown_lead", "qualify")
