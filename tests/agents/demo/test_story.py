"""The demo's numbers: counted apart from what was sent, then compared with it."""

import base64

from agents.demo.company import GARBAGE, leads
from agents.demo.story import Story
from agents.recount import CAPTURED, subject_of


def sent(*lead_ids: str) -> Story:
    """The story after these leads were sent."""
    story = Story(all_sent=True)
    for lead_id in lead_ids:
        story.sent(lead_id, "lead", 0.0)
    return story


def place(story: Story, lead_id: str, to: str = "assigned", event: str = "") -> None:
    """A lead comes into a place."""
    value = {"event_id": event or f"{lead_id}{to}", "lead_id": lead_id, "to": to}
    story.saw("leads.lifecycle", value, 0.01)


def reject(story: Story, original: bytes, event: str = "r") -> None:
    """Something comes onto leads.rejected."""
    encoded = base64.b64encode(original).decode()
    story.saw("leads.rejected", {"event_id": event, "original": encoded}, 0.01)


def test_captured_is_what_qualify_counted_not_what_was_sent() -> None:
    """Contract, section 1: counted apart from the places; the comparison finds what is missing."""
    story = sent("a", "b")
    place(story, "a")
    assert not story.finished
    result = story.result(admitted=1)
    assert (result["captured"], result["assigned"], result["lost"]) == (1, 1, 1)
    assert not story.is_good(result)


def test_a_lead_that_was_admitted_and_has_no_place_is_lost() -> None:
    """Promise 2."""
    story = sent("a", "b")
    place(story, "a")
    assert story.result(admitted=2)["lost"] == 1


def test_a_capture_that_was_refused_is_rejected_and_not_lost() -> None:
    """Captured = admitted + captures rejected before admission."""
    story = sent("a", "b")
    place(story, "a")
    reject(story, b'{"type": "lead.captured"}')
    assert story.finished
    result = story.result(admitted=1)
    assert (result["captured"], result["rejected"], result["lost"]) == (2, 1, 0)
    assert story.is_good(result)


def test_garbage_is_no_capture() -> None:
    """It is reported as garbage only, and the end waits for its reason."""
    story = sent("a")
    story.sent(None, "garbage", 0.0)
    place(story, "a")
    assert not story.finished
    reject(story, GARBAGE[0])
    result = story.result(admitted=1)
    assert story.is_good(result)
    assert (result["captured"], result["rejected"], result["garbage"]) == (1, 0, 1)
    assert [one for one in GARBAGE if subject_of(one)[0] == CAPTURED] == []


def test_what_is_there_twice_or_was_never_sent_is_a_double() -> None:
    """Promise 1, compared with the input."""
    story = sent("a")
    place(story, "a", event="e")
    place(story, "a", event="e")
    place(story, "z")
    result = story.result(admitted=1)
    assert result["duplicated"] == 2
    assert not story.is_good(result)


def test_the_market_has_as_many_leads_as_were_asked_for() -> None:
    """Repeats and garbage between them are none."""
    messages = list(leads(300, 1, 0))
    assert len({one.lead_id for one in messages if one.kind == "lead"}) == 300
    assert {one.kind for one in messages} == {"lead", "repeat", "garbage"}
