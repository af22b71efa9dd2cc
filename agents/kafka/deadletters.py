"""The dead letters on the broker: finding them, and sending them in again."""

from collections.abc import Iterable, Iterator

import orjson

from agents.kafka import names
from agents.kafka.produce import Outbound
from agents.kafka.reading import Reading
from agents.kafka.scan import Progress, scan
from agents.ledger.replay import REPLAY_HEADER, mark_of, place_of
from agents.settings import Kafka
from schemas.outputs import LeadRejected
from schemas.topics import CATALOGUE

TOPIC = "leads.rejected"
REPLAYS = "ledger.replays"
"""The ledger's table of what came in again, as its changelogs name it."""


def letters(
    kafka: Kafka, reading: Reading, progress: Progress, *, letter_id: str | None = None
) -> Iterator[LeadRejected]:
    """Every dead letter, each partition in its order; with an id only that one.

    Raises what `scan` and `reading` raise.
    """
    key = None if letter_id is None else letter_id.encode()
    for _, event in reading.events(scan(kafka, TOPIC, progress, key=key)):
        if isinstance(event, LeadRejected):
            yield event


def came_in_again(kafka: Kafka, letters: Iterable[LeadRejected], progress: Progress) -> set[str]:
    """Places of the letters that the pipeline took once more already: it passes them over.

    Read from the changelogs of the agents that take them, whose ledger notes each place. Raises
    what `scan` raises.
    """
    sources = {letter.source for letter in letters if letter.source.topic in CATALOGUE}
    wanted = {f"{REPLAYS}\x00{place_of(source)}".encode(): place_of(source) for source in sources}
    numbers: dict[str, set[int]] = {}
    for source in sources:
        numbers.setdefault(source.topic, set()).add(source.partition)
    return {
        wanted[found.key]
        for topic, within in numbers.items()
        for agent in CATALOGUE[topic].consumers
        for found in scan(kafka, names.changelog_of("", agent, topic), progress, within=within)
        if found.key in wanted
    }


def obstacle(letter: LeadRejected) -> str | None:
    """Why a dead letter cannot be sent in again; None: it can."""
    if letter.source.topic not in CATALOGUE:
        return f"it came from {letter.source.topic}, which is no topic of this version"
    if _is_timer(letter.original):
        return "it stands for a timer whose step failed, and timers fire again by themselves"
    if not letter.original:
        return "it has no bytes: the message was empty"
    return None


def _is_timer(original: bytes) -> bool:
    try:
        content = orjson.loads(original)
    except orjson.JSONDecodeError:
        return False
    return isinstance(content, dict) and set(content) == {"timer", "due"}


def replayed(number: int, letter: LeadRejected) -> Outbound:
    """The original record for the place where it failed, marked as sent in again."""
    source = letter.source
    return Outbound(
        number,
        source.topic,
        letter.key,
        letter.original,
        source.partition,
        ((REPLAY_HEADER, mark_of(letter)),),
    )
