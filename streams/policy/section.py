"""What all parts of the policy document share: names, conditions and working hours."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from streams.policy.quantities import TimeOfDay, Weekday

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Condition = Annotated[str, Field(min_length=1, max_length=4000)]
"""A CEL expression over the lead; compiled and type-checked when the policy is loaded."""


class Section(BaseModel):
    """A part of the policy: frozen, unknown keys refused."""

    # The texts below the fields are their descriptions in the JSON Schema too.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Hours(Section):
    """Working hours in a zone: the same span on each of the days; may pass midnight."""

    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    """Days on which a shift begins."""
    begin: TimeOfDay = 9 * 60
    """Local time at which a shift begins."""
    end: TimeOfDay = 18 * 60
    """Local time at which it ends; earlier than `begin`: on the next day."""
