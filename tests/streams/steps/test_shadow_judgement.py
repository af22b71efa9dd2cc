"""What was thought of leads, read off what qualify said; and which differences count."""

from typing import Any

import pytest

from schemas.inner import Contribution
from schemas.outputs import LeadScored
from schemas.shadow import DecisionDiffered
from streams.stage import Beside, Outgoing
from streams.steps.shadow_judgement import compared, judgements, moved


def scored(lead_id: str = "lead-1", **fields: Any) -> Outgoing:
    """A lead was judged."""
    values: dict[str, Any] = {
        "event_id": "e", "caused_by": "cause", "at": 5, "policy_version": 1, "desk": "main",
        "lead_id": lead_id, "account_key": "domain:firm.com", "score": 40, "attribute_score": 40,
        "behaviour_score": 0, "grade": "C", "status": "new", "hot": False,
        "funnel_stage": "awareness", "icp": False, "next_action": "email",
        "contributions": (Contribution(rule="source: demo request", points=40),),
    }  # fmt: skip
    return Outgoing("leads.scored", lead_id, LeadScored(**(values | fields)))


def differing(
    live: list[Outgoing], shadow: list[Outgoing], error: str | None = None
) -> list[DecisionDiffered]:
    """The differences between both sides of one step."""
    found = compared(Beside("cause", 5, (1, 2), live, shadow, error)).differences
    events = [each.event for each in found]
    return [event for event in events if isinstance(event, DecisionDiffered)]


@pytest.mark.parametrize(
    "other",
    [{"score": 41}, {"grade": "B"}, {"status": "mql"}, {"hot": True}, {"desk": "second"},
     {"next_action": "call"}, {"contributions": ()}],
)  # fmt: skip
def test_whatever_is_thought_otherwise_is_a_difference(other: dict[str, Any]) -> None:
    """Both judgements are told; of leads that are judged alike nothing is."""
    (event,) = differing([scored(), scored("same")], [scored(**other), scored("same")])
    assert (event.lead_id, event.stage, event.shadow_version) == ("lead-1", "qualify", 2)
    assert event.live_judgement == judgements([scored()])["lead-1"]
    assert event.shadow_judgement == judgements([scored(**other)])["lead-1"]


def test_leads_that_either_judged_are_counted_once() -> None:
    """Also those of which both say the same."""
    sides = ([scored(), scored("same")], [scored("same"), scored("third")])
    assert compared(Beside("cause", 5, (1, 2), *sides)).leads == 3


def test_who_thinks_as_before_says_nothing() -> None:
    """Either may: then the other's judgement stands alone."""
    judgement = judgements([scored()])["lead-1"]
    (event,) = differing([], [scored()])
    assert (event.live_judgement, event.shadow_judgement, event.desk) == (None, judgement, "main")
    (event,) = differing([scored()], [])
    assert (event.live_judgement, event.shadow_judgement) == (judgement, None)


def test_a_candidate_that_fails_is_told_by_the_kind_of_error() -> None:
    """For each lead that was judged, else once without a lead."""
    (event,) = differing([scored()], [], "KeyError")
    assert (event.lead_id, event.error_type, event.shadow_judgement) == ("lead-1", "KeyError", None)
    (event,) = differing([], [], "KeyError")
    assert (event.lead_id, event.error_type) == (None, "KeyError")


def test_to_judge_moves_no_other_lead() -> None:
    """So a step is never decided twice by both."""
    assert moved([scored()]) == ()
