"""`leadstream explain`: every decision about a lead, in words."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from agents.command_line.broker import patiently, reading
from agents.command_line.decisions import lines, no_output
from agents.command_line.ending import Failed, Refused
from agents.command_line.environment import settings
from agents.command_line.progress import Progress
from agents.command_line.tables import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agents.explain.events import Said
    from agents.settings import Settings


def explain(
    lead_id: Annotated[str, Parameter(name="LEAD_ID")],
    *,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    json: bool = False,
) -> None:
    """Tell every decision about a lead in order, with the numbers behind it.

    The score and its parts, each tier tried and why it did not match, each rep looked at and why
    passed over, the rotation, the clock, the policy version; what people did by hand, who and why.
    No personal data of the lead is shown.

    Example: `leadstream explain lead-91fd00b6e867dfb82019 --from decisions.jsonl`

    Parameters
    ----------
    lead_id
        The lead's id, as every output event has it.
    source
        A file that `leadstream simulate --out` wrote; without it the broker is asked.
    json
        Print one JSON object with the events instead of words.
    """
    from agents.explain.events import in_order
    from agents.explain.story import story

    events = _of_broker(settings(), lead_id) if source is None else _of_file(source, lead_id)
    if not events:
        place = source or "the output topics"
        raise Failed(f"nothing was decided about a lead {lead_id!r} in {place}: check the id")
    if json:
        content = [{"topic": event.topic, "value": _shown(event)} for event in in_order(events)]
        print_json({"lead_id": lead_id, "events": content})
        return
    for line in story(lead_id, events):
        print(line)


def _shown(event: "Said") -> dict[str, Any]:
    """The event without the person: who that is the CRM shows to those who may see it."""
    return {name: part for name, part in event.value.items() if name != "lead"}


def _of_file(source: Path, lead_id: str) -> "list[Said]":
    from agents.explain.events import ALERTS
    from agents.explain.interventions import bearing

    events = [event for event in _said(source, lead_id) if event.value.get("lead_id") == lead_id]
    return [*events, *bearing(events, _said(source, f'"{ALERTS}"'))] if events else []


def _said(source: Path, wanted: str) -> "Iterator[Said]":
    """The events on the lines of a file in which a text stands."""
    from agents.explain.events import of_line

    for topic, number, value in lines(source, wanted.encode()):
        try:
            yield of_line(topic, number, value)
        except (KeyError, ValueError):
            raise Refused(no_output(source, number)) from None


def _of_broker(found: "Settings", lead_id: str) -> "list[Said]":
    with reading(found) as reader:
        from agents.explain.events import ALERTS, TOPICS, of_record
        from agents.explain.interventions import bearing
        from agents.kafka.scan import scan
        from schemas.codec import to_json

        def told(topic: str, progress: Progress) -> "list[Said]":
            key = None if topic == ALERTS else lead_id.encode()
            records = scan(found.kafka, topic, progress, key=key)
            return [
                of_record(topic, one.timestamp, one.offset, to_json(event))
                for one, event in reader.events(records)
            ]

        def read_all(topic: str) -> "list[Said]":
            with Progress(f"Reading {topic}") as progress:
                return patiently(partial(told, topic, progress))

        events = [event for topic in TOPICS for event in read_all(topic)]
        return [*events, *bearing(events, read_all(ALERTS))] if events else []
