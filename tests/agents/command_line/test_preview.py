"""`preview` says who would get a lead now, and changes nothing."""

import json
from typing import Any

import pytest

from tests.agents.command_line.process import command
from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import read
from tests.proof.running import Pipeline, Places

LEADS = 30


def previewed(pipeline: Pipeline, lead: Made, *flags: str) -> dict[str, Any]:
    """What the command says of a lead, as JSON."""
    (pipeline.folder / "lead.json").write_bytes(lead.value)
    variables = pipeline.environment("preview")
    ran = command(pipeline.folder, "preview", "lead.json", "--json", *flags, variables=variables)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    return found


def owner(events: list[dict[str, Any]]) -> tuple[str | None, str]:
    """Rep or none, and the reason, of the last place."""
    assigned = [each["value"]["rep_id"] for each in events if each["topic"] == "assignments.rep"]
    (reason,) = {each["value"]["reason"] for each in events if each["topic"] == "leads.lifecycle"}
    return (assigned or [None])[0], reason


def ids(pipeline: Pipeline) -> dict[str, set[str]]:
    """Every output event that there is."""
    events = read(pipeline.kafka).events
    outputs = ("assignments.rep", "assignments.pool", "leads.scored", "leads.lifecycle", "alerts")
    return {topic: {event["event_id"] for event in events[topic]} for topic in outputs}


@pytest.mark.slow
def test_whoever_is_previewed_gets_the_lead(pipeline: Pipeline) -> None:
    """Contract, `preview`, complaint 22: against live state; then the lead really comes."""
    made = [each for each in made_leads(LEADS + 2, seed=21, bad_every=10**9) if each.fate == "lead"]
    pipeline.start("all")
    pipeline.send(made[:LEADS])
    places = Places(pipeline.kafka)
    places.wait(LEADS, 0, timeout_s=60)
    for count, lead in enumerate(made[LEADS:], start=LEADS):
        before = ids(pipeline)
        told = previewed(pipeline, lead)
        again = previewed(pipeline, lead)
        assert owner(told["events"]) == owner(again["events"])
        assert ids(pipeline) == before
        pipeline.send([lead])
        places.wait(count + 1, 0, timeout_s=30)
        after = read(pipeline.kafka)
        really = [
            {"topic": topic, "value": event}
            for topic in ("assignments.rep", "leads.lifecycle")
            for event in after.events[topic]
            if event["lead_id"] == lead.lead_id
        ]
        assert owner(told["events"]) == owner(really)
    places.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not one JSON object"),
        (b"[1]", "is no lead.captured event"),
        (b'{"type": "lead.behaviour"}', "is no lead.captured event"),
        (b'{"type": "lead.captured", "source": "fax"}', "it would be rejected, invalid_field"),
    ],
)
def test_what_is_no_lead_is_refused(content: bytes, said: str, pipeline: Pipeline) -> None:
    """One sentence, exit code 2."""
    (pipeline.folder / "lead.json").write_bytes(content)
    variables = pipeline.environment("preview")
    ran = command(pipeline.folder, "preview", "lead.json", variables=variables)
    assert (ran.code, "Traceback" in ran.err) == (2, False)
    assert said in ran.err
