"""`leadstream trace`: a lead's way with the time spent in each hop and queue."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import Parameter

from agents.command_line.broker import patiently, reading
from agents.command_line.ending import Failed
from agents.command_line.environment import settings
from agents.command_line.progress import Progress
from agents.command_line.tables import print_json, print_table

if TYPE_CHECKING:
    from agents.kafka.reading import Reading
    from agents.kafka.scan import Found
    from agents.settings import Kafka
    from agents.way.hops import Hop, Place, Way
    from agents.way.stays import Stay

COLUMNS = ("agent", "took up", "at", "in the queue", "at work", "sent")


class Traced(NamedTuple):
    """What the topics say about a lead."""

    ways: "list[Way]"
    stays: "list[Stay]"


def trace(lead_id: Annotated[str, Parameter(name="LEAD_ID")], *, json: bool = False) -> None:
    """Print a lead's way: each hop, how long the record waited for it, and how long it took.

    Read from the topics themselves, so of every lead, with no trace viewer: the times at which
    records were appended, and what agents note in headers. One table for each input record or
    timer that moved the lead; the last one shows where the lead stood between them. Where a way
    was sampled, its trace id is there to look it up in a viewer.

    Example: `leadstream trace lead-91fd00b6e867dfb82019`

    Parameters
    ----------
    lead_id
        The lead's id, as every output event has it.
    json
        Print one JSON object instead of tables.
    """
    found = settings()
    with reading(found) as reader:
        traced = _traced(found.kafka, reader, lead_id)
    if not traced.ways and not traced.stays:
        raise Failed(f"nothing about a lead {lead_id!r} is on the output topics: check the id")
    if json:
        print_json({"lead_id": lead_id, **_as_json(traced)})
    else:
        _print(lead_id, traced)


def _traced(kafka: "Kafka", reader: "Reading", lead_id: str) -> Traced:
    from agents.explain.events import TOPICS
    from agents.kafka.lookup import look_up
    from agents.way.hops import place_of, wanted, ways
    from agents.way.stays import stays
    from schemas.outputs import LifecycleChanged

    told = [one for topic in TOPICS for one in _said(kafka, topic, lead_id)]
    records = {place_of(one): one for one in told}
    gone: set[Place] = set()
    while looked := wanted(records) - gone:
        found = patiently(partial(look_up, kafka, looked))
        records |= {place_of(one): one for one in found.values()}
        gone |= looked - records.keys()
    moves = (event for _, event in reader.events(one for one in told if _is_lifecycle(one)))
    return Traced(ways(records), stays(one for one in moves if isinstance(one, LifecycleChanged)))


def _is_lifecycle(record: "Found") -> bool:
    return record.topic == "leads.lifecycle"


def _said(kafka: "Kafka", topic: str, lead_id: str) -> "list[Found]":
    from agents.kafka.scan import scan

    with Progress(f"Reading {topic}") as progress:
        return patiently(lambda: list(scan(kafka, topic, progress, key=lead_id.encode())))


# -- for people


def _print(lead_id: str, traced: Traced) -> None:
    from schemas.record import format_time

    print(f"Lead {lead_id}")
    for way in traced.ways:
        print()
        queue_ms = sum(hop.queue_ms for hop in way.hops)
        total = f"{way.ended - way.began} ms, {queue_ms} ms of them in queues"
        print_table(f"{format_time(way.began)}  {_cause(way)}: {total}", COLUMNS, _rows(way))
        if way.trace_id is not None:
            print(f"Trace {way.trace_id}")
    print()
    print_table("Where it stood", ("place", "since", "for", "why"), map(_stay, traced.stays))


def _cause(way: "Way") -> str:
    first = way.hops[0]
    return f"a timer of {first.agent}" if first.due is not None else _text(first.source)


def _rows(way: "Way") -> list[tuple[str, ...]]:
    return [
        (
            hop.agent,
            _text(hop.source) if hop.due is None else "timer",
            f"+{hop.taken_up - way.began} ms",
            "not kept" if hop.appended is None and hop.due is None else f"{hop.queue_ms} ms",
            f"{hop.work_ms} ms",
            ", ".join(dict.fromkeys(one.topic for one in hop.sent)),
        )
        for hop in way.hops
    ]


def _text(place: "Place") -> str:
    return f"{place.topic}/{place.partition}/{place.offset}"


def _stay(stay: "Stay") -> tuple[str, ...]:
    from agents.explain.spans import span_text
    from schemas.record import format_time

    lasted = "still there" if stay.until is None else span_text(stay.until - stay.since)
    return stay.place, format_time(stay.since), lasted, stay.reason


# -- for programs


def _as_json(traced: Traced) -> dict[str, Any]:
    from schemas.record import format_time

    return {
        "ways": [
            {
                "began": format_time(way.began),
                "total_ms": way.ended - way.began,
                "trace_id": way.trace_id,
                "hops": [_hop(hop) for hop in way.hops],
            }
            for way in traced.ways
        ],
        "stays": [
            {
                "place": stay.place,
                "since": format_time(stay.since),
                "ms": None if stay.until is None else stay.until - stay.since,
                "reason": stay.reason,
            }
            for stay in traced.stays
        ],
    }


def _hop(hop: "Hop") -> dict[str, Any]:
    from schemas.record import format_time

    is_known = hop.appended is not None or hop.due is not None
    return {
        "agent": hop.agent,
        "took_up": _text(hop.source),
        "timer_due": None if hop.due is None else format_time(hop.due),
        "appended": None if hop.appended is None else format_time(hop.appended),
        "taken_up": format_time(hop.taken_up),
        "queue_ms": hop.queue_ms if is_known else None,
        "work_ms": hop.work_ms,
        "sent": [
            {
                "topic": one.topic,
                "place": f"{one.topic}/{one.partition}/{one.offset}",
                "appended": format_time(one.timestamp),
            }
            for one in hop.sent
        ],
    }
