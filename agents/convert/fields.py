"""The lead's fields as the contract names them, and how a cell of each is read."""

from collections.abc import Callable
from datetime import tzinfo

from agents.convert.addresses import read_domain, read_email
from agents.convert.booleans import read_boolean
from agents.convert.cells import Reading, narrow, read_code, read_text
from agents.convert.dates import read_time
from agents.convert.layouts import ANY_ID
from agents.convert.numbers import read_amount, read_employees
from agents.convert.phones import read_phone
from agents.convert.zones import read_zone
from schemas.record import format_time

Reader = Callable[[str], Reading]

LEAD_FIELDS = (
    "lead_id", "email", "phone", "first_name", "last_name", "company", "domain", "title",
    "department", "country", "state", "region", "city", "postal_code", "employees", "industry",
    "product_interest", "message", "deal_size", "language", "time_zone", "preferred_channel",
    "external_ids", "consent", "qualification",
)  # fmt: skip
CONSENT_FIELDS = ("consent.marketing", "consent.contact", "consent.basis", "consent.at")
OPEN_FIELDS = ("external_ids", "qualification")
"""Fields with names of the user's choice inside: `external_ids.erp`, `qualification.budget`."""
PLAIN_FIELDS = tuple(name for name in LEAD_FIELDS if name not in (*OPEN_FIELDS, "consent"))
_READERS: dict[str, Reader] = {
    "email": read_email,
    "phone": read_phone,
    "domain": read_domain,
    "postal_code": read_code,
    "employees": read_employees,
    "deal_size": read_amount,
    "time_zone": read_zone,
    "consent.marketing": read_boolean,
    "consent.contact": read_boolean,
}


def field_known(name: str) -> bool:
    """Whether a mapping may name this field."""
    outer, _, inner = name.partition(".")
    return name in PLAIN_FIELDS or name in CONSENT_FIELDS or (outer in OPEN_FIELDS and inner != "")


def reader_of(field: str, zone: tzinfo, *, day_first: bool) -> Reader:
    """How a cell of this field is read; anything without a form of its own is text."""
    if field == "lead_id":
        return read_identifier
    if field == "consent.at":
        return lambda text: _as_text(read_time(text, zone, day_first=day_first))
    return _READERS.get(field, read_text)


def read_identifier(text: str) -> Reading:
    """An id that may stand in a message key: short, no blanks, no e-mail address."""
    text = narrow(text)
    if ANY_ID.fullmatch(text):
        return Reading(text)
    return Reading(None, "not usable as an id (blanks, signs, too long or rounded)")


def _as_text(reading: Reading) -> Reading:
    if not isinstance(reading.value, int):
        return reading
    return reading._replace(value=format_time(reading.value))
