"""One event's work in `route`: what the steps share, and what they say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from msgspec.structs import astuple, replace

from schemas.inner import (
    CommandReceived,
    Contribution,
    LeadCard,
    LeadQualified,
    OutcomeReported,
)
from schemas.outputs import Alert, LifecycleChanged
from schemas.record import Event
from streams.policy.compiled import Facts, Policy
from streams.rows.route import IMPORTED, CardRow, LeadRow, NoticeRow, PlaceRow, RepRow, RouteTables
from streams.rules import status
from streams.rules.availability import NOBODY_SAID, with_absences
from streams.stage import Outgoing, event_id
from streams.steps.rejection import rejected
from streams.tables import Timer, count

_Values = Callable[[Mapping[str, Any]], Any]
_of_lead: _Values = itemgetter(*LeadRow.__struct_fields__[:-2])
_of_card: _Values = itemgetter(*CardRow.__struct_fields__[:-2])
LEAD_TIMERS = (
    "contact", "alert_hot_lane", "waiting_alert", "waiting_manager", "stale", "archive", "forget",
)  # fmt: skip
"""Kinds of the timers whose subject is a lead; a change of place ends those that run."""


Outcome = Literal["placed", "contacted", "closed"]


class About(NamedTuple):
    """Whom an alert concerns beside its subject, and who intervened, if anybody did."""

    desk: str | None = None
    team: str | None = None
    by: str | None = None
    why: str | None = None
    """That person's own words."""


NOBODYS = About()
"""No desk, no team, nobody's hand."""


def at(place: PlaceRow) -> About:
    """The desk and the team where a lead is."""
    return About(place.desk, place.team)


@dataclass(slots=True)
class Work:
    """The tables, the policy and the instant of one event, and what has been said so far."""

    tables: RouteTables
    policy: Policy
    now: int
    cause: str
    """Id of the event that causes all this; of a timer its kind, subject and due time, and what set
    it where that was due at once."""
    out: list[Outgoing] = field(default_factory=list)

    def common(self, kind: str, desk: str | None = None, team: str | None = None) -> dict[str, Any]:
        """The fields that every output event carries; ids differ by kind and ordinal."""
        return {
            "event_id": event_id(self.cause, kind, len(self.out)),
            "caused_by": self.cause,
            "at": self.now,
            "policy_version": self.policy.version,
            "desk": desk,
            "team": team,
        }

    def say(self, topic: str, key: str, event: Event) -> None:
        """Sends an event."""
        self.out.append(Outgoing(topic, key, event))

    def rep(self, rep_id: str) -> RepRow:
        """A rep as decisions see him: what is known, and the absences that the policy says."""
        own = self.policy.absences.get(rep_id, ())
        meetings = self.policy.skips_in_meetings(rep_id)
        return with_absences(self.row(rep_id), own, meetings=meetings)

    def row(self, rep_id: str) -> RepRow:
        """What is known about a rep beside the policy, as it is written."""
        return self.tables.reps.get(rep_id) or NOBODY_SAID

    def weight(self, rep_id: str) -> int:
        """The rep's weight in rotations as it is now (decision 41)."""
        return self.policy.weight(rep_id, self.row(rep_id).ramp)

    def load(self, rep_id: str) -> int:
        """How many open leads the rep has."""
        row = self.tables.loads.get(rep_id)
        return row.open if row else 0

    def facts(self, lead: LeadRow) -> Facts:
        """What conditions of the policy see of a lead."""
        values: dict[str, Any] = dict(zip(LeadRow.__struct_fields__, astuple(lead), strict=True))
        del values["card"]
        values["owned"] = lead.owner_rep_id is not None
        values["has_phone"] = lead.card.phone is not None
        values["has_email"] = lead.card.email is not None
        return self.policy.routing_facts(values)

    def set_timer(self, kind: str, subject: str, due: int) -> None:
        """Wants to be woken; the timer of the same kind and subject is replaced."""
        after = event_id(self.cause, kind) if due <= self.now else ""
        self.tables.timers.put(f"{kind}:{subject}", Timer(due, kind, subject, after))

    def drop_timers(self, lead_id: str) -> None:
        """Ends whatever runs for the lead."""
        for kind in LEAD_TIMERS:
            self.tables.timers.delete(f"{kind}:{lead_id}")

    def alert(
        self,
        kind: str,
        *,
        severity: Literal["info", "warning", "critical"],
        subject: str,
        value: str,
        limit: str,
        detail: str,
        about: About = NOBODYS,
    ) -> None:
        """Tells people, in the one place where alerts are made; nothing in it is personal data.

        But for whose hand it was, and why.
        """
        event = Alert(
            **self.common(kind, about.desk, about.team),
            kind=kind,
            severity=severity,
            subject=subject,
            value=value,
            limit=limit,
            detail=detail,
            by=about.by,
            why=about.why,
        )
        self.say("alerts", subject, event)

    def is_told(self, key: str, within: int) -> bool:
        """Whether the same was told within so long (milliseconds); if not, it is noted as told."""
        last = self.tables.notices.get(key)
        if last is not None and self.now - last.at < within:
            return True
        self.tables.notices.put(key, NoticeRow(self.now))
        return False

    def refuse(self, event: CommandReceived, *, reason: str, field: str, detail: str) -> None:
        """Says no to a command, on `leads.rejected`."""
        refusal = rejected(
            self.tables,
            event,
            self.now,
            stage="route",
            reason=reason,
            field=field,
            detail=detail,
            policy_version=self.policy.version,
        )
        self.out.append(refusal)

    def refuse_lead(self, event: CommandReceived) -> None:
        """Its lead was closed so long ago that its rows are gone, or never came here."""
        detail = "no open or recently closed lead has this id; check lead_id"
        self.refuse(event, reason="unknown_lead", field="lead_id", detail=detail)

    def refuse_rep(self, event: CommandReceived) -> None:
        """The policy in force knows no such rep."""
        detail = "the policy in force knows no such rep; add it to the policy's reps first"
        self.refuse(event, reason="unknown_rep", field="rep_id", detail=detail)

    def move(
        self,
        lead_id: str,
        lead: LeadRow,
        before: PlaceRow | None,
        after: PlaceRow,
        *,
        reason: str,
        outcome: Outcome = "placed",
        counts_by_reason: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Puts a lead in its place, counts, and says so to the world and to `qualify`.

        `counts_by_reason`: how many reps were passed over, where the lead has to wait.
        """
        if before is not None:
            count(self.tables, f"place:{before.place}", -1)
        count(self.tables, f"place:{after.place}")
        told = self._with_status(lead, after, outcome=outcome, reason=reason)
        self.tables.places.put(lead_id, told)
        came_from = before.place if before else None
        self._say_lifecycle(lead_id, came_from, told, reason, counts_by_reason)
        self.report(lead_id, lead, told, outcome=outcome, reason=reason)

    def stay(
        self, lead_id: str, lead: LeadRow, place: PlaceRow, *, outcome: Outcome, reason: str
    ) -> PlaceRow:
        """What happened to a lead where it is: says its status if that has changed."""
        told = self._with_status(lead, place, outcome=outcome, reason=reason)
        if told != place:
            self.tables.places.put(lead_id, told)
        if told.status != place.status:
            self._say_lifecycle(lead_id, place.place, told, reason)
        if told.sales != place.sales or outcome == "contacted":
            self.report(lead_id, lead, told, outcome=outcome, reason=reason)
        return told

    def _with_status(
        self, lead: LeadRow, place: PlaceRow, *, outcome: Outcome, reason: str
    ) -> PlaceRow:
        sales = status.after(place.sales, outcome=outcome, place=place.place, reason=reason)
        return replace(place, sales=sales, status=status.said(sales, lead.status))

    def _say_lifecycle(
        self,
        lead_id: str,
        came_from: str | None,
        place: PlaceRow,
        reason: str,
        counts_by_reason: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        held = place.assignment
        kept = held if came_from is None and held and held.method == IMPORTED else None
        places = {"from": came_from, "to": place.place}
        changed = LifecycleChanged(
            **(self.common("lifecycle", place.desk, place.team) | places),
            lead_id=lead_id,
            status=place.status,
            reason=reason,
            assignment_id=held.assignment_id if held else None,
            pool=place.pool or None,
            counts_by_reason=dict(counts_by_reason),
            held_by=kept.rep_id if kept else None,
        )
        self.say("leads.lifecycle", lead_id, changed)

    def report(
        self, lead_id: str, lead: LeadRow, place: PlaceRow, *, outcome: Outcome, reason: str
    ) -> None:
        """Tells `qualify` what became of a lead."""
        held = place.assignment
        event = OutcomeReported(
            event_id=event_id(self.cause, "outcome", len(self.out)),
            caused_by=self.cause,
            at=self.now,
            home=lead.home,
            lead_id=lead_id,
            outcome=outcome,
            place=place.place,
            rep_id=held.rep_id if held else None,
            reason=reason,
        )
        self.say("accounts.inbox", lead.home, event)


def moved(place: PlaceRow, to: str, since: int, **fields: Any) -> PlaceRow:
    """The place of a lead that goes elsewhere: since then, out of its line and of its pool."""
    nowhere = {"arrival": 0, "audience": "", "pool": ""}
    return replace(place, place=to, since=since, **(nowhere | fields))


def timer_work(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> Work:
    """The work of a timer: its cause is named by what it was and when it was due.

    Where that may come twice, by what set it, too: no two causes have one name.
    """
    name = f"{timer.kind}:{timer.subject}:{timer.due}"
    return Work(tables, policy, now, f"{name}:{timer.after}" if timer.after else name)


def lead_row(event: LeadQualified) -> LeadRow:
    """What is kept of a qualified lead."""
    return LeadRow(*(*_of_lead(event.values()), _card_row(event.card), event.owner_of_parent))


def card(row: CardRow) -> LeadCard:
    """The card as it goes to a rep."""
    values = dict(zip(CardRow.__struct_fields__, astuple(row), strict=True))
    values["contributions"] = tuple(
        [Contribution(rule=rule, points=points) for rule, points in row.contributions]
    )
    return LeadCard(**values)


def _card_row(given: LeadCard) -> CardRow:
    contributions = tuple([(each.rule, each.points) for each in given.contributions])
    return CardRow(*(*_of_card(given.values()), contributions, tuple(given.last_touches)))
