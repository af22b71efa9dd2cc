"""Made input for the proofs: leads with repeats, garbage, oversize and unknown-version messages.

Everything follows from the seed, and every message says what must become of it.
"""

import random
from collections.abc import Iterator
from typing import Literal, NamedTuple

import orjson

from schemas.topics import INPUT_BYTES_MAX

SOURCES = ("demo_request", "contact_sales", "content_download", "webinar", "paid_ad", "web_form")
COUNTRIES = ("US", "DE", "FR", "GB", "JP", "BR", "IN")
INDUSTRIES = ("software", "healthcare", "manufacturing", "financial services", None)
COMPANIES = 400
AT = "2026-03-02T09:00:00Z"


class Made(NamedTuple):
    """A message and its fate: `lead` becomes one, `repeat` nothing, `bad` a rejection."""

    key: str
    value: bytes
    fate: Literal["lead", "repeat", "bad"]
    lead_id: str = ""
    reason: str = ""


def made_leads(count: int, seed: int, *, bad_every: int = 25) -> Iterator[Made]:
    """`count` different leads; every 20th message is repeated, every `bad_every`th is bad."""
    chance = random.Random(seed)  # noqa: S311 - made input, not a secret
    for number in range(count):
        made = lead(number, seed, chance)
        yield made
        if number % 20 == 7:
            yield made._replace(fate="repeat")
        if number % bad_every == 11:
            yield bad(number // bad_every)


def lead(number: int, seed: int, chance: random.Random) -> Made:
    """One good capture; its key is its company, so that order per key means something."""
    company = chance.randrange(COMPANIES)
    lead_id = f"lead-{seed}-{number}"
    details = {
        "lead_id": lead_id,
        "email": f"person.{number}@firm{company}-{seed}.com",
        "first_name": "Made",
        "last_name": f"Person{number}",
        "company": f"Firm {company} {seed}",
        "country": chance.choice(COUNTRIES),
        "employees": chance.choice((10, 120, 900, 4000)),
        "industry": chance.choice(INDUSTRIES),
    }
    event = {
        "type": "lead.captured",
        "sender": f"proof-{seed}",
        "event_id": f"capture-{number}",
        "occurred_at": AT,
        "source": chance.choice(SOURCES),
        "lead": {name: value for name, value in details.items() if value is not None},
    }
    return Made(f"firm-{company}-{seed}", orjson.dumps(event), "lead", lead_id)


def bad(number: int) -> Made:
    """One message that must be rejected, each time of another kind."""
    head = {"type": "lead.captured", "event_id": f"bad-{number}", "occurred_at": AT}
    fax = {"source": "fax", "lead": {"email": f"a{number}@firm.com"}}
    nobody = {"source": "event", "lead": {"first_name": "Nobody"}}
    kinds: tuple[tuple[bytes, str], ...] = (
        (b'{"type": "lead.captured", ' + str(number).encode(), "not_json"),
        (b"\x00\x01\x02\x03 garbage %d" % number, "unknown_schema"),
        (b"\xc3\x01" + number.to_bytes(8, "little") + b"body", "unknown_version"),
        (orjson.dumps(head | fax), "invalid_field"),
        (orjson.dumps(head | nobody), "invalid_field"),
        (orjson.dumps(head | {"type": "lead.invented"}), "unknown_type"),
        (b'{"x": "%d' % number + b"y" * INPUT_BYTES_MAX + b'"}', "too_large"),
        (b" " * (number % 50), "empty"),
    )
    value, reason = kinds[number % len(kinds)]
    return Made(f"bad-{number}", value, "bad", reason=reason)


def expected(sent: list[Made]) -> tuple[int, int]:
    """How many leads must have a place and how many messages must be rejected."""
    return sum(made.fate == "lead" for made in sent), sum(made.fate == "bad" for made in sent)
