"""What must hold of a pipeline at rest: the promises, by verifiers that share no code with it.

Every finding is a sentence, as the oracle's are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import log
from typing import Any

from agents.fairness.distance import furthest
from agents.kafka import names
from agents.ledger.partition import Partition
from agents.ledger.records import Incoming
from agents.ledger.restoring import OFFSET_KEY
from agents.ledger.trace import CAUSE, TAKEN_UP_AT, header, stamped
from agents.recount import Recount
from schemas.codec import decode, to_json
from schemas.inner import CommandReceived
from schemas.outputs import Alert, AssignmentEnded, LifecycleChanged, RepAssigned
from schemas.record import Event
from schemas.topics import OUTPUTS
from tests import verifier
from tests.interleaved.memory_kafka import Entry, Found, Place
from tests.interleaved.workers import KAFKA, Site
from tests.proof import oracle
from tests.proof.made_leads import Made

NO_LIMIT = {"account", "named_account", "manager"}
"""Methods that capacity does not stop (decisions 34, 35)."""
Line = tuple[str, int, bytes | None, bytes | None, Any]


def findings(site: Site, sent: list[Made], written: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """Everything that does not hold; `written`: what the policies say, by version."""
    seen = oracle.read(KAFKA)
    return [
        *oracle.every_lead_has_its_place(sent, seen),
        *oracle.every_bad_message_is_rejected(sent, but_for_late_answers(seen)),
        *oracle.no_id_twice(seen),
        *oracle.places_follow_each_other(seen),
        *oracle.order_is_kept(sent, seen),
        *oracle.open_counts_are_right(seen),
        *oracle.counts_agree(sent, seen),
        *conserved(site),
        *over_capacity(site, written),
        *unfair(site),
        *not_derived(site, written),
        *otherwise_than_straight_through(site),
    ]


def but_for_late_answers(seen: oracle.Seen) -> oracle.Seen:
    """Without refused answers to offers that had ended: whether one comes too late is chance."""
    others = [one for one in seen.events["leads.rejected"] if one["reason"] != "offer_ended"]
    return replace(seen, events=seen.events | {"leads.rejected": others})


def said(site: Site) -> Iterator[tuple[Found, Event]]:
    """Every committed event of the output topics, in the order in which they were said."""
    found = [one for topic in OUTPUTS for one in site.kafka.committed(topic.name)]
    for one in sorted(found, key=lambda each: each.entry.number):
        yield one, decode(one.entry.value or b"")


def conserved(site: Site) -> list[str]:
    """Promise 2 as `simulate` counts it: every lead is in one place."""
    recount = Recount()
    for found, event in said(site):
        recount.note(found.topic, to_json(event))
    admitted = oracle.counts(oracle.read(KAFKA), "qualify")["admitted"]
    totals = recount.totals(admitted)
    problems = {"lost": totals.lost, "doubled": totals.duplicated}
    return [f"{number} {what} by the recount" for what, number in problems.items() if number]


def over_capacity(site: Site, written: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """CPTY-01: open leads at the moment of each assignment, counted by what was said before."""
    held: dict[str, str] = {}
    problems = []
    for _, event in said(site):
        if isinstance(event, AssignmentEnded):
            held.pop(event.lead_id, None)
        elif isinstance(event, LifecycleChanged) and event.held_by:
            held[event.lead_id] = event.held_by
        elif isinstance(event, RepAssigned):
            held[event.lead_id] = event.rep_id
            has = Counter(held.values())[event.rep_id]
            limit = written[event.policy_version or 0]["teams"][event.team]["open_limit"]
            if has > limit and event.method not in NO_LIMIT:
                problems.append(f"{event.rep_id} has {has} leads open, more than {limit}")
    return problems


def unfair(site: Site) -> list[str]:
    """Promise 5: at most 1 + ln(n) leads from the share due, whoever comes and goes.

    Turns given and taken on purpose widen it, one lead each (decision 0038): an assignment that
    ended may have given its turn back, an accepted offer was out of turn.
    """
    rotations: dict[str, str] = {}
    widened: Counter[str] = Counter()
    problems = []
    for _, event in said(site):
        if isinstance(event, AssignmentEnded):
            widened[rotations.get(event.assignment_id, "")] += 1
        elif isinstance(event, Alert) and event.kind == "unfair_rotation":
            problems.append(f"{event.subject} is unfair by its own books: {event.detail}")
        elif isinstance(event, RepAssigned) and event.explanation.rotation:
            record = event.explanation
            rotation = rotations[event.assignment_id] = record.rotation or ""
            widened[rotation] += event.reason == "accepted"
            members = sum(each.rotation == rotation for each in record.candidates)
            far, limit = furthest(event) or 0, 1 + log(members) + widened[rotation]
            if far > limit:
                problems.append(
                    f"somebody in {rotation} is {float(far):.2f} leads away, more than {limit:.2f}"
                )
    return problems


def not_derived(site: Site, written: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """Promise 3: the verifier finds the same owner for every assignment."""
    commands: dict[str, dict[str, Any]] = {}
    for found in site.kafka.committed("routing.inbox"):
        event = decode(found.entry.value or b"")
        if isinstance(event, CommandReceived):
            commands[event.event_id] = decode(event.event).model_dump(mode="json")
    offers: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    problems = []
    for found, event in said(site):
        record = event.model_dump(mode="json", by_alias=True)
        if found.topic == "assignments.offers":
            offers[record["lead_id"]].append(record)
        elif found.topic == "assignments.rep":
            rules = written[record["policy_version"]]
            try:
                verifier.verify(record, rules, None, commands, offers[record["lead_id"]])
            except verifier.Wrong as wrong:
                problems.append(f"the owner of {record['lead_id']} is not derived: {wrong}")
    return problems


def otherwise_than_straight_through(site: Site) -> list[str]:
    """Promises 1 and 4: each log, decided once and one by one, gives these bytes and rows."""
    sent = _by_cause(site)
    problems = []
    for stage in site.stages:
        for source in stage.sources:
            for number in range(site.kafka.topics[source]):
                place = (source, number)
                partition = Partition(stage, source, number, site.policies, site.codec)
                rows: dict[bytes, bytes | None] = {}
                lines: list[Line] = []
                for offset, entry in site.kafka.settled(place):
                    record = _incoming(place, offset, entry)
                    lines += [
                        _line(one.topic, one.key, one.value, one.headers)
                        for one in stamped(partition.decide(record), record, 0)
                    ]
                    rows |= {change.key: change.value for change in partition.changes()}
                    partition.commit()
                if sent[place] != lines:
                    problems.append(_difference(place, sent[place], lines))
                if kept(site, names.changelog("", stage, source), number) != _standing(rows):
                    what = f"the rows of {source}/{number} are others"
                    problems.append(f"{what} than straight through")
    return problems


def kept(site: Site, changelog: str, number: int) -> dict[bytes, bytes]:
    """What a changelog comes to, without how far the input was read."""
    settled = site.kafka.settled((changelog, number))
    rows = {entry.key or b"": entry.value for _, entry in settled}
    rows.pop(OFFSET_KEY, None)
    return _standing(rows)


def _standing(rows: Mapping[bytes, bytes | None]) -> dict[bytes, bytes]:
    return {key: value for key, value in rows.items() if value is not None}


def _by_cause(site: Site) -> defaultdict[Place, list[Line]]:
    """What was sent because of each partition's records, in order."""
    found = [one for topic in site.kafka.topics for one in site.kafka.committed(topic)]
    sent: defaultdict[Place, list[Line]] = defaultdict(list)
    for one in sorted(found, key=lambda each: each.entry.number):
        cause = header(one.entry.headers, CAUSE)
        if cause is not None:
            topic, number, _ = cause.decode().split("/")
            entry = one.entry
            sent[topic, int(number)].append(_line(one.topic, entry.key, entry.value, entry.headers))
    return sent


def _line(topic: str, key: bytes | None, value: bytes | None, headers: Any) -> Line:
    told = tuple(each for each in headers if each[0] != TAKEN_UP_AT)
    return topic, 0, key, value, told


def _incoming(place: Place, offset: int, entry: Entry) -> Incoming:
    return Incoming(*place, offset, entry.timestamp, entry.key, entry.value, entry.headers)


def _difference(place: Place, sent: list[Line], lines: list[Line]) -> str:
    many, once = Counter(sent), Counter(lines)
    lost, doubled = (once - many).total(), (many - once).total()
    return (
        f"{place[0]}/{place[1]} sent otherwise than straight through: {lost} records lost, "
        f"{doubled} doubled or strange"
    )
