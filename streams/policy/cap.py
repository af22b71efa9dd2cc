"""A cap in the policy document: so many leads a rep in a period."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from streams.policy.quantities import Duration
from streams.policy.section import Condition, Name, Section


def _at_least_one(value: object) -> object:
    """Raises `ValueError` for 0 and less, which people write where they mean nobody."""
    if isinstance(value, int) and not isinstance(value, bool) and value < 1:
        msg = f"write at least 1, not {value}: who is to get none is not listed in a rotation"
        raise ValueError(msg)
    return value


Most = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(_at_least_one)]
"""So many leads and no more."""
Period = Literal["day", "week", "month"]


class Cap(Section):
    """So many leads a rep in a period, of all leads or of one kind."""

    cap: Name
    """Its name in explanations."""
    most: Most
    """With so many leads in the period a rep gets no more by push."""
    per: Period | None = None
    """The rep's calendar day, week from Monday on, or month; None: the day."""
    rolling: Duration | None = None
    """Instead of a calendar period any span of this length."""
    when: Condition | None = None
    """A CEL condition: only such leads count and are held back; None: all leads."""
