"""Two small events, and every kind of change that can be made to a model."""

from typing import ClassVar

from pydantic import Field

from schemas.outputs import OutputEvent
from schemas.record import Event, Time


class Heard(Event):
    """An event that only we read."""

    event_id: str
    count: int
    note: str | None = None


class Said(OutputEvent):
    """An event that others read."""

    lead_id: str
    note: str | None = None


class Draft(Event):
    """An event of a later issue."""

    released: ClassVar[bool] = False
    text: str


def grown() -> type[Event]:
    """An event that only we read."""

    class Heard(Event):
        """An event that only we read."""

        event_id: str
        count: int
        note: str | None = None
        since: Time = 0

    return Heard


def documented_better() -> type[Event]:
    """An event that only we read, and gladly."""

    class Heard(Event):
        """An event that only we read, and gladly."""

        event_id: str
        """Whose."""
        count: int
        note: str | None = None

    return Heard


def needing_more() -> type[Event]:
    """A field is added without a default."""

    class Heard(Event):
        """A field is added without a default."""

        event_id: str
        count: int
        note: str | None = None
        since: Time

    return Heard


def narrowed() -> type[Event]:
    """A field that may be absent no longer may."""

    class Heard(Event):
        """A field that may be absent no longer may."""

        event_id: str
        count: int
        note: str = ""

    return Heard


def retyped() -> type[Event]:
    """A number becomes text."""

    class Heard(Event):
        """A number becomes text."""

        event_id: str
        count: str
        note: str | None = None

    return Heard


def renamed() -> type[Event]:
    """A field has another name."""

    class Heard(Event):
        """A field has another name."""

        event_id: str
        number: int = 0
        note: str | None = None

    return Heard


def aliased() -> type[Event]:
    """A field has another name on the wire only."""

    class Heard(Event):
        """A field has another name on the wire only."""

        event_id: str
        count: int = Field(default=0, alias="from")
        note: str | None = None

    return Heard


def shortened() -> type[Event]:
    """A field with a default is gone."""

    class Heard(Event):
        """A field with a default is gone."""

        event_id: str
        count: int

    return Heard


def timed() -> type[Event]:
    """A number becomes a time."""

    class Heard(Event):
        """A number becomes a time."""

        event_id: str
        count: Time
        note: str | None = None

    return Heard


def said_without_lead() -> type[Event]:
    """Old readers would wait for lead_id."""

    class Said(OutputEvent):
        """Old readers would wait for lead_id."""

        note: str | None = None

    return Said


def said_wider() -> type[Event]:
    """We could read the old, but old readers not the new."""

    class Said(OutputEvent):
        """We could read the old, but old readers not the new."""

        lead_id: str | None = None
        note: str | None = None

    return Said
