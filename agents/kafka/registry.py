"""A Confluent-compatible schema registry: ids for our records, schemas for others' ids."""

from collections.abc import Mapping
from typing import Any

import orjson
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError
from httpx2 import HTTPError

from agents.clock import steady_s
from agents.kafka.unavailable import RegistryUnavailable
from agents.leaving import StayDown
from schemas.avro import documented
from schemas.record import Event
from schemas.topics import CATALOGUE

ANSWER_S = 3.0
RETRIES = 1
"""A look-up that fails is over before its agent is given up for dead."""
UNKNOWN_S = 30.0
UNKNOWN_MAX = 1_000
"""So many ids that the registry does not know are not asked for again for so long."""
NOT_FOUND = frozenset({404, 40401, 40402, 40403})


class Registry:
    """Looks ids and schemas up and keeps them: an outage matters only to what is not yet known.

    Never registers while records flow; `leadstream topics create` does (`register`).
    """

    def __init__(self, url: str) -> None:
        """Connects with the first look-up."""
        self._url = url
        self._client = SchemaRegistryClient(
            {"url": url, "timeout": ANSWER_S, "max.retries": RETRIES}
        )
        self._ids: dict[tuple[str, str], int] = {}
        self._schemas: dict[int, str] = {}
        self._unknown_s: dict[int, float] = {}

    def close(self) -> None:
        """Ends its connections."""
        self._client.close()

    def id_of(self, record_type: type[Event], topic: str) -> int:
        """The id of a record's schema under the topic's subject.

        Raises `StayDown` where it is not registered, `RegistryUnavailable`.
        """
        place = (topic, record_type.__name__)
        if place not in self._ids:
            self._ids[place] = self._registered(record_type, topic)
        return self._ids[place]

    def _registered(self, record_type: type[Event], topic: str) -> int:
        name = subject(topic, record_type)
        try:
            found = self._client.lookup_schema(name, schema(record_type), normalize_schemas=True)
        except SchemaRegistryError as error:
            if error.error_code in NOT_FOUND:
                msg = f"{name} is not registered at {self._url}: run `leadstream topics create`"
                raise StayDown(msg) from None
            raise RegistryUnavailable(str(error)) from error
        except HTTPError as error:
            raise RegistryUnavailable(f"no schema registry answers at {self._url}") from error
        return int(found.schema_id or 0)

    def record_schema(self, schema_id: int) -> Mapping[str, Any] | str | None:
        """The schema under an id, None where there is none. Raises `RegistryUnavailable`."""
        found = self._schemas.get(schema_id)
        if found is None and steady_s() - self._unknown_s.get(schema_id, -UNKNOWN_S) >= UNKNOWN_S:
            found = self._fetched(schema_id)
            self._remember(schema_id, found)
        return found

    def _remember(self, schema_id: int, found: str | None) -> None:
        """An id that is not there may come to be, and a sender can make up any number of them."""
        if found is not None:
            self._schemas[schema_id] = found
            return
        if len(self._unknown_s) >= UNKNOWN_MAX:
            self._unknown_s.clear()
        self._unknown_s[schema_id] = steady_s()

    def _fetched(self, schema_id: int) -> str | None:
        try:
            return self._client.get_schema(schema_id).schema_str
        except SchemaRegistryError as error:
            if error.error_code in NOT_FOUND:
                return None
            raise RegistryUnavailable(str(error)) from error
        except HTTPError as error:
            raise RegistryUnavailable(f"no schema registry answers at {self._url}") from error

    def register(self) -> int:
        """Registers every released record of the catalogue; gives how many.

        Raises `StayDown` where a schema is refused (incompatible), `RegistryUnavailable`.
        """
        records = [
            (topic.name, event)
            for topic in CATALOGUE.values()
            for event in topic.events
            if event.released
        ]
        for topic, event in records:
            self._register(topic, event)
        return len(records)

    def _register(self, topic: str, event: type[Event]) -> None:
        name = subject(topic, event)
        try:
            self._client.register_schema(name, schema(event), normalize_schemas=True)
        except SchemaRegistryError as error:
            msg = f"the registry refuses {name} ({error.error_message}): look at its versions there"
            raise StayDown(msg) from None
        except HTTPError as error:
            raise RegistryUnavailable(f"no schema registry answers at {self._url}") from error


def subject(topic: str, record_type: type[Event]) -> str:
    """Topic and record name: a topic holds several records (contract, section 3)."""
    return f"{topic}-leadstream.{record_type.__name__}"


def schema(record_type: type[Event]) -> Schema:
    """A record's schema as the client wants it, with its documentation, as it is committed."""
    return Schema(orjson.dumps(documented(record_type)).decode(), "AVRO")
