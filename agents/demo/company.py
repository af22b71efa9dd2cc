"""A made-up company's market: leads as forms, ads and events would send them, by a seed.

Realistic on purpose: several people of one company, free mail, phones as people type them, and
now and then a repeat or garbage.
"""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from schemas.record import format_time

SENDER = "demo"
REPEATS_IN_100 = 5
GARBAGE_IN_100 = 2
FIRST_NAMES = (
    "Anna", "Ben", "Chiara", "Daichi", "Elif", "Farah", "Goran", "Hanna", "Ines", "Jonas",
    "Keiko", "Liam", "Mina", "Noor", "Olga", "Pablo", "Quynh", "Rafael", "Sakura", "Tomas",
)  # fmt: skip
LAST_NAMES = (
    "Aalto", "Bauer", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haas", "Ito", "Jansen",
    "Kowalski", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Park", "Rossi", "Silva", "Tanaka",
    "Weber",
)  # fmt: skip
STEMS = (
    "Quillmarsh", "Torvenia", "Brackwell", "Ostrava Lane", "Nimbusfield", "Harrowgate Nine",
    "Velquist", "Sundermill", "Kestrelby", "Marrowden", "Pellworth", "Ixford", "Dunmarrow",
    "Zephyrhall", "Corvanta", "Lindermoor",
)  # fmt: skip
TRADES = ("Energy", "Clinics", "Logistics", "Software", "Foods", "Machinery", "Finance", "Retail")
INDUSTRIES = {
    "Energy": "energy", "Clinics": "healthcare", "Logistics": "logistics", "Software": "software",
    "Foods": "food", "Machinery": "manufacturing", "Finance": "financial services",
    "Retail": "retail",
}  # fmt: skip
PLACES = (
    ("United States", "US-CA", "San Francisco", "+1 415 555 01{:02d}"),
    ("USA", "US-NY", "New York", "+1 212 555 01{:02d}"),
    ("Germany", None, "Berlin", "+49 30 23125 0{:02d}"),
    ("France", None, "Paris", "+33 1 99 00 51 {:02d}"),
    ("United Kingdom", None, "London", "+44 20 7946 01{:02d}"),
    ("Japan", None, "Tokyo", "+81 3-5555-00{:02d}"),
    ("Brazil", None, "São Paulo", "+55 11 5555-00{:02d}"),
)
TITLES = ("CEO", "Head of Operations", "Marketing Manager", "Engineer", "Student", "Buyer", "CTO")
SOURCES = (
    "demo_request", "contact_sales", "free_trial", "pricing_inquiry", "content_download",
    "webinar", "web_form", "paid_ad", "event", "referral",
)  # fmt: skip
SIZES = (12, 48, 140, 420, 800, 2600, 12_000)
FREE_MAIL = ("gmail.com", "outlook.com", "yahoo.com")
GARBAGE = (b"{", b"\x00\x01\x02", b'{"type":"lead.whispered"}', b"not a lead", b"")
"""None of it says that it is a captured lead: that would be one more, captured and rejected."""


class Message(NamedTuple):
    """Something to send: `lead_id` names a new lead; without one it is a repeat or garbage."""

    topic: str
    key: str | None
    value: bytes
    lead_id: str | None = None
    kind: str = "lead"


def accounts(seed: int, now: int) -> Iterator[Message]:
    """Companies that the CRM knows already, some with an owner."""
    chance = random.Random(f"accounts-{seed}")  # noqa: S311 - a story, not a secret
    for number, (name, domain, trade) in enumerate(_companies()):
        if number % 5:
            continue
        account: dict[str, Any] = {
            "account_id": f"acc-{number:03d}",
            "domains": [domain],
            "name": name,
            "employees": chance.choice(SIZES),
            "industry": INDUSTRIES[trade],
            "country": "US",
            "customer": number % 10 == 0,
        }
        if number % 10 == 0:
            account["owner_rep_id"] = f"rep-{101 + number // 10 % 6}"
        yield _message(
            "crm.events", "account.changed", f"account-{number}", now, {"account": account}
        )


def leads(count: int, seed: int, now: int) -> Iterator[Message]:
    """Exactly `count` different leads, with repeats and garbage between them."""
    chance = random.Random(f"leads-{seed}")  # noqa: S311 - a story, not a secret
    companies = list(_companies())
    for number in range(count):
        message = _lead(chance, companies, number, now)
        yield message
        if chance.randrange(100) < REPEATS_IN_100:
            yield message._replace(lead_id=None, kind="repeat")
        if chance.randrange(100) < GARBAGE_IN_100:
            yield Message("leads.raw", None, chance.choice(GARBAGE), kind="garbage")


def _companies() -> Iterator[tuple[str, str, str]]:
    for trade in TRADES:
        for stem in STEMS:
            name = f"{stem} {trade}"
            yield f"{name} Ltd", f"{name.lower().replace(' ', '-')}.com", trade


def _lead(
    chance: random.Random, companies: list[tuple[str, str, str]], number: int, now: int
) -> Message:
    name, domain, trade = chance.choice(companies)
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    country, state, city, phone = chance.choice(PLACES)
    at = chance.choice(FREE_MAIL) if chance.randrange(5) == 0 else domain
    lead_id = f"demo-{number:05d}"
    details = {
        "lead_id": lead_id,
        # The number keeps two people of one name apart: the demo promises so many leads.
        "email": f"{first}.{last}.{number}@{at}".lower(),
        "phone": phone.format(chance.randrange(100)),
        "first_name": first,
        "last_name": last,
        "company": name,
        "title": chance.choice(TITLES),
        "country": country,
        "state": state,
        "city": city,
        "employees": chance.choice(SIZES) if chance.randrange(4) else None,
        "industry": INDUSTRIES[trade] if chance.randrange(4) else None,
        "product_interest": chance.choice(("analytics", "automation", "storage")),
    }
    lead = {key: value for key, value in details.items() if value is not None}
    content = {"source": chance.choice(SOURCES), "campaign": "autumn", "lead": lead}
    message = _message("leads.raw", "lead.captured", f"lead-{number}", now, content)
    return message._replace(lead_id=lead_id)


def _message(topic: str, kind: str, name: str, now: int, content: dict[str, Any]) -> Message:
    value = {
        "type": kind, "sender": SENDER, "event_id": name, "occurred_at": format_time(now),
        **content,
    }  # fmt: skip
    return Message(topic, name, orjson.dumps(value))
