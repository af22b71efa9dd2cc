"""Which interventions bear on a lead's decisions, and how they are told."""

from typing import Any

import pytest

from agents.explain.events import Said, of_line
from agents.explain.interventions import bearing
from agents.explain.story import story

KEY = "inside/round_robin"


def decision(minute: int, chosen: str = "bob", *paused: str) -> Said:
    """Somebody gets the lead, and some are passed over because they are paused."""
    candidates = [{"rep_id": rep, "eligible": False, "why_not": "paused"} for rep in paused]
    record = {"chosen": chosen, "rotation": KEY, "candidates": candidates}
    return said("assignments.rep", minute, explanation=record)


def intervention(minute: int, kind: str, rep: str, limit: str = "", **fields: Any) -> Said:
    """A manager did something about a rep."""
    values = {"kind": kind, "subject": rep, "value": "+1", "limit": limit, "by": "m-1"} | fields
    return said("alerts", minute, why="as agreed", **values)


def said(topic: str, minute: int, **values: Any) -> Said:
    """An event at some minute."""
    at = f"2026-03-02T09:{minute:02d}:00Z"
    return of_line(topic, minute, {"at": at, "caused_by": f"{topic} {minute}"} | values)


def test_the_pause_that_held_is_told_and_no_earlier_one() -> None:
    """Nor one that came later, nor one of somebody who was not passed over for it."""
    earlier, held, later = (intervention(minute, "rep_paused", "ann") for minute in (1, 2, 9))
    other = intervention(2, "rep_paused", "cay")
    events = [decision(5, "bob", "ann")]
    assert bearing(events, [earlier, held, other, later]) == [held]
    assert bearing([decision(5, "bob")], [earlier, held, other, later]) == []


def test_turns_of_who_was_chosen_are_told() -> None:
    """In the rotation that decided, before it did."""
    bears = [intervention(minute, "turn_adjusted", "bob", KEY) for minute in (1, 2)]
    others = [
        intervention(3, "turn_adjusted", "ann", KEY),
        intervention(3, "turn_adjusted", "bob", "inside/on_call"),
        intervention(9, "turn_adjusted", "bob", KEY),
        intervention(3, "asked_again", "bob", KEY),
    ]
    assert bearing([decision(5)], [*bears, *others]) == bears


def test_what_was_said_in_the_deciding_step_is_told() -> None:
    """The end of a pause is why the lead waits no more."""
    resumed = intervention(5, "rep_resumed", "bob", caused_by="assignments.rep 5")
    stranger = intervention(5, "rep_resumed", "bob")
    assert bearing([decision(5)], [resumed, stranger]) == [resumed]


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        (intervention(1, "rep_paused", "ann", "2026-03-02T13:00:00Z"),
         "ann was paused until 2026-03-02T13:00:00Z."),
        (intervention(1, "rep_paused", "ann"), "ann was paused until somebody ends the pause."),
        (intervention(1, "rep_resumed", "ann"), "The pause of ann was ended."),
        (intervention(1, "turn_adjusted", "ann", KEY),
         "ann is owed +1 leads more in the rotation inside/round_robin."),
    ],
)  # fmt: skip
def test_an_intervention_is_told_with_who_and_why(alert: Said, expected: str) -> None:
    """In words, at its place in time."""
    lines = [line.strip() for line in story("lead-1", [alert])]
    assert lines[-2:] == [expected, "By m-1: as agreed"]


def test_that_the_lead_itself_was_to_be_routed_again_is_told() -> None:
    """Whether it moved or not, and nobody else's."""
    moved = intervention(3, "rerouted", "lead-1", value="ann")
    stayed = intervention(4, "reroute_ignored", "lead-1", value="worked")
    closed = intervention(4, "reroute_ignored", "lead-1", value="lost")
    other = intervention(3, "rerouted", "lead-2")
    events = [said("leads.lifecycle", 5, lead_id="lead-1")]
    alerts = [moved, stayed, closed, other]
    assert bearing(events, alerts) == [moved, stayed, closed]
    told = [line.strip() for line in story("lead-1", [moved, stayed, closed])]
    assert [line for line in told if "Routed" in line or "routed" in line] == [
        "Routed again on request; it was with ann.",
        "Not routed again on request: its rep has been in touch with the person.",
        "Not routed again on request: its place is lost.",
    ]
