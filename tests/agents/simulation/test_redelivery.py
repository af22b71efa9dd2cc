"""Promises 1 and 4 on every stage: redeliveries and rebalances change nothing, to the byte.

A story runs through the whole pipeline once. Then each partition's own records are decided again,
in other batches, some of them aborted and delivered again, some lost with their worker and restored
from the changelog by the next one. What was committed must be what the story sent.
"""

from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Literal, NamedTuple

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.ledger.partition import Partition
from agents.ledger.records import Incoming, Sent
from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import Appended, Line, Simulation, Versions
from schemas.codec import Codec, decode
from schemas.outputs import AssignmentEnded, LeadOffered, RepAssigned
from schemas.record import format_time
from streams.pipeline import pipeline
from streams.policy.compiled import Policy, compile_policy
from streams.policy.yaml_text import read_yaml
from streams.stage import Stage
from tests.agents.loaded import loaded
from tests.proof.made_leads import Made, made_leads
from tests.proof.policies import roomy

START = 1_772_442_000_000
MINUTE = 60_000
LEADS = 60
Place = tuple[str, int]
Told = dict[Place, list[tuple[Incoming, list[Sent]]]]
Fate = Literal["commit", "abort", "crash"]


class Turn(NamedTuple):
    """A batch of so many records, and what becomes of it."""

    size: int
    fate: Fate


@cache
def rules() -> Policy:
    """The default policy, everybody at work; races for leads over 50, and few leads a day."""
    document = read_yaml(roomy()).value | {"high_score": 51}
    for team in document["teams"].values():
        team["hot_lane"] = {"over": 50, "method": "race", "offers": 2}
    for rep in document["reps"].values():
        rep["daily_limit"] = 4
    return compile_policy(orjson.dumps(document), 0)


@cache
def candidate() -> Policy:
    """A policy that decides beside those rules: without races, and with many leads a day."""
    return compile_policy(roomy(), 1)


@cache
def story() -> Told:
    """Every partition's records with what it sent for each, in a run without any fault."""
    return lived(candidate())[1]


def lived(
    beside: Policy | None, leads: int = LEADS, policy: Policy | None = None
) -> tuple[Simulation, Told]:
    """The story, with a candidate beside the rules or without, and what each partition told."""
    assigned: list[RepAssigned] = []
    offered: list[LeadOffered] = []

    def seen(appended: Appended) -> None:
        if isinstance(appended.sent.event, RepAssigned):
            assigned.append(appended.sent.event)
        if isinstance(appended.sent.event, LeadOffered):
            offered.append(appended.sent.event)

    told: Told = {}
    simulation = Simulation(stages(), Codec(), seen)
    for place, partition in simulation.partitions.items():
        listen(partition, told.setdefault(place, []))
    simulation.publish(policy or rules(), START)
    if beside is not None:
        simulation.shadow(beside, START)
    for number, made in enumerate(made_leads(leads, seed=11, bad_every=12)):
        at = START + number * MINUTE
        simulation.feed(Line("leads.raw", at, imported(made, number), made.key.encode()))
        for line in answers(assigned, offered, number, at):
            simulation.feed(line)
    simulation.run_until(START + 3 * 24 * 60 * MINUTE)
    return simulation, {place: records for place, records in told.items() if records}


def imported(made: Made, number: int) -> bytes:
    """The message; some leads have a rep already."""
    if made.fate != "lead" or number % 8 != 5:
        return made.value
    return orjson.dumps(orjson.loads(made.value) | {"held_by": "rep-200"})


def stages() -> tuple[Stage, ...]:
    """The pipeline under the public secret."""
    return pipeline(PUBLIC_SECRET.encode(), Codec())


def listen(partition: Partition, told: list[tuple[Incoming, list[Sent]]]) -> None:
    """Writes down what a partition decides."""
    decide = partition.decide

    def listening(record: Incoming) -> list[Sent]:
        sent = decide(record)
        told.append((record, sent))
        return sent

    setattr(partition, "decide", listening)  # noqa: B010 - a method may not be assigned otherwise


def answers(
    assigned: list[RepAssigned], offered: list[LeadOffered], number: int, at: int
) -> Iterator[Line]:
    """What people do after a lead has come; each thing is said when the one before is decided."""
    if number % 4 == 3 and assigned:
        yield acted(assigned[-1], ("contacted", "won", "returned")[number % 3], at)
    if number % 3 == 2 and offered:
        yield answered(offered[-1 - number % 2], number, at)
    if number % 10 == 9 and assigned:
        yield from by_hand(assigned, number, at)


def acted(assignment: RepAssigned, activity: str, at: int) -> Line:
    """The holder does something about a lead."""
    event = {
        "type": "lead.activity",
        "sender": "story",
        "event_id": f"{activity}-{assignment.assignment_id}",
        "occurred_at": format_time(at),
        "lead_id": assignment.lead_id,
        "rep_id": assignment.rep_id,
        "activity": activity,
    }
    return Line("crm.events", at, orjson.dumps(event), b"story")


def answered(offer: LeadOffered, number: int, at: int) -> Line:
    """A rep answers an offer of his, in time or not."""
    kind = "offer.declined" if number % 4 == 0 else "offer.accepted"
    fields: dict[str, object] = {"offer_id": offer.offer_id, "rep_id": offer.offered_to[0]}
    return said("pools.commands", kind, f"answer-{number}", at, fields)


def by_hand(assigned: list[RepAssigned], number: int, at: int) -> list[Line]:
    """The CRM tells of an old assignment and sets an owner; a manager skips, pauses and adjusts."""
    ended = {each.supersedes for each in assigned}
    old = next((each for each in assigned if each.assignment_id in ended), assigned[0])
    last = assigned[-1]
    rotation = last.explanation.rotation or "emea/round_robin"
    events: list[tuple[str, str, dict[str, object]]] = [
        ("crm.events", "lead.owner_changed", {"lead_id": old.lead_id, "rep_id": old.rep_id}),
        ("crm.events", "lead.reassigned", {"lead_id": old.lead_id, "rep_id": last.rep_id}),
        ("pools.commands", "rep.paused", {"rep_id": last.rep_id, "paused": number % 2 == 0}),
        ("pools.commands", "turn.adjusted",
         {"rep_id": last.rep_id, "rotation": rotation, "leads": 1}),
        ("pools.commands", "assignment.skipped",
         {"lead_id": last.lead_id, "assignment_id": last.assignment_id}),
        ("pools.commands", "lead.reroute_requested",
         {"lead_id": old.lead_id, "desk": str(old.desk), "worked": number % 2 == 0}),
    ]  # fmt: skip
    return [said(topic, kind, f"{kind}-{number}", at, fields) for topic, kind, fields in events]


def said(topic: str, kind: str, event_id: str, at: int, fields: dict[str, object]) -> Line:
    """What a person decided, as its sender writes it."""
    common = {"type": kind, "sender": "story", "event_id": event_id, "occurred_at": format_time(at)}
    event = common | {"by": "somebody", "reason": "a story"} | fields
    return Line(topic, at, orjson.dumps(event), b"story")


def replayed(place: Place, turns: list[Turn], *, rolls_back: bool = True) -> list[bytes]:
    """What a partition commits when its records come in these batches with these fates."""
    records = [record for record, _ in story()[place]]
    partition, changelog = opened(place), dict[bytes, bytes | None]()
    committed: list[bytes] = []
    position, fates = 0, cycle([*turns, Turn(7, "commit")])
    while position < len(records):
        turn = next(fates)
        batch = records[position : position + turn.size]
        sent = [one for record in batch for one in partition.decide(record)]
        if turn.fate == "commit":
            changelog.update(partition.changes())
            partition.commit()
            committed += [content(one) for one in sent]
            position += len(batch)
        elif turn.fate == "abort" and rolls_back:
            partition.rollback()
        elif turn.fate == "crash":
            partition = loaded(opened(place), changelog.items())
    return committed


def opened(place: Place) -> Partition:
    """An empty partition of the stage that reads the topic."""
    topic, number = place
    stage = next(one for one in stages() if topic in one.sources)
    return Partition(stage, topic, number, Versions(rules(), candidate()), Codec())


def content(sent: Sent) -> bytes:
    """All of a sent record that a reader sees."""
    return b"|".join(
        [sent.topic.encode(), sent.key or b"", sent.value, repr(sent.headers).encode()]
    )


def told_by(place: Place) -> list[bytes]:
    """What the story's own run sent from a partition."""
    return [content(one) for _, sent in story()[place] for one in sent]


turns = st.lists(
    st.builds(Turn, st.integers(1, 25), st.sampled_from(["commit", "abort", "crash"])),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=25)
@given(turns)
def test_redelivered_and_restored_records_give_the_same_bytes(turns: list[Turn]) -> None:
    """Complaint 8: whatever the batches, aborts and owners, stages commit what they would have."""
    for place in sorted(story()):
        assert replayed(place, turns) == told_by(place), place


def test_the_story_reaches_every_stage_that_keeps_state() -> None:
    """Otherwise the comparison would hold for want of anything to compare."""
    topics = {topic for topic, _ in story()}
    assert {
        "leads.raw",
        "crm.events",
        "identity.inbox",
        "accounts.inbox",
        "routing.inbox",
    } <= topics
    sent = {
        one.topic for records in story().values() for _, all_sent in records for one in all_sent
    }
    assert {
        "assignments.rep",
        "assignments.ended",
        "assignments.offers",
        "sla.breaches",
        "leads.rejected",
        "decisions.shadow",
    } <= sent
    assert {"taken", "expired", "declined"} <= reasons(LeadOffered)
    assert "accepted" in reasons(RepAssigned)
    assert "daily_limit" in passed_over()
    assert reasons(AssignmentEnded, by_hand=True) == {"owner_changed", "reassigned"}


def reasons(
    kind: type[RepAssigned | AssignmentEnded | LeadOffered], *, by_hand: bool = False
) -> set[str]:
    """Why events of a kind were sent; `by_hand`: those that people caused."""
    values = [
        event.values()
        for records in story().values()
        for _, all_sent in records
        for one in all_sent
        if isinstance(event := decode(one.value), kind)
    ]
    return {each["reason"] for each in values if each.get("by") or not by_hand}


def passed_over() -> set[str | None]:
    """Why reps were passed over."""
    sent = (one for records in story().values() for _, all_sent in records for one in all_sent)
    events = (decode(one.value) for one in sent)
    return {
        each.why_not
        for event in events
        if isinstance(event, RepAssigned)
        for each in event.explanation.candidates
    }


def test_without_a_rollback_the_bytes_differ() -> None:
    """The twin: a redelivery onto state that was not rolled back is noticed."""
    spoilt = [Turn(5, "abort"), Turn(5, "commit")]
    assert any(
        replayed(place, spoilt, rolls_back=False) != told_by(place) for place in sorted(story())
    )
