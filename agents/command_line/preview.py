"""`leadstream preview`: who would get a lead now, and why, without effect."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from agents.command_line.broker import patiently, speaking_to
from agents.command_line.ending import Failed, Refused
from agents.command_line.environment import codec, secret_of, settings
from agents.command_line.progress import Progress
from agents.command_line.tables import print_json

if TYPE_CHECKING:
    from agents.explain.events import Said
    from agents.settings import Settings
    from agents.simulation.trial import Trial

LEAD_BYTES_MAX = 1024 * 1024


def preview(lead: Annotated[Path, Parameter(name="LEAD.json")], *, json: bool = False) -> None:
    """Tell who would get a lead now, and why, against the live state and without effect.

    The committed state is read from the broker into memory and the lead is decided there: nothing
    is sent, nobody is told, no turn is taken. Records still on their way are not considered.

    Example: `leadstream preview lead.json`

    Parameters
    ----------
    lead
        A `lead.captured` event, as marketing systems send it, in JSON.
    json
        Print one JSON object with the events instead of words.
    """
    event = _event(lead)
    events = _decided(settings(), event)
    lead_id = next((str(each.value["lead_id"]) for each in events if _tells(each)), None)
    if lead_id is None:
        raise Refused(f"{lead}: {_why_not(events)}")
    from agents.explain.story import story

    told = [each for each in events if each.value.get("lead_id") == lead_id]
    if json:
        content = [{"topic": each.topic, "value": _shown(each)} for each in told]
        print_json({"lead_id": lead_id, "events": content})
        return
    for line in story(lead_id, told):
        print(line)


def _tells(event: "Said") -> bool:
    return event.topic == "leads.scored"


def _shown(event: "Said") -> dict[str, Any]:
    """The event without the person, as `explain` shows it."""
    return {name: part for name, part in event.value.items() if name != "lead"}


def _why_not(events: "list[Said]") -> str:
    refused = [each.value for each in events if each.topic == "leads.rejected"]
    if not refused:
        return "this would not be a lead: it would be passed over"
    return f"it would be rejected, {refused[0]['reason']}: {refused[0]['detail']}"


def _event(lead: Path) -> dict[str, Any]:
    """The content of the file. Raises `Refused`."""
    import orjson

    try:
        with lead.open("rb") as stream:
            found = orjson.loads(stream.read(LEAD_BYTES_MAX))
    except FileNotFoundError:
        raise Refused(f"{lead} is not there: check the name") from None
    except OSError as error:
        raise Refused(f"{lead} cannot be read: {error.strerror}; give a file of yours") from None
    except orjson.JSONDecodeError:
        raise Refused(f"{lead} is not one JSON object: give a lead.captured event") from None
    if not isinstance(found, dict) or found.get("type") != "lead.captured":
        raise Refused(f'{lead} is no lead.captured event: its "type" must say so')
    return found


def _decided(found: "Settings", event: dict[str, Any]) -> "list[Said]":
    with speaking_to(found.kafka):
        from agents.clock import wall_ms
        from agents.preview import captured

        state = state_of(found)
        return patiently(lambda: captured(state, event, wall_ms()))


def state_of(found: "Settings") -> "Trial":
    """A copy of the live state, to decide in. Raises `Failed` before the first policy."""
    from agents.preview import NothingPublished

    try:
        return loaded(found)
    except NothingPublished:
        raise Failed(
            "no policy is published yet: run `leadstream policy publish FILE` first"
        ) from None


def loaded(found: "Settings") -> "Trial":
    """The same. Raises `NothingPublished`, for which a command has words of its own."""
    from agents.preview import live
    from streams.pipeline import pipeline

    written = codec(found)
    stages = pipeline(secret_of(found), written)
    with Progress("Reading the state"):
        return patiently(lambda: live(found.kafka, stages, written))
