"""What became of every lead, counted again from what was sent: independent of the steps' counts.

Pure: takes the events of the output topics one by one, as topic and JSON content (contract,
section 3), and ends in the numbers that `simulate` and `demo` print (promise 2, Conservation).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.codec import Unreadable, decode
from schemas.incoming import event_fields, json_object
from schemas.inner import EventIdentified, EventReceived, LeadQualified
from schemas.record import Event

CAPTURED = "lead.captured"
COUNTED_AS = {
    "waiting": "waiting",
    "assigned": "assigned",
    "converted": "assigned",
    "lost": "assigned",
    "pooled": "pooled",
    "quarantine": "pooled",
    "review": "pooled",
    "nurture": "nurtured",
    "archived": "nurtured",
    "disqualified": "rejected",
}
"""Group of each place (decisions, Conservation)."""


class Totals(NamedTuple):
    """The account at the end. captured = assigned + pooled + nurtured + rejected + waiting + lost.

    Leads, but for the last four.
    """

    captured: int
    """Admitted, and captures rejected before admission."""
    assigned: int
    pooled: int
    nurtured: int
    rejected: int
    waiting: int
    lost: int
    """Captured, but neither in a place nor rejected; must be 0."""
    duplicated: int
    """Events, assignments (imported ones too) or offers whose id was sent twice; must be 0."""
    breaches: int
    reassigned: int
    """Assignments that took the place of another one."""
    refused: int
    """Other input that was rejected: it was no capture, or nobody can tell what it was."""


@dataclass(slots=True)
class Recount:
    """Collects what was sent."""

    places: dict[str, str] = field(default_factory=dict)
    """Last place of each lead."""
    _ids: set[tuple[str, str]] = field(default_factory=set)
    _fallen: set[str] = field(default_factory=set)
    """Leads that were dead-lettered after admission."""
    _numbers: dict[str, int] = field(default_factory=dict)

    def note(self, topic: str, value: Mapping[str, Any]) -> None:
        """Takes one event of an output topic."""
        self._identify(topic, str(value["event_id"]))
        if topic == "leads.lifecycle":
            self.places[value["lead_id"]] = value["to"]
            if value.get("held_by"):
                self._identify("assignment", value["assignment_id"])
        elif topic == "assignments.rep":
            self._identify("assignment", value["assignment_id"])
            self._add("reassigned", by="supersedes" in value)
        elif topic == "assignments.offers":
            kind = "end of offer" if value.get("withdrawn") else "offer"
            self._identify(kind, value["offer_id"])
        elif topic == "sla.breaches":
            self._add("breaches", by=value["kind"] == "breach")
        elif topic == "leads.rejected":
            self._rejected(base64.b64decode(value["original"]))

    def _identify(self, kind: str, name: str) -> None:
        self._add("duplicated", by=(kind, name) in self._ids)
        self._ids.add((kind, name))

    def _rejected(self, original: bytes) -> None:
        self._add("rejections")
        kind, lead_id = subject_of(original)
        if lead_id is not None:
            self._fallen.add(lead_id)
        else:
            self._add("early" if kind == CAPTURED else "refused")

    def _add(self, name: str, *, by: int = 1) -> None:
        self._numbers[name] = self._numbers.get(name, 0) + by

    @property
    def refused_captures(self) -> int:
        """Captures that were rejected and have no place: before admission, or dead-lettered."""
        return self._numbers.get("early", 0) + len(self._fallen - self.places.keys())

    @property
    def rejections(self) -> int:
        """All that was rejected, captures or not."""
        return self._numbers.get("rejections", 0)

    def totals(self, admitted: int) -> Totals:
        """The account; `admitted` is qualify's own count of the leads that it let in."""
        groups = dict.fromkeys(COUNTED_AS.values(), 0)
        for place in self.places.values():
            groups[COUNTED_AS[place]] += 1
        groups["rejected"] += self.refused_captures
        captured = admitted + self._numbers.get("early", 0)
        return Totals(
            captured=captured,
            lost=captured - sum(groups.values()),
            duplicated=self._numbers.get("duplicated", 0),
            breaches=self._numbers.get("breaches", 0),
            reassigned=self._numbers.get("reassigned", 0),
            refused=self._numbers.get("refused", 0),
            **groups,
        )


def subject_of(original: bytes) -> tuple[str | None, str | None]:
    """The input type that dead-lettered bytes stood for, and the lead, if it was admitted.

    Both None where nobody can tell: bytes that are neither JSON nor one of our records.
    """
    try:
        event = decode(original)
    except Unreadable:
        return _type_of_json(original), None
    if isinstance(event, LeadQualified):
        return CAPTURED, event.lead_id if event.kind == "new" else None
    return _type_of(event), None


def _type_of(event: Event) -> str | None:
    if isinstance(event, EventReceived | EventIdentified):
        return event.type
    kind = event.values().get("type")
    return kind if isinstance(kind, str) else None


def _type_of_json(original: bytes) -> str | None:
    try:
        kind = event_fields(json_object(original)).get("type")
    except Unreadable:
        return None
    return kind if isinstance(kind, str) else None
