"""The story of a lead, from the golden examples and from small records."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.explain.decision import decision_lines
from agents.explain.events import TOPICS, Said, in_order, of_line, of_record
from agents.explain.story import story

EXAMPLES = Path(__file__).resolve().parents[3] / "schemas" / "examples"
GOLDEN = {
    "leads.scored": "LeadScored",
    "sla.breaches": "SlaBreached",
    "assignments.ended": "AssignmentEnded",
    "leads.recycled": "LeadRecycled",
    "assignments.offers": "LeadOffered",
    "assignments.rep": "RepAssigned",
    "assignments.pool": "LeadPooled",
    "leads.lifecycle": "LifecycleChanged",
}


def golden(topic: str, **changes: object) -> Said:
    """The golden example of a topic's event, with changes."""
    content = json.loads((EXAMPLES / f"{GOLDEN[topic]}.1.json").read_text())
    return of_record(topic, 0, 0, content | changes)


def told(*events: Said) -> str:
    """The story of these events as one text."""
    return "\n".join(story("lead-1", events))


def test_every_topic_that_tells_about_a_lead_has_words() -> None:
    """Every golden example can be told."""
    assert set(GOLDEN) == set(TOPICS)
    text = told(*map(golden, TOPICS))
    for expected in (
        "Scored 87: grade A, status mql, hot.",
        "+30  source.demo request",
        "Given to rep-tanaka by the team's rotation (team apac), attempt 2, after rep-sato.",
        "rep-sato is passed over: on paid time off (12 open leads)",
        "and 2 reps more: has as many open leads as allowed",
        "First contact is due by 2026-03-02T11:00:00.120Z, 2 h later.",
        "Put into the pool warm, band fresh, returned 1 times.",
        "(policy version 3)",
        "So somebody else takes over.",
        "Place: the waiting room -> a rep (warm), status mql: rep available.",
    ):
        assert expected in text


def test_an_offer_and_its_end_are_told() -> None:
    """LANE-02: to whom, for how long, why these; and why it was withdrawn."""
    made = told(golden("assignments.offers", withdrawn=None, reason="hot_lane"))
    assert "Offered to rep-sato for 5 min; the first to accept has it." in made
    assert "rep-ito is passed over: has another lead's offer open (owed 1.00 leads, 3" in made
    assert "Rotation apac/round_robin: offered to who comes next." in made
    for reason, words in (
        ("declined", "he declined it"),
        ("taken", "somebody else was faster"),
        ("pto", "on paid time off"),
        ("policy_changed", "the rules have changed"),
    ):
        ended = told(golden("assignments.offers", reason=reason))
        assert f"Not offered to rep-sato any more: {words}." in ended


def test_a_story_has_no_personal_data() -> None:
    """What a rep needs to answer stays in the assignment."""
    text = told(*map(golden, TOPICS))
    for part in ("nishi-optics", "田中", "81312345678", "Procurement"):
        assert part not in text


def test_events_come_in_order_of_time_whatever_the_order_of_reading() -> None:
    """Causes before what they cause, also within one step of `route`."""
    early = golden("leads.lifecycle", at="2026-03-01T00:00:00Z")
    events = [golden(topic, caused_by="c") for topic in reversed(TOPICS[1:])]
    assert in_order([*events, early]) == [early, *reversed(events)]


AT = "2026-03-02T15:10:00Z"
WON = (
    ("assignments.ended", "activity"),
    ("leads.lifecycle", "activity"),
    ("leads.scored", "outcome"),
)
"""What a lead that is won leaves at one instant, with its causes, as the log has it."""


def test_a_step_that_another_caused_is_told_after_it() -> None:
    """The score that says customer comes from the closing; not the other way round."""
    lines = [
        of_line(topic, number, {"at": AT, "caused_by": cause})
        for number, (topic, cause) in enumerate(WON)
    ]
    assert in_order(reversed(lines)) == lines
    records = [
        of_record(topic, 1000 + 50 * (cause == "outcome"), 7, {"at": AT, "caused_by": cause})
        for topic, cause in WON
    ]
    assert in_order(reversed(records)) == records


def test_by_rank_of_topics_alone_the_score_would_come_first() -> None:
    """Twin: were all of it one step, the effect would stand before its cause."""
    records = [of_record(topic, 0, 7, {"at": AT, "caused_by": "c"}) for topic, _ in WON]
    assert [event.topic for event in in_order(records)] != [topic for topic, _ in WON]


def test_a_lead_that_waits_and_is_given_away_in_one_step_waited_first() -> None:
    """A file has the step's own order."""
    topics = ("leads.lifecycle", "assignments.rep", "leads.lifecycle")
    lines = [of_line(topic, n, {"at": AT, "caused_by": "c"}) for n, topic in enumerate(topics)]
    assert in_order(reversed(lines)) == lines


def test_a_breach_opens_its_step() -> None:
    """The end of an assignment is written first, but the clock that ran out is its reason."""
    topics = ("assignments.ended", "sla.breaches", "assignments.rep")
    ended, breach, given = (
        of_line(topic, n, {"at": AT, "caused_by": "c"}) for n, topic in enumerate(topics)
    )
    assert in_order([ended, breach, given]) == [breach, ended, given]


def test_steps_of_one_batch_follow_the_lead_s_life_cycle() -> None:
    """They come into the log together, so its clock cannot tell them apart."""
    first, second = (
        [
            of_record(topic, 5, offset, {"at": AT, "caused_by": cause})
            for topic in ("assignments.ended", "leads.lifecycle")
        ]
        for offset, cause in ((1, "z"), (2, "a"))
    )
    assert in_order([*second, *first]) == [*first, *second]


def test_events_of_other_topics_are_left_out() -> None:
    """A rejection is not about the lead's way."""
    assert in_order([Said("leads.rejected", 0, 0, (0, 0), {})]) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("warning", "Warning: the clock `push` of rep-tanaka runs out at"),
        ("excused", "Excused: the clock `push`"),
        ("breach", "Breach number 1: the clock `push`"),
    ],
)
def test_each_kind_of_clock_event_is_told_as_what_it_is(kind: str, expected: str) -> None:
    """A warning is no breach, and an excused breach carries no blame."""
    assert expected in told(golden("sla.breaches", kind=kind))


def test_what_a_person_did_is_told_with_who_and_why() -> None:
    """Issue 4, Overrides: in the person's own words."""
    hand = {"by": "manager-4", "why": "key customer"}
    given = golden("assignments.rep", method="manager", **hand)
    ended = golden("assignments.ended", reason="owner_changed", **hand)
    text = told(ended, given)
    assert "No longer with rep-sato: the CRM has another owner." in text
    assert "Given to rep-tanaka by hand (team apac)" in text
    assert text.count("By manager-4: key customer") == 2
    assert "By " not in told(golden("assignments.rep"), golden("assignments.ended"))
    assert "By x: without a word" in told(golden("assignments.rep", by="x", why=""))


def test_unknown_codes_are_told_as_they_are() -> None:
    """A newer pipeline may know reasons that this command does not."""
    content: dict[str, Any] = {
        "path": [{"tier": "moon_phase", "matched": False, "why": "new_reason"}],
        "candidates": [{"rep_id": "a", "eligible": False, "why_not": "on_the_moon"}],
    }
    lines = list(decision_lines(content))
    assert lines[0] == "Not by moon phase: new_reason"
    assert lines[2] == "  a is passed over: on the moon"


def test_why_a_lead_waits_is_told_and_nothing_where_it_does_not() -> None:
    """LifecycleChanged.counts_by_reason in a sales manager's words."""
    counts = {"outside_hours": 2, "pto": 1}
    waiting = golden("leads.lifecycle", to="waiting", counts_by_reason=counts)
    text = told(waiting)
    assert "Nobody could take it: 2 reps outside working hours; 1 rep on paid time off." in text
    assert "Nobody" not in told(golden("leads.lifecycle"))
