"""The stages in front of route, run in memory: what goes in, what comes out, what is kept."""

import json
from typing import Any, Literal, TypeVar, cast

from agents.ledger.tables import open_tables
from schemas.codec import Codec
from schemas.inner import OutcomeReported, Refusal
from schemas.outputs import LeadRejected
from schemas.record import Event
from streams.policy.compiled import Policy
from streams.rows.identify import IdentifyTables
from streams.rows.intake import IntakeTables
from streams.rows.qualify import QualifyTables
from streams.stage import Outgoing, Raw, Stage
from streams.steps.identify import identify_stage
from streams.steps.intake import intake_stage
from streams.steps.qualify import qualify_stage
from tests.streams.policies import policy

SECRET = b"a secret for tests"
NOON = 1_772_442_000_000
"""2026-03-02T09:00:00Z."""
E = TypeVar("E", bound=Event)


def captured(event_id: str, source: str = "web_form", **lead: Any) -> dict[str, Any]:
    """A lead.captured; without details it is of jane@acme.com."""
    details = lead or {"email": "jane@acme.com"}
    return _event("lead.captured", event_id, source=source, lead=details)


def behaviour(event_id: str, action: str = "pricing_view", **who: Any) -> dict[str, Any]:
    """A lead.behaviour."""
    return _event("lead.behaviour", event_id, action=action, **who)


def account(event_id: str, account_id: str, *domains: str, **details: Any) -> dict[str, Any]:
    """An account.changed."""
    given = {"account_id": account_id, "domains": list(domains), **details}
    return _event("account.changed", event_id, account=given)


def activity(
    event_id: str, lead_id: str, kind: str = "contacted", rep_id: str = "bob", **more: Any
) -> dict[str, Any]:
    """A lead.activity."""
    return _event("lead.activity", event_id, lead_id=lead_id, rep_id=rep_id, activity=kind, **more)


def owner(
    event_id: str, lead_id: str, rep_id: str = "bob", kind: str = "lead.owner_changed"
) -> dict[str, Any]:
    """An owner set by hand in the CRM."""
    return _event(kind, event_id, lead_id=lead_id, rep_id=rep_id, by=7, reason="knows her")


def paused(event_id: str, rep_id: str) -> dict[str, Any]:
    """A manager pauses a rep."""
    who = {"by": "manager-1", "reason": "training"}
    return _event("rep.paused", event_id, rep_id=rep_id, paused=True, **who)


def adjusted(event_id: str, rep_id: str, rotation: str = "inside/round_robin") -> dict[str, Any]:
    """A manager gives a rep a turn."""
    who = {"by": "manager-1", "reason": "as agreed"}
    return _event("turn.adjusted", event_id, rep_id=rep_id, rotation=rotation, leads="1", **who)


def answered(event_id: str, offer_id: str, rep_id: str, answer: str = "accepted") -> dict[str, Any]:
    """A rep accepts or declines an offer."""
    return _event(f"offer.{answer}", event_id, offer_id=offer_id, rep_id=rep_id)


def skipped(event_id: str, lead_id: str, assignment_id: str = "a-1") -> dict[str, Any]:
    """A manager takes a lead from its rep."""
    who = {"by": "manager-1", "reason": "as agreed"}
    return _event(
        "assignment.skipped", event_id, lead_id=lead_id, assignment_id=assignment_id, **who
    )


def rerouted(event_id: str, lead_id: str, desk: str = "main") -> dict[str, Any]:
    """A manager has a lead routed again."""
    who = {"by": "manager-1", "reason": "as agreed"}
    return _event("lead.reroute_requested", event_id, lead_id=lead_id, desk=desk, **who)


def _event(kind: str, event_id: str, **fields: Any) -> dict[str, Any]:
    common = {"type": kind, "sender": "test", "event_id": event_id}
    return common | {"occurred_at": "2026-03-02T09:00:00Z"} | fields


_TOPICS = {
    "account.changed": "crm.events",
    "lead.activity": "crm.events",
    "lead.owner_changed": "crm.events",
    "lead.reassigned": "crm.events",
    "rep.changed": "reps.events",
    "rep.paused": "pools.commands",
    "turn.adjusted": "pools.commands",
    "offer.accepted": "pools.commands",
    "offer.declined": "pools.commands",
    "assignment.skipped": "pools.commands",
    "lead.reroute_requested": "pools.commands",
}


class Journey:
    """Sends events through intake, identify and qualify, hops without delay."""

    def __init__(self, rules: Policy | None = None) -> None:
        self.policy = rules or policy()
        stages = (intake_stage(Codec()), identify_stage(SECRET), qualify_stage())
        self.stages: dict[str, Stage] = {stage.name: stage for stage in stages}
        self.tables = {stage.name: open_tables(stage.tables) for stage in stages}
        self.sent: list[Outgoing] = []
        self.offset = 0

    @property
    def intake(self) -> IntakeTables:
        """Intake's tables."""
        return cast("IntakeTables", self.tables["intake"])

    @property
    def identify(self) -> IdentifyTables:
        """Identify's tables."""
        return cast("IdentifyTables", self.tables["identify"])

    @property
    def qualify(self) -> QualifyTables:
        """Qualify's tables."""
        return cast("QualifyTables", self.tables["qualify"])

    def send(
        self, event: dict[str, Any] | bytes, now: int = NOON, *, replayed: bool = False
    ) -> list[Event]:
        """One input record at `now`: what leaves the three stages because of it."""
        kind = event.get("type", "") if isinstance(event, dict) else ""
        value = json.dumps(event).encode() if isinstance(event, dict) else event
        topic = _TOPICS.get(kind, "leads.raw")
        mark = Refusal(stage="identify", reason="step_failed") if replayed else None
        return self.raw(Raw(topic, 0, self.offset, b"k", value, replayed=mark), now)

    def again(self, letter: LeadRejected, now: int = NOON) -> list[Event]:
        """A dead letter sent in again."""
        mark = Refusal(stage=letter.stage, reason=letter.reason)
        source = letter.source
        return self.raw(
            Raw(source.topic, 0, self.offset, letter.key, letter.original, replayed=mark), now
        )

    def raw(self, raw: Raw, now: int = NOON) -> list[Event]:
        """One record as it came."""
        self.offset += 1
        step = self.stages["intake"].raw
        assert step is not None
        return self._flow(list(step(self.intake, raw, self.policy, now)), now)

    def outcome(
        self,
        lead_id: str,
        outcome: Literal["placed", "contacted", "closed"],
        place: str,
        reason: str = "test",
    ) -> list[Event]:
        """What route would report."""
        lead = self.qualify.leads.get(lead_id)
        self.offset += 1
        event = OutcomeReported(
            event_id=f"o{self.offset}",
            caused_by="c",
            at=NOON,
            home=lead.home if lead else "none",
            lead_id=lead_id,
            outcome=outcome,
            place=place,
            reason=reason,
        )
        return self._flow([Outgoing("accounts.inbox", None, event)], NOON)

    def until(self, now: int) -> list[Event]:
        """All timers due by `now`, in order, each at its due time."""
        out: list[Event] = []
        for name in ("identify", "qualify"):
            while (due := self._due(name, now)) is not None:
                timer_id, timer = due
                self.tables[name].timers.delete(timer_id)
                step = self.stages[name].timers[timer.kind]
                sent = list(step(self.tables[name], timer, self.policy, timer.due))
                out += self._flow(sent, timer.due)
        return out

    def count(self, stage: str, name: str) -> int:
        """One of a stage's counts."""
        row = self.tables[stage].counts.get(name)
        return row.value if row else 0

    def only(self, kind: type[E]) -> list[E]:
        """Everything of one kind that left so far."""
        return [out.event for out in self.sent if isinstance(out.event, kind)]

    def _due(self, name: str, now: int) -> Any:
        found = next(iter(self.tables[name].timers.ordered("due")), None)
        return found if found is not None and found[1].due <= now else None

    def _flow(self, sent: list[Outgoing], now: int) -> list[Event]:
        inboxes = {"identity.inbox": "identify", "accounts.inbox": "qualify"}
        left: list[Event] = []
        for out in sent:
            name = inboxes.get(out.topic)
            if name is None:
                self.sent.append(out)
                left.append(out.event)
            else:
                step = self.stages[name].steps[type(out.event)]
                left += self._flow(list(step(self.tables[name], out.event, self.policy, now)), now)
        return left


def one(events: list[Event], kind: type[E]) -> E:
    """The only event of a kind."""
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, events
    return found[0]
