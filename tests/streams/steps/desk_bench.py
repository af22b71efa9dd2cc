"""A desk on the bench: the stage `route` with its tables, fed by hand, timers fired in order."""

from typing import Any

from agents.ledger.tables import open_tables
from schemas.codec import encode
from schemas.crm import LeadActivity, LeadOwnerChanged, LeadReassigned
from schemas.inner import CommandReceived, LeadCard, LeadQualified, Origin, OutcomeReported
from schemas.lead import InputEvent
from schemas.outputs import (
    AssignmentEnded,
    LeadOffered,
    LifecycleChanged,
    OutputEvent,
    RepAssigned,
)
from schemas.pools import (
    AssignmentSkipped,
    LeadRerouteRequested,
    OfferAccepted,
    OfferDeclined,
    RepPaused,
    TurnAdjusted,
)
from schemas.record import Event
from schemas.reps import RepChanged
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.rules import race
from streams.stage import Outgoing, event_id
from streams.steps.route import route_stage

NOON = 1_772_452_800_000
"""Monday 2026-03-02 12:00 UTC."""
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
STAGE = route_stage()
BY_MANAGER = {"by": "manager-1", "reason": "as agreed"}
"""Who intervenes, and why."""


class DeskBench:
    """What `simulate` does for one stage, without the hops."""

    def __init__(self, policy: Policy, now: int = NOON) -> None:
        """An empty desk under a policy that has just come into force."""
        self.tables = open_tables(RouteTables)
        self.policy = policy
        self.now = now
        self.sent: list[Outgoing] = []
        self.number = 0
        self.commands: list[CommandReceived] = []
        self.homes: dict[str, str] = {}
        """The account of each lead."""
        self.said: dict[str, dict[str, Any]] = {}
        """Input events as their senders wrote them, by the id under which they cause others."""
        assert STAGE.policy_changed is not None
        self.sent += STAGE.policy_changed(self.tables, None, policy, now)

    def events(self, kind: type[Any] = Event) -> list[Any]:
        """Everything said so far of one kind, in order."""
        return [each.event for each in self.sent if isinstance(each.event, kind)]

    def owners(self) -> dict[str, str]:
        """Who has each lead, from the events alone."""
        held: dict[str, str] = {}
        for event in self.events(OutputEvent):
            if isinstance(event, RepAssigned):
                held[event.lead_id] = event.rep_id
            elif isinstance(event, LifecycleChanged) and event.held_by:
                held[event.lead_id] = event.held_by
            elif isinstance(event, AssignmentEnded):
                held.pop(event.lead_id, None)
        return held

    def assigned(self) -> list[tuple[str, str]]:
        """Lead and rep of every assignment in order."""
        return [(event.lead_id, event.rep_id) for event in self.events(RepAssigned)]

    def until(self, now: int) -> "DeskBench":
        """Lets the time pass: timers fire in the order of due and id, each at its due time."""
        while True:
            first = self.tables.timers.next_in("due", ())
            if first is None or first[1].due > now:
                break
            key, timer = first
            self.tables.timers.delete(key)
            step = STAGE.timers[timer.kind]
            self.sent += step(self.tables, timer, self.policy, timer.due)
        self.now = max(now, self.now)
        return self

    def after(self, milliseconds: int) -> "DeskBench":
        """Lets so much time pass."""
        return self.until(self.now + milliseconds)

    def take(self, event: Event) -> list[Any]:
        """One event; what was said because of it."""
        self.until(self.now)
        before = len(self.sent)
        self.sent += STAGE.steps[type(event)](self.tables, event, self.policy, self.now)
        return [each.event for each in self.sent[before:]]

    def lead(self, lead_id: str | None = None, kind: str = "new", **fields: Any) -> list[Any]:
        """A lead as qualify sends it: a demo request of grade B unless something else is said."""
        self.number += 1
        values: dict[str, Any] = {
            "event_id": f"{self.number:032x}",
            "caused_by": "cause",
            "captured_at": self.now,
            "lead_id": lead_id or f"lead-{self.number:05d}",
            "home": f"domain:company-{self.number}.example",
            "desk": "main",
            "kind": kind,
            "score": 60,
            "grade": "B",
            "status": "mql",
            "hot": False,
            "source": "demo_request",
            "card": LeadCard(source="demo_request", email="ann@example.com"),
        }
        event = LeadQualified(**(values | fields))
        self.homes[event.lead_id] = event.home
        return self.take(event)

    def activity(self, lead_id: str, rep_id: str, what: str, **fields: Any) -> list[Any]:
        """A rep says what he did about a lead."""
        values = {"rep_id": rep_id, "activity": what, "lead_id": lead_id} | fields
        return self._command(LeadActivity(**self._input(values)), lead_id)

    def owner(
        self, lead_id: str, rep_id: str, kind: type[InputEvent] = LeadOwnerChanged, **fields: Any
    ) -> list[Any]:
        """Somebody sets an owner by hand in the CRM."""
        values = {"lead_id": lead_id, "rep_id": rep_id, "by": "user-1", "reason": "knows her"}
        return self._command(kind(**self._input(values | fields)), lead_id)

    def reassigned(self, lead_id: str, rep_id: str, **fields: Any) -> list[Any]:
        """A manager gives a lead to another rep."""
        return self.owner(lead_id, rep_id, LeadReassigned, **{"by": "manager-1"} | fields)

    def rep(self, rep_id: str, **fields: Any) -> list[Any]:
        """Something is new about a rep; `away` as (kind, begin, end) from now in milliseconds."""
        values = {"rep_id": rep_id} | fields
        if "away" in fields:
            values["away"] = [
                {"from": self.now + begin, "to": self.now + end, "kind": kind}
                for kind, begin, end in fields["away"]
            ]
        return self._command(RepChanged(**self._input(values)), None)

    def pause(self, rep_id: str, *, paused: bool = True, until: int | None = None) -> list[Any]:
        """A manager pauses a rep, or ends the pause; `until` from now in milliseconds."""
        values = {"rep_id": rep_id, "paused": paused} | BY_MANAGER
        ends = None if until is None else self.now + until
        return self._command(RepPaused(**self._input(values), until=ends), None)

    def adjust(self, rep_id: str, leads: int, rotation: str = "inside/round_robin") -> list[Any]:
        """A manager gives a rep turns, or takes some."""
        values = {"rep_id": rep_id, "rotation": rotation, "leads": leads} | BY_MANAGER
        return self._command(TurnAdjusted(**self._input(values)), None)

    def skip(self, lead_id: str, assignment_id: str | None = None) -> list[Any]:
        """A manager takes a lead from its rep: the assignment that stands, or that one."""
        place = self.tables.places.get(lead_id)
        held = place.assignment if place else None
        current = held.assignment_id if held else "none"
        values = {"lead_id": lead_id, "assignment_id": assignment_id or current} | BY_MANAGER
        return self._command(AssignmentSkipped(**self._input(values)), lead_id)

    def reroute(self, lead_id: str, *, worked: bool = False) -> list[Any]:
        """A manager has a lead routed again."""
        values = {"lead_id": lead_id, "desk": "main", "worked": worked} | BY_MANAGER
        return self._command(LeadRerouteRequested(**self._input(values)), lead_id)

    def offers(self, lead_id: str) -> dict[str, str]:
        """The offers of a lead that are open, from the events alone: id by rep."""
        found: dict[str, str] = {}
        for event in self.events(OutputEvent):
            if isinstance(event, LeadOffered) and event.lead_id == lead_id:
                (rep_id,) = event.offered_to
                if event.withdrawn:
                    del found[rep_id]
                else:
                    found[rep_id] = event.offer_id
            elif isinstance(event, RepAssigned) and event.lead_id == lead_id:
                found.pop(event.rep_id, None)
        return found

    def accept(self, offer_id: str, rep_id: str) -> list[Any]:
        """A rep accepts an offer."""
        values = {"offer_id": offer_id, "rep_id": rep_id}
        return self._command(OfferAccepted(**self._input(values)), None)

    def decline(self, offer_id: str, rep_id: str) -> list[Any]:
        """A rep declines an offer."""
        values = {"offer_id": offer_id, "rep_id": rep_id}
        return self._command(OfferDeclined(**self._input(values)), None)

    def publish(self, policy: Policy) -> list[Any]:
        """Another version comes into force."""
        assert STAGE.policy_changed is not None
        self.until(self.now)
        before, old, self.policy = len(self.sent), self.policy, policy
        self.sent += STAGE.policy_changed(self.tables, old, policy, self.now)
        return [each.event for each in self.sent[before:]]

    def _input(self, values: dict[str, Any]) -> dict[str, Any]:
        self.number += 1
        return {"event_id": f"input-{self.number}", "occurred_at": self.now} | values

    def _command(self, event: InputEvent, lead_id: str | None) -> list[Any]:
        command = CommandReceived(
            event_id=event_id(event.event_id, "received"),
            type=str(type(event).model_fields["type"].default),
            captured_at=self.now,
            origin=Origin(topic="crm.events", partition=0, offset=self.number),
            event=encode(event),
            desk="main",
            lead_id=lead_id,
        )
        self.said[command.event_id] = event.model_dump(mode="json")
        self.commands.append(command)
        return self.take(command)


def recount(bench: DeskBench) -> None:
    """Counts and loads, held against a recount of the rows and of the events: promise 2."""
    tables = bench.tables
    places: dict[str, int] = {}
    loads: dict[str, int] = {}
    for _key, place in sorted(tables.places.items()):
        places[place.place] = places.get(place.place, 0) + 1
        if place.assignment:
            loads[place.assignment.rep_id] = loads.get(place.assignment.rep_id, 0) + 1
    counted = {key: row.value for key, row in tables.counts.items()}
    by_place = {
        key.removeprefix("place:"): value
        for key, value in counted.items()
        if key.startswith("place:") and value
    }
    assert by_place == places
    assert sum(places.values()) == counted.get("received", 0)
    assert {key: row.open for key, row in tables.loads.items()} == loads
    held = bench.owners()
    assert held == {
        key: place.assignment.rep_id for key, place in tables.places.items() if place.assignment
    }
    outcomes = {event.lead_id: event.place for event in bench.events(OutcomeReported)}
    assert outcomes == {key: place.place for key, place in tables.places.items()}
    racing = {place.race: key for key, place in tables.places.items() if place.race}
    running = {key: row for key, row in tables.races.items() if race.is_open(row)}
    assert {key: row.lead_id for key, row in running.items()} == racing
    opened = {o.rep_id: key for key, row in running.items() for o in row.offers if not o.ended}
    assert {rep: row.race_id for rep, row in tables.open_offers.items()} == opened
    assert opened == {rep: offer.rpartition("-")[0] for lead in racing.values()
                      for rep, offer in bench.offers(lead).items()}  # fmt: skip
    ids = [each.event.values()["event_id"] for each in bench.sent]
    assert len(set(ids)) == len(ids)
