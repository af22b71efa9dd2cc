"""Input about reps: status and availability (contract, section 2; AVL-01 to AVL-07)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.lead import InputEvent, InputRecord
from schemas.record import Time
from schemas.sent import Identifier, Number


class Absence(InputRecord):
    """A span in which a rep takes no leads; `to` is not part of it."""

    begin: Annotated[Time, Field(alias="from")]
    to: Time
    kind: Literal["pto", "sick", "all_day_meeting", "meeting"]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to > self.begin:
            return self
        msg = "an absence must end after it begins"
        raise ValueError(msg)


class RepChanged(InputEvent):
    """What is new about a rep; absent fields stay as they were, `away` replaces the list."""

    type: Literal["rep.changed"] = "rep.changed"
    rep_id: Identifier
    status: Literal["active", "left"] | None = None
    available: bool | None = None
    away: tuple[Absence, ...] | None = None
    logged_in_at: Time | None = None
    attainment: Annotated[Number, Field(ge=0)] | None = None
    conversion: Annotated[Number, Field(ge=0, le=1)] | None = None
    preferences: tuple[str, ...] | None = None
