"""The oracle: what must hold between what was sent and what a reader of committed records sees.

Shares no decision code with the product: it reads topics and changelogs and counts again. Every
finding is a sentence; no findings means that the promises hold.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec
from confluent_kafka import OFFSET_BEGINNING, KafkaError, KafkaException, TopicPartition

from agents.kafka import clients
from agents.settings import Kafka
from schemas.codec import decode
from schemas.record import Event
from tests.proof.made_leads import Made

CONTROL = ("Tick", "PolicyActivated", "ShadowSet")
"""Records that carry a time or a version: one for each partition, under one id."""
FOUND_MAX = 5
"""So many examples a kind of finding names."""


Rows = dict[tuple[str, int, bytes], bytes]


@dataclass(slots=True)
class Seen:
    """Everything that is on the broker under one prefix."""

    events: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """By topic, each partition in its order."""
    keys: dict[str, list[bytes | None]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, Rows] = field(default_factory=dict)
    """By stage: the latest value of every (source topic, partition, key) of its changelogs."""


EVENT_TOPICS = (
    "accounts.inbox", "routing.inbox", "assignments.rep", "assignments.ended", "assignments.pool",
    "leads.scored",
    "leads.rejected", "leads.lifecycle", "sla.breaches", "leads.recycled", "alerts",
    "decisions.shadow",
)  # fmt: skip
SOURCES = {
    "intake": ("leads.raw", "leads.bulk", "crm.events", "reps.events", "pools.commands"),
    "identify": ("identity.inbox",),
    "qualify": ("accounts.inbox",),
    "route": ("routing.inbox",),
}
CHANGELOGS = {
    f"leadstream-{stage}-{source}-changelog": (stage, source)
    for stage, sources in SOURCES.items()
    for source in sources
}


def read(kafka: Kafka, reading: Callable[[bytes], Event] = decode) -> Seen:
    """Reads every committed record of the outputs and of the changelogs to their present ends."""
    seen = Seen(rows={stage: {} for stage in SOURCES})
    for topic, partition, key, value in records(kafka, *EVENT_TOPICS, *CHANGELOGS):
        if topic in CHANGELOGS:
            stage, source = CHANGELOGS[topic]
            note_row(seen.rows[stage], (source, partition, key or b""), value)
        else:
            event = reading(value or b"")
            values = event.model_dump(by_alias=True)
            seen.events[topic].append(values | {"_kind": type(event).__name__})
            seen.keys[topic].append(key)
    return seen


def note_row(rows: Rows, place: tuple[str, int, bytes], value: bytes | None) -> None:
    """A later value of a key takes the place of an earlier one; a tombstone takes it away."""
    if value is None:
        rows.pop(place, None)
    else:
        rows[place] = value


def records(kafka: Kafka, *topics: str) -> Iterator[tuple[str, int, bytes | None, bytes | None]]:
    """Topic, partition, key and value of every committed record; each partition in its order."""
    consumer = clients.reader(kafka)
    try:
        names = {kafka.prefix + topic: topic for topic in topics}
        waited_for = {
            (name, number)
            for name in names
            for number in consumer.list_topics(name, timeout=10).topics[name].partitions
        }
        consumer.assign([TopicPartition(*each, OFFSET_BEGINNING) for each in waited_for])
        while waited_for:
            for message in consumer.consume(5_000, 0.02):
                error = message.error()
                name, number = message.topic() or "", int(message.partition() or 0)
                if error is None:
                    yield names[name], number, message.key(), message.value()
                elif error.code() == KafkaError._PARTITION_EOF:
                    waited_for.discard((name, number))
                else:
                    raise KafkaException(error)
    finally:
        consumer.close()


def findings(sent: Iterable[Made], seen: Seen) -> list[str]:
    """Everything that does not hold."""
    messages = list(sent)
    return [
        *every_lead_has_its_place(messages, seen),
        *every_bad_message_is_rejected(messages, seen),
        *no_id_twice(seen),
        *places_follow_each_other(seen),
        *order_is_kept(messages, seen),
        *open_counts_are_right(seen),
        *rotations_are_right(seen),
        *counts_agree(messages, seen),
    ]


def every_lead_has_its_place(sent: list[Made], seen: Seen) -> list[str]:
    """Set of captured = set of placed (promise 2)."""
    captured = {made.lead_id for made in sent if made.fate == "lead"}
    placed = {event["lead_id"] for event in seen.events["leads.lifecycle"]}
    scored = {event["lead_id"] for event in seen.events["leads.scored"]}
    return [
        *_some("lost", captured - placed),
        *_some("came from nowhere", placed - captured),
        *_some("never scored", captured - scored),
    ]


def every_bad_message_is_rejected(sent: list[Made], seen: Seen) -> list[str]:
    """Each one once, with its reason and its bytes as they came."""
    expected = Counter((made.reason, made.value) for made in sent if made.fate == "bad")
    found = Counter((event["reason"], event["original"]) for event in seen.events["leads.rejected"])
    return [
        *_some("not rejected", {f"{reason} {value[:40]!r}" for reason, value in expected - found}),
        *_some(
            "wrongly rejected", {f"{reason} {value[:40]!r}" for reason, value in found - expected}
        ),
    ]


def no_id_twice(seen: Seen) -> list[str]:
    """No business id appears twice in a topic (promise 1)."""
    problems: list[str] = []
    for topic, events in seen.events.items():
        ids = Counter(event["event_id"] for event in events if event["_kind"] not in CONTROL)
        problems += _some(f"twice in {topic}", {one for one, times in ids.items() if times > 1})
    assignments = Counter(event["assignment_id"] for event in seen.events["assignments.rep"])
    return problems + _some(
        "assigned twice", {one for one, times in assignments.items() if times > 1}
    )


def places_follow_each_other(seen: Seen) -> list[str]:
    """A lead comes from where it went: nothing between was lost, doubled or swapped."""
    ways: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in seen.events["leads.lifecycle"]:
        ways[event["lead_id"]].append(event)
    broken = {
        lead_id
        for lead_id, way in ways.items()
        if way[0].get("from") is not None
        or any(after.get("from") != before["to"] for before, after in pairwise(way))
    }
    return _some("with a gap between places", broken)


def order_is_kept(sent: list[Made], seen: Seen) -> list[str]:
    """Leads of one key reach the desk in the order in which they were captured."""
    place = {made.lead_id: index for index, made in enumerate(sent) if made.fate == "lead"}
    key = {made.lead_id: made.key for made in sent if made.fate == "lead"}
    last: dict[str, int] = {}
    swapped: set[str] = set()
    for event in seen.events["routing.inbox"]:
        if event["_kind"] != "LeadQualified" or event["kind"] != "new":
            continue
        lead_id = event["lead_id"]
        if lead_id not in place:
            continue
        if place[lead_id] < last.get(key[lead_id], -1):
            swapped.add(lead_id)
        last[key[lead_id]] = place[lead_id]
    return _some("out of order", swapped)


def rows_of(seen: Seen, stage: str, table: str) -> dict[str, list[Any]]:
    """A table's rows by key, over all partitions; MessagePack arrays as lists."""
    prefix = f"{table}\x00"
    return {
        key.decode().removeprefix(prefix): msgspec.msgpack.decode(value)
        for (_, _, key), value in seen.rows[stage].items()
        if key.decode().startswith(prefix)
    }


def counts(seen: Seen, stage: str) -> Counter[str]:
    """A stage's own counts, summed over its partitions."""
    total: Counter[str] = Counter()
    for (_, _, key), value in seen.rows[stage].items():
        table, _, name = key.decode().partition("\x00")
        if table == "counts":
            total[name] += msgspec.msgpack.decode(value)[0]
    return total


def open_counts_are_right(seen: Seen) -> list[str]:
    """A rep's open leads = assignments and imported leads less ended ones, counted again."""
    counted = Counter(event["rep_id"] for event in seen.events["assignments.rep"])
    counted.update(
        event["held_by"] for event in seen.events["leads.lifecycle"] if event.get("held_by")
    )
    counted.subtract(event["rep_id"] for event in seen.events["assignments.ended"])
    kept = {rep: row[0] for rep, row in rows_of(seen, "route", "loads").items()}
    return [
        f"{rep} has {kept.get(rep, 0)} open leads in its row, a recount gives {times}"
        for rep, times in sorted(counted.items())
        if kept.get(rep, 0) != times
    ]


def rotations_are_right(seen: Seen) -> list[str]:
    """Each rotation's decisions form one chain of virtual time that ends at its row."""
    chains: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event in seen.events["assignments.rep"]:
        explanation = event["explanation"]
        if explanation.get("rotation") and explanation.get("virtual_time_after"):
            before = int(explanation["virtual_time_before"])
            chains[explanation["rotation"]].append((before, int(explanation["virtual_time_after"])))
    problems: list[str] = []
    rows = rows_of(seen, "route", "rotations")
    for rotation, steps in sorted(chains.items()):
        ordered = sorted(steps)
        if any(after != before for (_, after), (before, _) in pairwise(ordered)):
            problems.append(f"rotation {rotation} has a gap or a doubled decision in virtual time")
        row = next((row for key, row in rows.items() if key.endswith(rotation)), [None])
        if row[0] != ordered[-1][1]:
            problems.append(
                f"rotation {rotation} stands at {row[0]}, its decisions end at {ordered[-1][1]}"
            )
    return problems


def counts_agree(sent: list[Made], seen: Seen) -> list[str]:
    """The pipeline's own counts, kept in different places, agree with what was sent.

    A message that is decided twice may leave no second lead, because the stages behind recognise
    it: then it stands in the counts of repeats or of touchpoints. At rest nothing is in flight:
    what qualify sent, route received, and each lead received has its place or fell.
    """
    fates = Counter(made.fate for made in sent)
    identify, qualify, route = (counts(seen, one) for one in ("identify", "qualify", "route"))
    placed = sum(value for name, value in route.items() if name.startswith("place:"))
    compared = {
        "repeats": (identify["repeats"], fates["repeat"]),
        "admitted": (qualify["admitted"], fates["lead"]),
        "touched": (qualify["touched"], 0),
        "sent": (qualify["sent"], fates["lead"]),
        "received": (route["received"], qualify["sent"]),
        "placed or fallen": (placed + route["fallen"], route["received"]),
        "placed": (placed, fates["lead"]),
    }
    return [
        f"{name} counts {found}, there were {wanted}"
        for name, (found, wanted) in compared.items()
        if found != wanted
    ]


def _some(what: str, ids: Iterable[str]) -> list[str]:
    ordered = sorted(ids)
    if not ordered:
        return []
    return [f"{len(ordered)} {what}, such as {', '.join(ordered[:FOUND_MAX])}"]
