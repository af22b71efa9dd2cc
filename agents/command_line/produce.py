"""`leadstream produce`: input lines go to their topics, each acknowledged."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from agents.command_line.broker import patiently, speaking_to, telling_how_far
from agents.command_line.ending import Refused
from agents.command_line.environment import settings
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json

if TYPE_CHECKING:
    from agents.kafka.produce import Sending
    from agents.settings import Kafka


def produce(
    file: Path,
    *,
    from_line: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 1,
    json: bool = False,
) -> None:
    """Send input lines to their topics and wait for every acknowledgement.

    `at` is not sent: the time of a record is when the broker appends it. Each line is checked just
    before it is sent; where sending stops, the message says from which line to go on. A line that
    is sent twice does no harm: the pipeline knows its event_id and ignores the repeat.

    Example: `leadstream produce leads.jsonl --from-line 1200`

    Parameters
    ----------
    file
        Input lines, one JSON object each with topic and value; `-` is the standard input.
    from_line
        Leave out the lines before this one.
    json
        End with one line of JSON with the counts.
    """
    found = settings()
    _refuse_unreadable(file)
    with speaking_to(found.kafka):
        from agents import inputs
        from agents.kafka.produce import Sending, refuse_missing

        patiently(lambda: refuse_missing(found.kafka, inputs.TOPICS))
        sending = Sending(found.kafka)
        sent = _sent(file, from_line, sending, found.kafka)
    if sent == 0:
        raise Refused(f"{file} has no input lines from line {from_line} on: write {inputs.FORM}")
    if json:
        print_json({"sent": sent, "acknowledged": sending.acknowledged})
    else:
        print(f"{file}: {counted(sending.acknowledged, 'line')} sent and acknowledged.")


def _refuse_unreadable(file: Path) -> None:
    """A mistake in the file's name should not wait for a broker."""
    from agents import inputs

    try:
        with inputs.opened(file):
            return
    except inputs.BadInput as error:
        raise Refused(str(error)) from None


def _sent(file: Path, from_line: int, sending: "Sending", kafka: "Kafka") -> int:
    """How many lines were sent, all acknowledged. Raises `Ended` with the line to go on from."""
    from agents import inputs

    def so_far() -> str:
        remedy = f"go on with `leadstream produce {file} --from-line {sending.first_missing}`"
        return f"{counted(sending.acknowledged, 'line')} acknowledged, {remedy}"

    with telling_how_far(so_far, f"interrupted while sending to {kafka.broker}"):
        try:
            return _send_all(file, from_line, sending)
        except inputs.BadInput as error:
            _finish_quietly(sending)
            raise Refused(f"{error}; {so_far()}") from None


def _send_all(file: Path, from_line: int, sending: "Sending") -> int:
    from agents import inputs
    from agents.kafka.produce import Outbound

    sent = 0
    with Progress("Sending") as progress, inputs.opened(file) as stream:
        size = inputs.size_of(file)
        for line in inputs.read_lines(stream, str(file)):
            if line.number >= from_line:
                key = inputs.key_of(line.value)
                sending.send(Outbound(line.number, line.topic, key, line.value))
                sent += 1
            progress(line.end, size)
        sending.finish()
    return sent


def _finish_quietly(sending: "Sending") -> None:
    """What was sent before a bad line deserves its acknowledgement; the line is said either way."""
    from contextlib import suppress

    from agents.kafka.produce import NotAcknowledged

    with suppress(NotAcknowledged):
        sending.finish()
