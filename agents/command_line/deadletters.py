"""`leadstream deadletters`: what could not be read or decided, why, and back in."""

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter, validators

from agents.command_line.broker import patiently, reading, speaking_to, telling_how_far
from agents.command_line.ending import Failed, Refused
from agents.command_line.environment import settings
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from agents.settings import Settings
    from schemas.outputs import LeadRejected

deadletters = App(
    name="deadletters", help="Input that was rejected and events that could not be decided."
)
COLUMNS = ("id", "at", "reason", "field", "stage", "source")


@deadletters.command(name="list")
def list_(
    *,
    reason: str | None = None,
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 100,
    json: bool = False,
) -> None:
    """List dead letters, the latest first, without anybody's data.

    Example: `leadstream deadletters list --reason unknown_lead`

    Parameters
    ----------
    reason
        Only those with this reason.
    limit
        At most so many.
    json
        Print one JSON object instead of a table.
    """
    found = [letter for letter in _letters(settings()) if reason in {None, letter.reason}]
    found.sort(key=lambda letter: (-letter.at, letter.event_id))
    if json:
        content = [dict(zip(COLUMNS, _row(letter), strict=True)) for letter in found[:limit]]
        print_json({"letters": content, "count": len(found)})
        return
    print_table("Dead letters", COLUMNS, [_row(letter) for letter in found[:limit]])
    print(f"{min(len(found), limit)} of {counted(len(found), 'dead letter')}.")


def _letters(found: "Settings", letter_id: str | None = None) -> "list[LeadRejected]":
    with reading(found) as reader, Progress("Reading dead letters") as progress:
        from agents.kafka import deadletters as edge

        return patiently(
            lambda: list(edge.letters(found.kafka, reader, progress, letter_id=letter_id))
        )


def _row(letter: "LeadRejected") -> tuple[str, ...]:
    from schemas.record import format_time

    source = letter.source
    place = f"{source.topic}/{source.partition}/{source.offset}"
    return (
        letter.event_id,
        format_time(letter.at),
        letter.reason,
        letter.field or "",
        letter.stage,
        place,
    )


@deadletters.command
def show(letter_id: Annotated[str, Parameter(name="ID")], *, json: bool = False) -> None:
    """Print the original bytes of a dead letter; reason and place go to stderr.

    The bytes are as they came, so they may hold a person's data.

    Example: `leadstream deadletters show 1d5d1c5c7f421738faf20a605919b617 > original.json`

    Parameters
    ----------
    letter_id
        The id that `deadletters list` shows.
    json
        Print one JSON object with everything, the bytes in base64.
    """
    letter = _one(settings(), letter_id)
    if json:
        from schemas.codec import to_json

        print_json(to_json(letter))
        return
    for name, text in zip(COLUMNS, _row(letter), strict=True):
        print(f"{name}: {text}", file=sys.stderr)
    # The text of a failed step's error may hold somebody's data: its type must do here.
    why = f"detail: {letter.detail}" if letter.error_type is None else f"error: {letter.error_type}"
    print(why, file=sys.stderr)
    sys.stdout.buffer.write(letter.original)
    sys.stdout.buffer.flush()


def _one(found: "Settings", letter_id: str) -> "LeadRejected":
    letters = _letters(found, letter_id)
    if not letters:
        raise Failed(
            f"there is no dead letter {letter_id!r}: `leadstream deadletters list` shows their ids"
        )
    return letters[-1]


@deadletters.command
def replay(
    letter_id: Annotated[str | None, Parameter(name="ID")] = None,
    *,
    reason: str | None = None,
    yes: bool = False,
    json: bool = False,
) -> None:
    """Send dead letters in again, to the place where each of them failed.

    Mend the cause first. The pipeline takes each letter once more; one that it took already is
    left. What is refused again is a new letter with an id of its own. Letters of timers
    stay: timers fire again by themselves.

    Example: `leadstream deadletters replay --reason step_failed --yes`

    Parameters
    ----------
    letter_id
        One letter, by the id that `deadletters list` shows.
    reason
        All letters with this reason.
    yes
        Do not ask before sending all letters of a reason.
    json
        End with one line of JSON with the counts.
    """
    if (letter_id is None) == (reason is None):
        raise Refused("give either one ID or --reason, such as --reason step_failed")
    found = settings()
    if letter_id is not None:
        letters = [_one(found, letter_id)]
    else:
        letters = [letter for letter in _letters(found) if letter.reason == reason]
        _confirm(len(letters), yes=yes)
    left = _obstacles(found, letters)
    if letter_id is not None and left:
        raise Failed(f"the dead letter cannot be sent in again: {left[letter_id]}")
    again = [letter for letter in letters if letter.event_id not in left]
    _send(found, again)
    if json:
        print_json({"replayed": len(again), "left": len(left)})
        return
    for one, why in left.items():
        print(f"{one} is left: {why}.")
    print(f"{counted(len(again), 'dead letter')} sent in again, {len(left)} left.")


def _confirm(count: int, *, yes: bool) -> None:
    """Asks on a terminal; elsewhere nobody could answer, so `--yes` must be given."""
    if yes or count == 0:
        return
    if not sys.stdin.isatty():
        raise Refused(f"{counted(count, 'dead letter')} to send in again: confirm with --yes")
    answer = input(f"Send {counted(count, 'dead letter')} in again? [y/N] ")
    if answer.strip().lower() not in {"y", "yes"}:
        raise Failed("nothing was sent: you did not answer yes")


def _obstacles(found: "Settings", letters: "list[LeadRejected]") -> dict[str, str]:
    """Why letters stay, by id; among them those that a replay would only pass over."""
    from agents.kafka import deadletters as edge
    from agents.ledger.replay import place_of

    whys = {letter.event_id: edge.obstacle(letter) for letter in letters}
    able = [letter for letter in letters if whys[letter.event_id] is None]
    with speaking_to(found.kafka), Progress("Looking for earlier replays") as progress:
        before = patiently(lambda: edge.came_in_again(found.kafka, able, progress))
    for letter in able:
        if place_of(letter.source) in before:
            whys[letter.event_id] = "it came in again before, and the pipeline takes it only once"
    return {event_id: why for event_id, why in whys.items() if why is not None}


def _send(found: "Settings", letters: "list[LeadRejected]") -> None:
    from agents.kafka.deadletters import replayed
    from agents.kafka.produce import Sending

    with speaking_to(found.kafka), Progress("Sending") as progress:
        sending = Sending(found.kafka)
        with telling_how_far(lambda: _so_far(sending.acknowledged)):
            for number, letter in enumerate(letters, start=1):
                sending.send(replayed(number, letter))
                progress(number, len(letters))
            sending.finish()


def _so_far(count: int) -> str:
    return f"{counted(count, 'dead letter')} sent in again, run the command once more for the rest"
