"""Counts again how many leads each rep had, by the decisions before, and derives who was full.

A part of `tests.verifier`: it shares no code with the router either. `Caps` is told of everything
in order; a decision is held against what the earlier ones have left (AVL-04, CPTY-01, CPTY-07).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.hot_lane_verifier import Wrong
from tests.rep_standing import midnight, moment

__all__ = ["Caps", "Wrong"]

Value = Mapping[str, Any]
Kinds = Mapping[str, Callable[[Value], bool]]
"""What the conditions of the policy's caps mean, by their text: whether an assignment is one."""

WORTH_NOTHING = {"junk", "duplicate", "no_show"}
IN_TOUCH = {
    "attempted", "recorded", "no_show", "contacted", "meeting_booked", "meeting_held", "qualified",
    "proposal_sent", "opportunity_created", "won",
}  # fmt: skip
BY_HAND = {"lead.owner_changed", "lead.reassigned", "lead.reroute_requested"}
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(slots=True)
class Limit:
    """One of a rep's caps as a policy has it at an instant."""

    most: int
    begin: datetime
    """From when on leads count."""
    when: str | None = None
    """Which leads count; None: all."""
    rolls: bool = False


class Caps:
    """Which leads count for whom, by what was said so far."""

    def __init__(
        self, policies: Mapping[int, Value], said: Mapping[str, Value], kinds: Kinds
    ) -> None:
        """The policy documents by version, and input events by the id that `caused_by` names."""
        self._policies, self._said, self._kinds = policies, said, kinds
        self._taken: defaultdict[str, dict[str, dict[str, datetime]]] = defaultdict(dict)
        """By rep and assignment: the caps for which it counts, each with the instant it does."""
        self._held: dict[str, Value] = {}
        self._in_touch: set[str] = set()
        self.passed_over = 0
        """How often a cap was the reason against somebody, and it was derived."""

    def heard(self, event: Value) -> None:
        """An input event, before anything is decided on it."""
        held = self._held.get(event.get("lead_id", ""))
        if event["type"] != "lead.activity" or held is None or event["rep_id"] != held["rep_id"]:
            return
        if event["activity"] in IN_TOUCH:
            self._in_touch.add(held["assignment_id"])
        if event["activity"] in WORTH_NOTHING:
            self._forget(held)

    def published(self, old: int, new: int, now: datetime) -> None:
        """Another version: what a cap counted in its period goes on to count under its name.

        Also where the period begins at another instant from now on; all else is forgotten.
        """
        for rep, taken in self._taken.items():
            before = _limits(self._policies[old], rep, now)
            after = _limits(self._policies[new], rep, now)
            for assignment, caps in taken.items():
                taken[assignment] = {
                    name: at if after[name].rolls else max(at, after[name].begin)
                    for name, at in caps.items()
                    if name in after and name in before and before[name].begin <= at
                }

    def ended(self, event: Value) -> None:
        """A value of `assignments.ended`; what costs no turn counts for nothing (Charge)."""
        cause = self._said.get(event["caused_by"], {}).get("type")
        unworked = event["assignment_id"] not in self._in_touch
        overdue = event["caused_by"].startswith("contact:")
        if overdue or cause == "assignment.skipped" or (cause in BY_HAND and unworked):
            self._forget(event)
        self._held.pop(event["lead_id"], None)

    def assigned(self, event: Value) -> None:
        """A value of `assignments.rep`. Raises `Wrong` where a cap says otherwise."""
        policy, at, rep = (
            self._policies[event["policy_version"]],
            moment(event["at"]),
            event["rep_id"],
        )
        for each in event["explanation"]["candidates"]:
            self._verify(event, each, self._full(event, policy, each["rep_id"]))
        counts = self._counting(event, policy, rep)
        self._taken[rep][event["assignment_id"]] = dict.fromkeys(counts, at)
        self._held[event["lead_id"]] = event

    def _forget(self, assignment: Value) -> None:
        self._taken[assignment["rep_id"]].pop(assignment["assignment_id"], None)

    def _verify(self, event: Value, candidate: Value, full: str | None) -> None:
        """A reason by a cap is the first one that is full; who could take it has none."""
        rep, said = candidate["rep_id"], candidate.get("why_not") or ""
        if said == "daily_limit" or said.startswith("cap:"):
            if said != full:
                raise Wrong(f"{rep} was passed over by {said}, by the decisions before: {full}")
            self.passed_over += 1
        elif candidate["eligible"] and candidate.get("rotation") and full:
            raise Wrong(f"{rep} could take {event['lead_id']} although {full} was reached")

    def _full(self, event: Value, policy: Value, rep: str) -> str | None:
        """The first cap that keeps this lead from the rep, as the record calls it."""
        taken, now = self._taken[rep].values(), moment(event["at"])
        for name, limit in self._counting(event, policy, rep).items():
            instants = [caps[name] for caps in taken if name in caps]
            if sum(limit.begin <= at <= now for at in instants) >= limit.most:
                return name if name == "daily_limit" else f"cap:{name}"
        return None

    def _counting(self, event: Value, policy: Value, rep: str) -> Mapping[str, Limit]:
        """The caps that hold for the lead, in order."""
        limits = _limits(policy, rep, moment(event["at"]))
        return {
            name: limit
            for name, limit in limits.items()
            if limit.when is None or self._kinds[limit.when](event)
        }


def _limits(policy: Value, rep: str, now: datetime) -> Mapping[str, Limit]:
    """All of a rep's caps by name; none of who is not in the policy."""
    if rep not in policy["reps"]:
        return {}
    own = policy["reps"][rep]
    team = policy["teams"][own["team"]]
    daily = own.get("daily_limit") or team.get("daily_limit", 100)
    found = {"daily_limit": Limit(daily, _begin(policy, rep, now, "day"))}
    for cap in team.get("caps", ()):
        name, rolling = cap["cap"], cap.get("rolling")
        begin = _since(rolling, now) if rolling else None
        begin = begin or _begin(policy, rep, now, cap.get("per", "day"))
        most = own.get("caps", {}).get(name, cap["most"])
        found[name] = Limit(most, begin, cap.get("when"), bool(rolling))
    return found


def _since(span: str, now: datetime) -> datetime:
    """A lead of exactly one span ago counts no more."""
    number, unit = re.fullmatch(r"(\d+) ?([a-z]+)", span).groups()  # type: ignore[union-attr]  # the policy is valid
    return now - timedelta(seconds=int(number) * UNITS[unit]) + timedelta(milliseconds=1)


def _begin(policy: Value, rep: str, now: datetime, per: str) -> datetime:
    """Midnight of the day, of the week's Monday or of the month's first, where the rep is."""
    own = policy["reps"][rep]
    zone = ZoneInfo(own.get("zone") or policy["teams"][own["team"]]["zone"])
    today: date = now.astimezone(zone).date()
    days = {"day": 0, "week": today.weekday(), "month": today.day - 1}[per]
    return midnight(policy, rep, today - timedelta(days=days))
