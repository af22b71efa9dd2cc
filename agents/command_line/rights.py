"""`leadstream topics rights`: what each agent, and each kind of people, must be granted."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter

from agents.command_line.ending import Refused
from agents.command_line.environment import settings
from agents.command_line.tables import print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agents.kafka.rights import Rights

COLUMNS = ("user", "operation", "resource", "name", "pattern")


class Grant(NamedTuple):
    """Who needs which rights."""

    who: str
    user: str
    rights: "Rights"


def rights(
    *who: Annotated[str, Parameter(show_default=False)],
    user: str | None = None,
    commands: bool = False,
    json: bool = False,
) -> None:
    """Tell the least rights that each agent needs on a broker with ACLs, and each kind of people.

    The names are those of LEADSTREAM_PREFIX. Needs no broker. People: `send` (produce), `publish`
    (policy publish), `look` (explain, preview, fairness, deadletters list), `trace` (look, and
    trace, record), `steer` (look, and import, reroute --yes, deadletters replay), `create` (topics
    create, topics check). A worker of several agents needs the rights of each.

    Example: `leadstream topics rights route --user sales-router --commands`

    Parameters
    ----------
    who
        Agents (intake, identify, qualify, enrich, route) or kinds of people. All, if none is given.
    user
        The user to whom they are granted, instead of one called leadstream- and the name of each.
    commands
        Print Kafka's own commands that grant them, instead of a table; admin.properties is how you
        get in as an administrator.
    json
        Print one JSON object instead of a table.
    """
    found = settings()
    granted = _grants(found.kafka.prefix, who, user)
    if json:
        print_json({"rights": [row for each in granted for row in _content(each)]})
    elif commands:
        for each in granted:
            for line in _commands(each, found.kafka.broker):
                print(line)
    else:
        for each in granted:
            print_table(f"What {each.who} needs", COLUMNS, _rows(each))


def _grants(prefix: str, wanted: "Sequence[str]", user: str | None) -> list[Grant]:
    """In the order asked for. Raises `Refused` for a name that is none."""
    from agents.kafka import rights as needed
    from agents.settings import PUBLIC_SECRET
    from schemas.codec import Codec
    from streams.pipeline import pipeline

    stages = pipeline(PUBLIC_SECRET.encode(), Codec())  # none is run, so any secret does
    known = {stage.name: needed.of_agent(prefix, stage) for stage in stages}
    known |= {kind: needed.of_person(prefix, kind, stages) for kind in needed.PEOPLE}
    for name in wanted:
        if name not in known:
            raise Refused(f"there is no {name!r} here: choose from {', '.join(known)}")
    names = tuple(dict.fromkeys(wanted)) or tuple(known)
    return [Grant(name, user or f"leadstream-{name}", known[name]) for name in names]


def _pattern(*, prefixed: bool) -> str:
    return "prefixed" if prefixed else "literal"


def _content(grant: Grant) -> "Iterator[dict[str, str]]":
    for one in grant.rights:
        yield {
            "who": grant.who,
            "user": grant.user,
            "operation": one.operation,
            "resource": one.resource,
            "name": one.name,
            "pattern": _pattern(prefixed=one.prefixed),
        }


def _rows(grant: Grant) -> "Iterator[Sequence[str]]":
    for one in grant.rights:
        pattern = _pattern(prefixed=one.prefixed)
        yield (grant.user, one.operation, one.resource, one.name, pattern)


def _commands(grant: Grant, broker: str) -> "Iterator[str]":
    """One line for all names of a kind: each run of the tool takes seconds."""
    from shlex import quote

    ordered = sorted(grant.rights, key=lambda one: (one.resource, one.operation, one.prefixed))
    for (resource, operation, prefixed), found in groupby(
        ordered, key=lambda one: (one.resource, one.operation, one.prefixed)
    ):
        kind = operation.title().replace("_C", "C")
        principal = quote(f"User:{grant.user}")
        names = " ".join(f"--{resource} {quote(one.name)}" for one in found)
        pattern = " --resource-pattern-type prefixed" if prefixed else ""
        yield (
            f"kafka-acls.sh --bootstrap-server {broker} --command-config admin.properties --add "
            f"--allow-principal {principal} --operation {kind} {names}{pattern}"
        )
