"""What the stages of a recording ask for: policies by version, schemas by id."""

import json
from collections.abc import Iterable, Iterator

from agents.kafka.policies import PolicyMissing, compiled
from agents.kafka.scan import Found
from agents.leaving import StayDown
from agents.recording.file import Recording, Schemas
from schemas.codec import REGISTRY, REGISTRY_HEADER, SchemaIds
from schemas.record import Event
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy

POLICY = "policy"


class KeptPolicies:
    """The policies that stand in a recording."""

    def __init__(self, recording: Recording) -> None:
        """Reads a document when it is asked for."""
        self._recording = recording
        self._compiled: dict[int, Policy] = {}

    def get(self, version: int) -> Policy:
        """The policy of a version. Raises `PolicyMissing`, and `StayDown` as `compiled`."""
        policy = self._compiled.get(version)
        if policy is None:
            policy = self._compiled[version] = compiled(self._text(version), version)
        return policy

    def _text(self, version: int) -> str:
        for found in self._recording.records((POLICY, 0), version + 1):
            if found.offset == version:
                return found.value.decode()
        msg = f"the recording has no policy version {version}"
        raise PolicyMissing(msg)


class KeptSchemas:
    """What the schema registry said when the recording was made."""

    def __init__(self, recording: Recording) -> None:
        """Asks the recording only."""
        self._recording = recording

    def id_of(self, record_type: type[Event], topic: str) -> int:
        """The id of a record's schema under the topic's subject.

        Raises `StayDown` for a record that was not there when the recording was made.
        """
        name = record_type.__name__
        found = self._recording.schema_id(topic, name)
        if found is None:
            msg = (
                f"the registry had no {name} for {topic} when the recording was made: replay it "
                "with the program that recorded it"
            )
            raise StayDown(msg)
        return found

    def record_schema(self, schema_id: int) -> str | None:
        """The schema under an id; None: the registry had none."""
        return self._recording.schema(schema_id)


def schemas_of(registry: SchemaIds, named: Iterable[int]) -> Schemas:
    """What a replay will ask: of the ids that records name, and of those by which stages write.

    Raises as the registry does.
    """
    contents: dict[int, str] = {}
    for number in sorted(named):
        content = registry.record_schema(number)
        if content is not None:
            contents[number] = content if isinstance(content, str) else json.dumps(dict(content))
    records = [
        (topic.name, event)
        for topic in CATALOGUE.values()
        for event in topic.events
        if event.released
    ]
    ids = {(topic, event.__name__): registry.id_of(event, topic) for topic, event in records}
    return Schemas(contents, ids)


def named_schemas(records: Iterable[Found]) -> Iterator[int]:
    """The ids in records with a registry's framing; whatever else begins with its byte has one."""
    for one in records:
        if one.value[:1] == REGISTRY and len(one.value) >= REGISTRY_HEADER:
            yield int.from_bytes(one.value[1:REGISTRY_HEADER], "big")
