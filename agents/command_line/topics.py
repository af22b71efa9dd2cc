"""`leadstream topics`: the catalogue, on paper and on the broker."""

from typing import TYPE_CHECKING

from cyclopts import App

from agents.command_line.broker import patiently, speaking_to
from agents.command_line.ending import DONE, FAILED
from agents.command_line.environment import registry, settings, stages_not_run
from agents.command_line.rights import rights
from agents.command_line.skip import skip
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from agents.kafka.topics import Wanted
    from agents.settings import Settings
    from schemas.topics import Topic

topics = App(name="topics", help="The topics that leadstream reads and writes.")
COLUMNS = (
    "topic",
    "key",
    "events",
    "written by",
    "read by",
    "partitions",
    "retention",
    "cleanup",
    "timestamps",
)


@topics.command(name="list")
def list_(*, json: bool = False) -> None:
    """List the catalogue: every topic with its key, events, writers, readers and settings.

    Needs no broker.

    Example: `leadstream topics list --json`

    Parameters
    ----------
    json
        Print one JSON object instead of a table.
    """
    from schemas.topics import CATALOGUE

    found = list(CATALOGUE.values())
    if json:
        print_json({"topics": [_content(topic) for topic in found]})
    else:
        print_table("Topics of leadstream", COLUMNS, [_row(topic) for topic in found])


def _content(topic: "Topic") -> dict[str, object]:
    return {
        "name": topic.name,
        "key": topic.key,
        "events": [event.__name__ for event in topic.events],
        "producers": list(topic.producers),
        "consumers": list(topic.consumers),
        "partitions": topic.partitions,
        "retention_ms": topic.retention_ms,
        "cleanup": topic.cleanup,
        "timestamp_type": topic.timestamp_type,
        "bytes_max": topic.bytes_max,
    }


def _row(topic: "Topic") -> tuple[str, ...]:
    from schemas.topics import DAY_MS

    kept = "for ever" if topic.retention_ms is None else f"{topic.retention_ms // DAY_MS} days"
    return (
        topic.name,
        topic.key,
        ", ".join(event.__name__ for event in topic.events),
        ", ".join(topic.producers),
        ", ".join(topic.consumers),
        str(topic.partitions),
        kept,
        topic.cleanup,
        topic.timestamp_type,
    )


@topics.command
def create(*, json: bool = False) -> None:
    """Create on the broker what is missing, with the catalogue's settings.

    What is there already is left as it is. Schemas are registered where a registry is set.

    Example: `LEADSTREAM_BROKER=127.0.0.1:9092 leadstream topics create`

    Parameters
    ----------
    json
        End with one line of JSON.
    """
    found = settings()
    with speaking_to(found.kafka):
        from agents.kafka import topics as catalogue

        wanted = _wanted(found)
        created = patiently(lambda: catalogue.create(found.kafka, wanted))
        registered = _register(found)
    if json:
        print_json({"created": created, "there": len(wanted), "schemas": registered})
        return
    for name in created:
        print(f"created {name}")
    schemas = "" if registered is None else f", {counted(registered, 'schema')} registered"
    there = len(wanted) - len(created)
    print(f"{counted(len(created), 'topic')} created, {there} there already{schemas}.")


def _register(found: "Settings") -> int | None:
    schemas = registry(found)
    return None if schemas is None else patiently(schemas.register)


def _wanted(found: "Settings") -> "tuple[Wanted, ...]":
    """The catalogue and the changelogs of every stage."""
    from agents.kafka import topics as catalogue

    return catalogue.wanted(found.kafka.prefix, stages_not_run(found))


@topics.command
def check(*, json: bool = False) -> int:
    """Compare the broker's topics with the catalogue; exit code 1 where anything differs.

    Example: `leadstream topics check`

    Parameters
    ----------
    json
        End with one line of JSON.
    """
    found = settings()
    with speaking_to(found.kafka):
        from agents.kafka import topics as catalogue

        wanted = _wanted(found)
        differences = patiently(lambda: catalogue.check(found.kafka, wanted))
    if json:
        content = [
            {"topic": one.topic, "what": one.what, "wanted": one.wanted, "found": one.found}
            for one in differences
        ]
        print_json({"topics": len(wanted), "differences": content})
    else:
        for one in differences:
            print(one)
        found_out = counted(len(differences), "difference")
        print(f"{counted(len(wanted), 'topic')} checked, {found_out}.")
    return FAILED if differences else DONE


topics.command(rights)
topics.command(skip)
