"""The Avro body of an event, read as any known schema has it, into the newest record."""

from io import BytesIO
from typing import Any, cast

import fastavro
from fastavro.read import SchemaResolutionError

from schemas.avro import Schema, bare, schema_of
from schemas.convert import to_record
from schemas.record import Event
from schemas.unreadable import Unreadable

BROKEN = (
    ValueError, LookupError, OverflowError, EOFError, MemoryError, TypeError,
    SchemaResolutionError,
)  # fmt: skip
"""What fastavro raises for bytes that do not follow the schema (a wrong UTF-8 text is a
`ValueError`, an unknown branch of a union a `LookupError`) or that no newer schema can take."""


class Reader:
    """Reads bodies of one writer's schema as the newest version of the model."""

    def __init__(self, model: type[Event], written_as: Schema, *, ours: bool = True) -> None:
        """`ours`: a schema that this project generated, whose every time is in milliseconds.

        A foreign one is read as it was written, units included, and the model's validation makes
        our fields of it: Avro's own resolution would drop what we do not know and refuse an enum
        where we have text. Raises `ValueError` for a schema that is not Avro.
        """
        newest = bare(schema_of(model))
        self.model = model
        self._writer = fastavro.parse_schema(bare(written_as) if ours else written_as)
        as_written = not ours or bare(written_as) == newest
        self._reader = None if as_written else fastavro.parse_schema(newest)
        self._build = to_record(model)

    def trusted(self, data: bytes, start: int) -> Event:
        """The event whose body begins at `start`, built without validation.

        Raises `Unreadable` with reason `not_avro` for bytes that do not follow the schema.
        """
        return cast("Event", self._build(self.untrusted(data, start)))

    def untrusted(self, data: bytes, start: int) -> dict[str, Any]:
        """The fields of the body that begins at `start`, still to be validated.

        Raises `Unreadable` with reason `not_avro` for bytes that do not follow the schema.
        """
        buffer = BytesIO(data)
        buffer.seek(start)
        try:
            plain = fastavro.schemaless_reader(buffer, self._writer, self._reader)
        except BROKEN:
            raise self._broken() from None
        # fastavro is content with a body that other bytes follow.
        if buffer.tell() != len(data):
            raise self._broken()
        return cast("dict[str, Any]", plain)

    def _broken(self) -> Unreadable:
        return Unreadable(
            "not_avro",
            None,
            f"the Avro body does not follow the schema of {self.model.__name__} that it names: it "
            "is cut off, damaged or followed by other bytes; send the message again as one piece",
        )
