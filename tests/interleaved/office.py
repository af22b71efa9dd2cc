"""What comes into the pipeline in the machine: a small company's leads, reps and policies.

Few slots and few reps, so that leads wait, go round and are given back.
"""

from itertools import count
from typing import Any, NamedTuple

import orjson

from schemas.inner import EnrichmentRequested
from schemas.record import format_time
from streams.steps.enrich import FAILED, Answer
from tests.interleaved.memory_kafka import MemoryKafka
from tests.proof.made_leads import Made
from tests.streams import policies

LIMIT = 2
"""Open leads of a rep."""
REPS = ("ann", "bob", "cay", "dan", "eve")
COMPANIES = 6
BY = {"by": "manager-1", "reason": "as agreed"}


def document(weight: int = 100, limit: int = LIMIT, lane: str = "assign") -> str:
    """Two teams with few slots; races for hot leads where the lane says so.

    No repeat is forgotten, however late it is decided.
    """
    team = {
        "open_limit": limit,
        "daily_limit": 12,
        "absence": "keep_place",
        "hot_lane": {"over": 60, "method": lane, "offers": 2},
    }
    reps = {"bob": {"weight": weight}, "dan": {"team": "inside"}}
    memory = {"repeat_memory": "365d"}
    return policies.text(
        identity=memory, high_score=61, teams={"inside": team, "field": team}, reps=reps
    )


def known_of(request: EnrichmentRequested) -> Answer:
    """The provider knows some companies, fails for some at first, and does not know the others."""
    name = request.domain or ""
    if name.startswith(("firm0", "firm1")):
        return {"employees": 700, "industry": "steel"}
    return FAILED if name.startswith("firm2") and request.attempt == 1 else None


class Said(NamedTuple):
    """An input event as it was sent."""

    topic: str
    key: bytes
    value: bytes


class Office:
    """Writes the input topics, as others' systems do."""

    def __init__(self, kafka: MemoryKafka) -> None:
        """Nothing has been said."""
        self._kafka = kafka
        self._numbers = count(1)
        self.sent: list[Made] = []
        """Everything on leads.raw and leads.bulk, with its fate."""
        self._said: list[Said] = []

    def lead(self, company: int, source: str, employees: int | None, topic: str) -> None:
        """A capture of somebody new."""
        number = next(self._numbers)
        lead_id = f"lead-{number:04d}"
        details = {
            "lead_id": lead_id,
            "email": f"person.{number}@firm{company}.com",
            "last_name": f"Person{number}",
            "company": f"Firm {company}",
            "title": "Head of sales" if number % 3 else None,
            "employees": employees,
        }
        lead = {name: value for name, value in details.items() if value is not None}
        value = self._event("lead.captured", number, source=source, lead=lead)
        made = Made(f"{topic}-firm-{company}", value, "lead", lead_id)
        self.sent.append(made)
        self._put(topic, made.key.encode(), value)

    def garbage(self) -> None:
        """Bytes that are no event."""
        value = b'{"type": "lead.captured", %d' % next(self._numbers)
        self.sent.append(Made("garbage", value, "bad", reason="not_json"))
        self._kafka.append(("leads.raw", 0), None, value)

    def again(self, which: int) -> None:
        """A sender repeats what it said before, under the same id."""
        if self._said:
            topic, key, value = self._said[which % len(self._said)]
            self.sent.append(Made(key.decode(), value, "repeat"))
            self._put(topic, key, value)

    def activity(self, lead_id: str, rep_id: str, what: str) -> None:
        """A rep tells what was done about a lead."""
        fields = {"lead_id": lead_id, "rep_id": rep_id, "activity": what}
        self._say("crm.events", "lead.activity", lead_id, **fields)

    def owner(self, lead_id: str, rep_id: str) -> None:
        """A manager gives a lead to somebody."""
        self._say("crm.events", "lead.reassigned", lead_id, lead_id=lead_id, rep_id=rep_id, **BY)

    def skip(self, lead_id: str, assignment_id: str) -> None:
        """A manager takes an assignment back."""
        fields = {"lead_id": lead_id, "assignment_id": assignment_id} | BY
        self._say("pools.commands", "assignment.skipped", lead_id, **fields)

    def answer(self, offer_id: str, rep_id: str, *, accepts: bool) -> None:
        """A rep answers an offer."""
        kind = "offer.accepted" if accepts else "offer.declined"
        self._say("pools.commands", kind, rep_id, offer_id=offer_id, rep_id=rep_id)

    def available(self, rep_id: str, *, there: bool) -> None:
        """A rep goes away, or is back."""
        self._say("reps.events", "rep.changed", rep_id, rep_id=rep_id, available=there)

    def account(self, company: int, owner: str | None, employees: int) -> None:
        """The CRM tells of a company, and whose it is."""
        account = {
            "account_id": f"A{company}",
            "domains": [f"firm{company}.com"],
            "employees": employees,
        } | ({"owner_rep_id": owner} if owner else {})
        self._say("crm.events", "account.changed", f"A{company}", account=account)

    def _say(self, topic: str, kind: str, key: str, **fields: Any) -> None:
        self._put(topic, key.encode(), self._event(kind, next(self._numbers), **fields))

    def _event(self, kind: str, number: int, **fields: Any) -> bytes:
        common = {"type": kind, "sender": "office", "event_id": f"event-{number}"}
        at = {"occurred_at": format_time(self._kafka.time.now_ms)}
        return orjson.dumps(common | at | fields)

    def _put(self, topic: str, key: bytes, value: bytes) -> None:
        self._said.append(Said(topic, key, value))
        self._kafka.append((topic, self._kafka.number_of(topic, key)), key, value)
