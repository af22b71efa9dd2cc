"""The least rights on the broker that each agent needs, and each kind of person.

Derived from the pipeline and the catalogue, so whoever adds a topic grants nothing by hand. A right
that follows from another (Kafka: whoever may read or write may describe) is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from agents.kafka import names
from schemas.inner import Tick
from schemas.topics import CATALOGUE, INBOXES, INPUTS, OUTPUTS
from streams.stage import Stage

Operation = Literal["READ", "WRITE", "DESCRIBE", "CREATE", "DESCRIBE_CONFIGS"]
Resource = Literal["topic", "group", "transactional-id"]
POLICY = "policy"
LIFECYCLE = "leads.lifecycle"


class Right(NamedTuple):
    """One thing that a user may do."""

    resource: Resource
    name: str
    """On the broker; where `prefixed`, what names begin with."""
    operation: Operation
    prefixed: bool = False

    def __str__(self) -> str:
        """As a sentence names it."""
        return f"{self.operation} on {self.resource} {self.name}{'*' if self.prefixed else ''}"


Rights = tuple[Right, ...]


def of_agent(prefix: str, stage: Stage) -> Rights:
    """What a worker of one agent needs. A worker of several agents needs the rights of each."""
    return _least(_of_agent(prefix, stage))


def _of_agent(prefix: str, stage: Stage) -> Iterator[Right]:
    group = names.group(prefix, stage)
    ticking = [source for source in stage.sources if Tick in CATALOGUE[source].events]
    yield from topics(prefix, "READ", (*stage.sources, POLICY))
    yield from topics(prefix, "WRITE", (*stage.writes, *ticking))
    for source in stage.sources:
        changelog = names.changelog(prefix, stage, source)
        yield Right("topic", changelog, "READ")
        yield Right("topic", changelog, "WRITE")
    yield Right("group", group, "READ")
    yield reading(prefix)
    yield Right("transactional-id", f"{group}-", "WRITE", prefixed=True)
    if stage.paced:
        yield from topics(prefix, "DESCRIBE", (inbox.name for inbox in INBOXES))
        yield from _groups(prefix, (inbox.consumers[0] for inbox in INBOXES))


def topics(prefix: str, operation: Operation, catalogued: Iterable[str]) -> Iterator[Right]:
    """A right on topics of the catalogue."""
    return (Right("topic", names.topic(prefix, name), operation) for name in catalogued)


def _groups(prefix: str, agents: Iterable[str]) -> Iterator[Right]:
    """To see how far agents have read."""
    return (Right("group", names.group_of(prefix, agent), "DESCRIBE") for agent in agents)


def reading(prefix: str) -> Right:
    """Reading without a group of one's own: librdkafka looks for one all the same."""
    return Right("group", names.reader(prefix), "DESCRIBE")


def _changelogs(prefix: str, stages: Sequence[Stage]) -> list[str]:
    return [names.changelog(prefix, stage, each) for stage in stages for each in stage.sources]


def _send(prefix: str, _stages: Sequence[Stage]) -> Iterator[Right]:
    yield from topics(prefix, "WRITE", (topic.name for topic in INPUTS))


def _publish(prefix: str, _stages: Sequence[Stage]) -> Iterator[Right]:
    yield from topics(prefix, "WRITE", (POLICY, *(inbox.name for inbox in INBOXES)))
    yield from topics(prefix, "READ", (POLICY, LIFECYCLE))
    yield reading(prefix)
    yield Right("transactional-id", names.publisher(prefix), "WRITE")


def _look(prefix: str, stages: Sequence[Stage]) -> Iterator[Right]:
    yield from topics(prefix, "READ", (POLICY, *(topic.name for topic in OUTPUTS)))
    yield from (Right("topic", name, "READ") for name in _changelogs(prefix, stages))
    yield from topics(prefix, "DESCRIBE", (each for stage in stages for each in stage.sources))
    yield from _groups(prefix, (stage.name for stage in stages))
    yield reading(prefix)


def _trace(prefix: str, stages: Sequence[Stage]) -> Iterator[Right]:
    yield from _look(prefix, stages)
    yield from topics(prefix, "READ", (each for stage in stages for each in stage.sources))


def _steer(prefix: str, stages: Sequence[Stage]) -> Iterator[Right]:
    yield from _look(prefix, stages)
    yield from topics(prefix, "WRITE", (each for stage in stages for each in stage.sources))


def _create(prefix: str, stages: Sequence[Stage]) -> Iterator[Right]:
    named = [names.topic(prefix, name) for name in CATALOGUE]
    for name in (*named, *_changelogs(prefix, stages)):
        yield Right("topic", name, "CREATE")
        yield Right("topic", name, "DESCRIBE")
        yield Right("topic", name, "DESCRIBE_CONFIGS")


PEOPLE: Mapping[str, tuple[str, Callable[[str, Sequence[Stage]], Iterator[Right]]]] = {
    "send": ("`produce`, and every system that sends input", _send),
    "publish": ("`policy publish`, also `--shadow`", _publish),
    "look": ("`explain`, `preview`, `fairness`, `policy show`, `deadletters list`", _look),
    "trace": ("what `look` may, and `trace` and `record`, which also read inboxes", _trace),
    "steer": ("what `look` may, and `import`, `reroute --yes`, `deadletters replay`", _steer),
    "create": ("`topics create` and `topics check`", _create),
}
"""Kinds of people beside the agents, with what they run."""


def of_person(prefix: str, kind: str, stages: Sequence[Stage]) -> Rights:
    """What a kind of people needs. Raises `KeyError` for a kind that `PEOPLE` does not have."""
    return _least(PEOPLE[kind][1](prefix, stages))


def _least(rights: Iterable[Right]) -> Rights:
    """Each right once, in order of names, without those that follow from another."""
    found = set(rights)
    implied = {
        Right(each.resource, each.name, "DESCRIBE", each.prefixed)
        for each in found
        if each.operation in ("READ", "WRITE")
    }
    return tuple(sorted(found - implied))
