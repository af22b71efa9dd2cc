"""Events that stand on a topic; what is none is passed over and told, and costs no other."""

from collections.abc import Iterable, Iterator

from agents.kafka.scan import Found
from schemas.codec import Codec
from schemas.record import Event
from schemas.unreadable import Unreadable


class Reading:
    """Decodes records, and remembers those that it passed over."""

    def __init__(self, codec: Codec) -> None:
        """`codec` reads the events."""
        self._codec = codec
        self._passed_over = 0
        self._first = ""

    def events(self, records: Iterable[Found]) -> Iterator[tuple[Found, Event]]:
        """Each record that is an event, with it. Raises `RegistryUnavailable` as the codec does."""
        for record in records:
            try:
                event = self._codec.decode(record.value)
            except Unreadable as error:
                self._pass_over(record, error)
            else:
                yield record, event

    def _pass_over(self, record: Found, error: Unreadable) -> None:
        if not self._passed_over:
            place = f"{record.topic}/{record.partition} at offset {record.offset}"
            self._first = f"{place}, {error.reason}: {error.detail}"
        self._passed_over += 1

    @property
    def complaint(self) -> str | None:
        """What was passed over, in a sentence without anybody's data; None: nothing was."""
        if not self._passed_over:
            return None
        if self._passed_over == 1:
            return f"1 record is no event of this pipeline and was passed over ({self._first})"
        number = self._passed_over
        return (
            f"{number} records are no events of this pipeline and were passed over ({self._first})"
        )
