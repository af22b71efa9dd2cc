"""Leads are classified by what they are, by what they do and by how far they are."""

from typing import Any

import pytest

from schemas.outputs import LeadScored
from tests.streams import policies
from tests.streams.steps.journey import Journey, behaviour, captured

ATTRIBUTES = {
    "industry": 'industry == "manufacturing"',
    "size": "employees >= 50",
    "place": 'country == "JP"',
    "title": 'title == "Head of Sales"',
    "department": 'department == "sales"',
}
LEAD = {
    "email": "jane@acme.com",
    "lead_id": "L1",
    "industry": "manufacturing",
    "employees": 60,
    "country": "JP",
    "title": "Head of Sales",
    "department": "sales",
}
ACTIONS = ("site_visit", "email_open", "email_click", "download", "event_attended")


def scored(details: dict[str, Any], *actions: str) -> LeadScored:
    """How the lead is judged after it has done all this."""
    rules = [{"rule": name, "when": when, "points": 5} for name, when in ATTRIBUTES.items()]
    points = {action: {"points": 5, "most": 5} for action in ACTIONS}
    journey = Journey(policies.policy(scoring={"attributes": rules, "behaviour": points}))
    journey.send(captured("1", "web_form", **details))
    for number, action in enumerate(actions):
        journey.send(behaviour(f"done-{number}", action, lead_id="L1"))
    return journey.only(LeadScored)[-1]


def reasons(judged: LeadScored) -> set[str]:
    """The rules that gave points, without the source's."""
    return {part.rule for part in judged.contributions} - {"source:web_form"}


def test_attributes_and_behaviour_classify_a_lead() -> None:
    """SEG-07: each of both kinds counts by itself and is told apart in the reasons."""
    what_it_is, what_it_did = set(ATTRIBUTES), {f"behaviour:{action}" for action in ACTIONS}
    assert reasons(scored(LEAD)) == what_it_is
    assert reasons(scored(LEAD, *ACTIONS)) == what_it_is | what_it_did
    nobody = {"email": "jane@acme.com", "lead_id": "L1"}
    assert reasons(scored(nobody, *ACTIONS)) == what_it_did


@pytest.mark.parametrize("missing", ["industry", "employees", "title"])
def test_the_likely_ones_stand_out(missing: str) -> None:
    """SEG-13: industry, size and title make the grade, and the stage goes on with what is done."""
    less = {key: value for key, value in LEAD.items() if key != missing}
    whole = scored(LEAD)
    assert scored(less).score == whole.score - 5
    assert (whole.status, whole.funnel_stage) == ("new", "tofu")
    assert scored(LEAD, *ACTIONS).funnel_stage == "mofu"
