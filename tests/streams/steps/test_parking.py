"""Events about somebody unknown wait for their lead: released, or rejected, never lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.outputs import LeadRejected, LeadScored
from streams.policy.quantities import DAY_MS, MINUTE_MS
from streams.steps import parking
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, Journey, activity, behaviour, captured, one

RULES = policy()


def test_behaviour_before_its_lead_waits_and_is_released_in_order() -> None:
    """A tracking pixel is faster than a form."""
    journey = Journey(RULES)
    for number, action in enumerate(["email_open", "pricing_view", "download"]):
        assert journey.send(behaviour(f"b{number}", action, email="jane@acme.com")) == []
    assert journey.count("identify", "parked") == 3
    sent = journey.send(captured("1"), NOON + MINUTE_MS)
    scored = [event for event in sent if isinstance(event, LeadScored)]
    assert [event.score for event in scored] == [10, 11, 21]
    lead = journey.qualify.leads.get(scored[0].lead_id)
    assert lead is not None
    assert [action for action, _ in lead.history.actions] == [
        "email_open", "pricing_view", "download",
    ]  # fmt: skip
    assert journey.count("identify", "parked") == 0
    assert list(journey.identify.waiting.items()) == []
    assert list(journey.identify.parked.items()) == []
    assert [timer.kind for _, timer in journey.identify.timers.items()] == ["forget_repeats"] * 2


def test_what_waits_too_long_is_rejected_with_its_bytes() -> None:
    """Nobody came within the policy's ten minutes."""
    journey = Journey(RULES)
    journey.send(activity("1", "L9"))
    assert journey.until(NOON + 10 * MINUTE_MS - 1) == []
    refusal = one(journey.until(NOON + 10 * MINUTE_MS), LeadRejected)
    assert (refusal.reason, refusal.field, refusal.stage) == ("unknown_lead", "lead_id", "identify")
    assert journey.count("identify", "rejected:unknown_lead") == 1
    assert journey.again(refusal, NOON + 11 * MINUTE_MS) == []
    assert journey.count("identify", "parked") == 1
    assert journey.count("identify", "rejected:unknown_lead") == 0


def test_what_waits_for_its_address_is_not_lost_when_only_its_phone_becomes_known() -> None:
    """The phone's person has another address, so the event waits on, and is rejected in time."""
    journey = Journey(RULES)
    journey.send(behaviour("1", email="b@acme.com", phone="+12025550123"))
    journey.send(captured("2", email="a@acme.com", phone="+12025550123"))
    assert journey.count("identify", "parked") == 1
    assert one(journey.until(NOON + DAY_MS), LeadRejected).reason == "unknown_lead"


def test_too_many_that_wait_for_one_are_rejected_at_once() -> None:
    """The row that lists them must stay small."""
    journey = Journey(policy(identity={"unknown_most": 2}))
    for number in range(2):
        assert journey.send(behaviour(str(number), email="a@acme.com")) == []
    refusal = one(journey.send(behaviour("3", email="a@acme.com")), LeadRejected)
    assert refusal.reason == "unknown_lead"
    assert journey.count("identify", "rejected:unknown_lead") == 1


PEOPLE = st.sampled_from(["a@acme.com", "b@acme.com", "c@gmail.com"])
STORY = st.lists(
    st.tuples(st.sampled_from(["capture", "behaviour", "wait"]), PEOPLE, st.booleans()),
    max_size=25,
)


def every_event_has_its_end(story: list[tuple[str, str, bool]]) -> bool:
    """Each behaviour was counted on a lead, rejected, or is still waiting; none twice."""
    journey, now, sent = Journey(RULES), NOON, 0
    for number, (what, email, with_phone) in enumerate(story):
        now += MINUTE_MS
        who = {"email": email} | ({"phone": "+12025550123"} if with_phone else {})
        if what == "capture":
            journey.send(captured(f"c{number}", **who), now)
        elif what == "behaviour":
            journey.send(behaviour(f"b{number}", "page_view", **who), now)
            sent += 1
        else:
            now += 6 * MINUTE_MS
        journey.until(now)
    leads = [lead for _, lead in journey.qualify.leads.items()]
    counted = sum(times for lead in leads for _, times in lead.history.actions)
    rejected = len(journey.only(LeadRejected))
    parked = len(list(journey.identify.parked.items()))
    return sent == counted + rejected + parked and parked == journey.count("identify", "parked")


@settings(max_examples=80)
@given(STORY)
def test_what_is_parked_is_released_or_rejected_never_lost(
    story: list[tuple[str, str, bool]],
) -> None:
    """Whatever comes in whatever order."""
    assert every_event_has_its_end(story)


def test_twin_a_release_that_forgets_events_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property fails when a parked event is dropped."""
    story = [("behaviour", "a@acme.com", False), ("capture", "a@acme.com", False)]
    assert every_event_has_its_end(story)
    honest = parking.waiting_for

    def forgetful(*args: Any) -> Any:
        for event in honest(*args):
            parking.release(args[0], event)
        return []

    monkeypatch.setattr(parking, "waiting_for", forgetful)
    assert not every_event_has_its_end(story)
