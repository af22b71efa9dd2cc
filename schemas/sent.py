"""What senders may write in an input event's fields, and what becomes of it.

Lenient where the meaning is certain: a whole number as text ("250"), an identifier, phone number
or postal code as a number (94105), true and false as "true", "yes", "1". Strict where it is a
guess: no thousands separators or units, no fraction for a whole number, no true for a number.
Null stands for an absent field.
"""

import re
from functools import cache
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, BeforeValidator, Field

from schemas.record import format_bytes

_TELEPHONE = re.compile(r"(?=.*[+\s().])\+?[\d\s().-]{7,}")


def reaches_somebody(identifier: str) -> bool:
    """Whether an id, trimmed, is an e-mail address or a phone number: personal data in a key.

    A plain row of digits is an id: most CRMs number their records. With a plus sign, blanks,
    brackets or full stops between the digits it is a number to call (decision 0020).
    """
    return "@" in identifier or _TELEPHONE.fullmatch(identifier) is not None


def whole_number_as_text(value: object) -> object:
    """A whole number's digits; anything else as it is.

    Not for fractions: JSON numbers beyond 64 bits arrive as such and have lost their last digits.
    """
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def no_truth_value(value: object) -> object:
    """The value as it is. Raises `ValueError` for true and false, which are no 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


Text = Annotated[str, BeforeValidator(whole_number_as_text)]
"""Text that many systems write as a number."""
Identifier = Annotated[
    str, Field(min_length=1, max_length=128), BeforeValidator(whole_number_as_text)
]
"""The id of something in the sender's system: 1 to 128 characters."""
Whole = Annotated[int, BeforeValidator(no_truth_value)]
"""A whole number."""
Number = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(no_truth_value)]
"""A finite number."""


def keep_unknown(model: type[BaseModel], given: Any) -> Any:
    """Moves unknown fields to `extra` as JSON text: a sender may say more than we know.

    A known field that is null counts as absent. What is no mapping is left for the model to
    refuse. Raises `ValueError` for an unknown field whose JSON text cannot be written.
    """
    if not isinstance(given, dict):
        return given
    extra = given.get("extra")
    if not isinstance(extra, dict | None):
        return given
    names = _names_of(model)
    kept = {key: _as_text(value) for key, value in (extra or {}).items()}
    kept |= {key: _json_text(given[key]) for key in sorted(given.keys() - names)}
    known = {key: value for key, value in given.items() if key in names and value is not None}
    return known | {"extra": kept}


@cache
def _names_of(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else _json_text(value)


def _json_text(value: object) -> str:
    try:
        return orjson.dumps(value, default=_foreign).decode()
    except TypeError:
        raise ValueError("an unknown field is nested too deeply; 250 levels are kept") from None


def _foreign(value: object) -> str:
    """What foreign Avro has and JSON has not: bytes as base64, decimals as their digits."""
    return format_bytes(value) if isinstance(value, bytes) else str(value)
