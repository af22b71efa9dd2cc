"""Promise 3 for races: who was offered a lead and who won it is derived from the records."""

import copy
import json
from typing import Any

import pytest

from schemas.outputs import LeadOffered
from tests import hot_lane_verifier, verifier
from tests.streams import policies
from tests.streams.steps.desk_bench import MINUTE, DeskBench
from tests.streams.steps.test_hot_lane import records
from tests.streams.steps.test_offer import CROWD, RACE
from tests.streams.steps.test_race import racing


def offers_told(desk: DeskBench) -> list[dict[str, Any]]:
    """The offers and withdrawals as others read them."""
    return [event.model_dump(mode="json", by_alias=True) for event in desk.events(LeadOffered)]


def test_a_verifier_that_shares_no_code_derives_who_was_offered_it_and_who_won() -> None:
    """Promise 3: from the records, the policy and what the reps answered; twins: another winner."""
    desk, offers = racing(reps=CROWD)
    desk.decline(offers["cay"], "cay")
    desk.after(MINUTE)
    desk.accept(offers["bob"], "bob")
    written = json.loads(policies.text(teams={"inside": RACE}, reps=CROWD))
    told, (record,) = offers_told(desk), records(desk)
    hot_lane_verifier.verify_offers(told[:3], written)
    verifier.verify(record, written, said=desk.said, offers=told)
    for number, rep in ((0, "eve"), (1, "ann"), (2, "rep-0")):
        forged = copy.deepcopy(told[:3])
        forged[number]["offered_to"] = [rep]
        with pytest.raises(verifier.Wrong):
            hot_lane_verifier.verify_offers(forged, written)
    for forgery in ({"caused_by": "x"}, {"at": told[0]["expires_at"]}, {"lead_id": "lead-2"}):
        with pytest.raises(verifier.Wrong):
            verifier.verify(record | forgery, written, said=desk.said, offers=told)
    for rep in ("ann", "cay"):
        stolen = copy.deepcopy(record)
        stolen["rep_id"] = stolen["explanation"]["chosen"] = rep
        with pytest.raises(verifier.Wrong):
            verifier.verify(stolen, written, said=desk.said, offers=told)
