"""The stages agree about a lead's status: one rule, asked by both with the same words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.simulation.simulation import Appended, Line, Simulation
from schemas.codec import Codec
from schemas.outputs import LeadScored, LifecycleChanged, RepAssigned
from schemas.record import Event, format_time
from streams.pipeline import pipeline
from streams.policy.quantities import DAY_MS, HOUR_MS
from streams.rules import status
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, SECRET, behaviour, captured

RULES = policy()
CODEC = Codec()
PEOPLE = ("jane@acme.com", "joe@gmail.com")
STORY = st.lists(
    st.tuples(
        st.sampled_from(
            ["capture", "cold", "view", "accepted", "attempted", "contacted", "meeting_booked",
             "no_show", "opportunity_created", "won", "lost", "junk", "returned", "stranger",
             "hours", "weeks"]
        ),
        st.sampled_from(PEOPLE),
    ),
    max_size=20,
)  # fmt: skip


class Pipeline:
    """All stages, and the last word of each about every lead."""

    def __init__(self) -> None:
        """The small policy in force."""
        self.simulation = Simulation(pipeline(SECRET, CODEC), CODEC, self.saw)
        self.scored: dict[str, str] = {}
        self.lifecycle: dict[str, str] = {}
        self.holders: dict[str, str] = {}
        self.now = NOON
        self.simulation.publish(RULES, NOON)

    def saw(self, appended: Appended) -> None:
        """Takes one record."""
        event: Event = CODEC.decode(appended.sent.value)
        if isinstance(event, LeadScored):
            self.scored[event.lead_id] = event.status
        elif isinstance(event, LifecycleChanged):
            self.lifecycle[event.lead_id] = event.status
        elif isinstance(event, RepAssigned):
            self.holders[event.lead_id] = event.rep_id

    def send(self, topic: str, event: dict[str, Any]) -> None:
        """One input event, a second later."""
        self.now += 1000
        content = event | {"occurred_at": format_time(self.now)}
        self.simulation.feed(Line(topic, self.now, json.dumps(content).encode(), b"k"))

    def tell(self, number: int, what: str, email: str) -> None:
        """One step of a story."""
        if what in {"hours", "weeks"}:
            self.now += 3 * HOUR_MS if what == "hours" else 16 * DAY_MS
            self.simulation.run_until(self.now)
        elif what in {"capture", "cold"}:
            source = "demo_request" if what == "capture" else "purchased_list"
            self.send("leads.raw", captured(f"c{number}", source, email=email))
        elif what == "view":
            self.send("leads.raw", behaviour(f"b{number}", email=email))
        elif self.holders:
            lead_id, holder = list(self.holders.items())[number % len(self.holders)]
            rep = "eve" if what == "stranger" else holder
            activity = "won" if what == "stranger" else what
            event = {"type": "lead.activity", "sender": "crm", "event_id": f"a{number}",
                     "lead_id": lead_id, "rep_id": rep, "activity": activity}  # fmt: skip
            self.send("crm.events", event)


def said(story: list[tuple[str, str]]) -> Pipeline:
    """The pipeline after a story."""
    run = Pipeline()
    for number, (what, email) in enumerate(story):
        run.tell(number, what, email)
    return run


@settings(max_examples=60)
@given(STORY)
def test_leads_scored_and_leads_lifecycle_say_the_same_status(story: list[tuple[str, str]]) -> None:
    """Contract: status values as in leads.scored, at rest after any story."""
    run = said(story)
    assert run.lifecycle == run.scored


def test_a_stranger_wins_nobody() -> None:
    """An activity that route ignores leaves no trace in either."""
    run = said([("capture", PEOPLE[0]), ("stranger", PEOPLE[0])])
    assert list(run.scored.values()) == list(run.lifecycle.values()) == ["mql"]


def test_twin_a_stage_with_a_rule_of_its_own_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If one of them asks in other words, the two part."""
    honest = status.after

    def deaf(sales: Any, *, outcome: str, place: str, reason: str) -> Any:
        said_so = "" if deaf.calls % 2 else reason  # type: ignore[attr-defined]  # counts its calls
        deaf.calls += 1  # type: ignore[attr-defined]  # counts its calls
        return honest(sales, outcome=outcome, place=place, reason=said_so)

    deaf.calls = 0  # type: ignore[attr-defined]  # counts its calls
    monkeypatch.setattr(status, "after", deaf)
    run = said([("capture", PEOPLE[0]), ("won", PEOPLE[0])])
    assert run.lifecycle != run.scored
