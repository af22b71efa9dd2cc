"""A made-up person planted in every field that anybody may fill, and the search for them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from confluent_kafka import OFFSET_BEGINNING, KafkaError, KafkaException, Message, TopicPartition

from agents.kafka import clients
from agents.ledger.records import headers_of
from agents.settings import Kafka

MAIL = "planted.person@plantedmail.example.com"
PHONE = "+14155550123"
FIRST, LAST = "Plantedfirst", "Plantedlast"
MESSAGE = "Planted message with secrets"
STUMBLES_IN = "stumbles in "
"""In a message: in which stage's step the lead fails, see `stumbling_worker`."""
WORDS = (MAIL, "planted.person", "planted%2Eperson", PHONE, "4155550123", FIRST, LAST, MESSAGE)
_JOINTS = re.compile(rb"(?<=\d)[ ().-]{1,2}(?=\d)")
Places = set[tuple[str, int, int]]
"""Topic, partition and offset."""


def found_in(texts: Iterable[bytes]) -> list[str]:
    """What of the person stands in texts, with a piece of each around it.

    However it is written: in capitals, percent-encoded, the number with joints between the digits.
    """
    wanted = [word.lower().encode() for word in WORDS]
    wanted += [word.replace(b"@", b"%40").replace(b" ", b"%20") for word in wanted]
    found = []
    for text in texts:
        low = text.lower()
        for form in (low, _JOINTS.sub(b"", low)):
            hits = (form.find(word) for word in wanted)
            found += [repr(form[max(0, at - 60) : at + 60]) for at in hits if at >= 0][:1]
    return found


def person(**changes: object) -> dict[str, Any]:
    """The person's lead, complete."""
    return {
        "email": MAIL,
        "phone": PHONE,
        "first_name": FIRST,
        "last_name": LAST,
        "message": MESSAGE,
        "company": "Acme Widgets",
        "domain": "acme-widgets.com",
        "country": "US",
        **changes,
    }


def captured(number: int, lead: dict[str, Any], **changes: object) -> bytes:
    """A capture."""
    event = {
        "type": "lead.captured",
        "event_id": f"planted-{number}",
        "occurred_at": "2026-03-02T09:00:00Z",
        "source": "demo_request",
        "lead": lead,
        **changes,
    }
    return orjson.dumps(event)


def everywhere() -> list[tuple[str, bytes]]:
    """Input with the person in it: topic and value, the good, the odd, the bad and the failing."""
    head = {"event_id": MAIL, "sender": MAIL, "occurred_at": "2026-03-02T09:00:00Z"}
    leads = [
        captured(1, person()),
        captured(2, person(), **head),
        captured(3, person(), campaign=MAIL, extra={MAIL: PHONE, "note": MESSAGE}),
        captured(4, person(lead_id=MAIL)),
        captured(5, person(lead_id="+1 (415) 555-0123", email=None)),
        captured(6, person(email="other." + MAIL, **dict.fromkeys(_TEXTS, MAIL))),
        captured(7, person(external_ids={MAIL: PHONE}, qualification={MAIL: PHONE})),
        captured(8, person(), touch={"utm": {MAIL: PHONE}, "landing_page": f"/?e={MAIL}"}),
        captured(9, person(), **{MAIL: {PHONE: [MESSAGE]}}),
        *(captured(10 + at, person(email=f"s{at}{MAIL}", phone=None, message=STUMBLES_IN + stage))
          for at, stage in enumerate(STAGES)),
    ]  # fmt: skip
    bad = [
        captured(20, person(), source=MAIL),
        captured(21, person(), occurred_at=MAIL),
        captured(22, person(consent={"at": MAIL})),
        captured(23, person(employees=PHONE)),
        captured(24, person(), type=MAIL),
        captured(25, {"email": "no address " + FIRST, "phone": "no number " + LAST}),
        b'{"email": "' + MAIL.encode(),
        b"\xc3\x01" + MAIL.encode(),
        b"\x00\x00\x00\x00\x63" + MAIL.encode(),
        PHONE.encode(),
        captured(26, person(company="\x00" + FIRST)),
    ]
    return [("leads.raw", value) for value in leads + bad] + list(_others(head))


STAGES = ("intake", "identify", "qualify", "route")
_TEXTS = (
    "title", "department", "state", "region", "city", "postal_code", "industry", "product_interest",
    "language", "time_zone", "preferred_channel",
)  # fmt: skip


def _others(head: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The other events, each with the person in its free fields."""
    who = {"email": MAIL, "phone": PHONE}
    told = {"by": MAIL, "reason": MESSAGE}
    events: list[tuple[str, dict[str, Any]]] = [
        ("leads.raw", {"type": "lead.behaviour", **who, "action": "page_view", "subject": MAIL}),
        ("leads.raw", {"type": "consent.changed", **who, "contact": True, "basis": MESSAGE}),
        ("crm.events", {"type": "account.changed", "account": {
            "account_id": "acme", "domains": ["acme-widgets.com", MAIL], "name": LAST}}),
        ("crm.events", {"type": "account.changed", "account": {
            "account_id": MAIL, "domains": ["planted-two.com"], "name": LAST}}),
        ("crm.events", {"type": "account.changed", "account": {
            "account_id": "+1 415 555 0123", "domains": ["planted-three.com"]}}),
        ("reps.events", {"type": "rep.changed", "rep_id": MAIL, "available": True}),
        ("pools.commands", {"type": "lead.reroute_requested", "lead_id": "x",
            "desk": MAIL, **told}),
        ("pools.commands", {"type": "turn.adjusted", "rotation": MAIL, "rep_id": MAIL,
            "leads": 1, **told}),
        ("pools.commands", {"type": "assignment.skipped", "lead_id": "x",
            "assignment_id": MAIL, **told}),
        ("pools.commands", {"type": "offer.accepted", "offer_id": MAIL, "rep_id": MAIL}),
        ("crm.events", {"type": "lead.activity", "lead_id": MAIL, "rep_id": "rep-101",
            "activity": "contacted", "comment": MESSAGE}),
        ("crm.events", {"type": "lead.activity", "lead_id": "unknown", "rep_id": "rep-101",
            "activity": "returned", "comment": MESSAGE, "reason": MAIL}),
        ("crm.events", {"type": "lead.reassigned", "lead_id": "unknown", "rep_id": "x", **told}),
        ("pools.commands", {"type": "rep.paused", "rep_id": "rep-101", "paused": False, **told}),
        ("pools.commands", {"type": "lead.reviewed", "lead_id": MAIL, "decision": "fix",
            "fields": {"email": MAIL}, **told}),
    ]  # fmt: skip
    for number, (topic, event) in enumerate(events):
        yield topic, orjson.dumps({**head, "event_id": f"{MAIL}-{number}", **event})


def place_of(message: Message) -> tuple[str, int, int]:
    """Where a record stands."""
    return message.topic() or "", message.partition() or 0, message.offset() or 0


def on_the_broker(kafka: Kafka, but: Places) -> dict[str, list[bytes]]:
    """Keys and headers of every record of the pipeline's topics, changelogs too.

    `but`: records that were sent from outside; their keys and headers are the senders' own.
    """
    seen: dict[str, list[bytes]] = defaultdict(list)
    for message in _records(kafka):
        if place_of(message) not in but:
            seen["keys"].append(message.key() or b"")
            seen["headers"] += [name.encode() + b"=" + value for name, value in headers_of(message)]
    return seen


def _records(kafka: Kafka) -> Iterator[Message]:
    consumer = clients.reader(kafka)
    try:
        found = consumer.list_topics(timeout=10).topics
        places = [
            TopicPartition(name, number, OFFSET_BEGINNING)
            for name, topic in found.items()
            if name.startswith(kafka.prefix)
            for number in topic.partitions
        ]
        consumer.assign(places)
        left = len(places)
        while left:
            for message in consumer.consume(5_000, 0.1):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:
                    left -= 1
                else:
                    raise KafkaException(error)
    finally:
        consumer.close()
