"""The story of a lead: one paragraph for each instant, with the numbers behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from agents.explain.decision import decision_lines, reasons_line
from agents.explain.events import Said, in_order
from agents.explain.spans import span_text
from agents.explain.words import (
    ACTIONS,
    ENDINGS,
    KEPT,
    METHODS,
    PLACES,
    WHY_NOT,
    WITHDRAWN,
    WORKS_ACCOUNT,
    plain,
)
from schemas.record import format_time, parse_time

INDENT = "  "
Content = Mapping[str, Any]


def story(lead_id: str, events: Iterable[Said]) -> Iterator[str]:
    """Lines of text about a lead; the events are sorted here."""
    yield f"Lead {lead_id}"
    for (at, version), group in groupby(in_order(events), key=_moment):
        rules = "" if version is None else f"  (policy version {version})"
        yield ""
        yield f"{format_time(at)}{rules}"
        for event in group:
            first, *rest = _TELLERS[event.topic](event.value)
            yield f"{INDENT}{first}"
            yield from (f"{INDENT * 2}{line}" for line in rest)


def _moment(event: Said) -> tuple[int, int | None]:
    """What one paragraph has in common: the instant and the rules in force."""
    return event.at, event.value.get("policy_version")


def _scored(value: Content) -> Iterator[str]:
    hot = ", hot" if value["hot"] else ""
    yield f"Scored {value['score']}: grade {value['grade']}, status {value['status']}{hot}."
    yield (
        f"{value['attribute_score']} points for who they are, {value['behaviour_score']} for what "
        "they did:"
    )
    for part in value.get("contributions", ()):
        yield f"  {part['points']:+d}  {plain(part['rule'])}"
    if value.get("missing_elements"):
        yield f"Not answered yet: {', '.join(map(plain, value['missing_elements']))}."
    yield f"Next: {plain(value['next_action'])}."


def _assigned(value: Content) -> Iterator[str]:
    by_hand = value.get("by") is not None
    code = value["reason"] if value["reason"] == WORKS_ACCOUNT else value["method"]
    method = "by hand" if by_hand else METHODS.get(code, plain(code))
    yield f"Given to {value['rep_id']} {method} (team {value.get('team', '?')}){_attempt(value)}."
    yield from _hand(value)
    yield f"Score {value['score']}, grade {value['grade']}, {value['priority']} priority."
    if value["reason"] != value["method"]:
        yield f"Reason: {plain(value['reason'])}."
    yield from decision_lines(value["explanation"])
    yield _clock(value)


def _hand(value: Content) -> Iterator[str]:
    """Who did it by hand, and why in that person's own words; nothing where the rules did."""
    if value.get("by") is not None:
        yield f"By {value['by']}: {value.get('why') or 'without a word'}"


def _attempt(value: Content) -> str:
    if value["attempt"] == 1:
        return ""
    previous = value.get("previous_rep_id")
    after = f", after {previous}" if previous else ""
    return f", attempt {value['attempt']}{after}"


def _clock(value: Content) -> str:
    due = value.get("contact_due_at")
    if due is None:
        return "No clock runs for the first contact."
    left = span_text(parse_time(due) - parse_time(value["at"]))
    return f"First contact is due by {due}, {left} later."


def _offered(value: Content) -> Iterator[str]:
    rep = ", ".join(value["offered_to"])
    if value.get("withdrawn"):
        reason = value["reason"]
        why = WITHDRAWN.get(reason) or WHY_NOT.get(reason, plain(reason))
        yield f"Not offered to {rep} any more: {why}."
        return
    left = span_text(parse_time(value["expires_at"]) - parse_time(value["at"]))
    yield f"Offered to {rep} for {left}; the first to accept has it."
    if value.get("explanation"):
        yield from decision_lines(value["explanation"])


def _pooled(value: Content) -> Iterator[str]:
    returns = f", returned {value['returns']} times" if value["returns"] else ""
    yield f"Put into the pool {value['pool']}, band {value['band']}{returns}."
    yield f"Score {value['score']}, grade {value['grade']}. Reason: {plain(value['reason'])}."
    yield f"It can be claimed from {value['claimable_from']}."
    yield from decision_lines(value["explanation"])


def _ended(value: Content) -> Iterator[str]:
    reason = ENDINGS.get(value["reason"], plain(value["reason"]))
    yield f"No longer with {value['rep_id']}: {reason}."
    yield from _hand(value)


def _intervened(value: Content) -> Iterator[str]:
    rep = value["subject"]
    if value["kind"] == "turn_adjusted":
        yield f"{rep} is owed {value['value']} leads more in the rotation {value['limit']}."
    elif value["kind"] == "rep_paused":
        yield f"{rep} was paused until {value['limit'] or 'somebody ends the pause'}."
    elif value["kind"] == "rerouted":
        yield f"Routed again on request; it was with {plain(value['value'])}."
    elif value["kind"] == "reroute_ignored":
        why = KEPT.get(value["value"]) or f"its place is {_place(value['value'])}"
        yield f"Not routed again on request: {why}."
    else:
        yield f"The pause of {rep} was ended."
    yield from _hand(value)


def _breached(value: Content) -> Iterator[str]:
    due, at = parse_time(value["due_at"]), parse_time(value["breached_at"])
    action = ACTIONS.get(value["action"], plain(value["action"]))
    name = f"the clock `{value['sla']}` of {value['rep_id']}"
    if value["kind"] == "warning":
        yield f"Warning: {name} runs out at {value['due_at']}."
    elif value["kind"] == "excused":
        yield f"Excused: {name}, due {value['due_at']}; the contact was made in time, logged late."
    else:
        late = f", noticed {span_text(at - due)} later" if at > due else ""
        yield f"Breach number {value['count']}: {name} ran out at {value['due_at']}{late}."
        yield f"So {action}."


def _recycled(value: Content) -> Iterator[str]:
    yield f"Moved from {_place(value['from'])} to {_place(value['to'])}: {plain(value['reason'])}."


def _moved(value: Content) -> Iterator[str]:
    came, to = value.get("from"), _place(value["to"])
    pool = f" ({value['pool']})" if value.get("pool") else ""
    way = (
        to if came is None else f"still {to}" if came == value["to"] else f"{_place(came)} -> {to}"
    )
    yield f"Place: {way}{pool}, status {value['status']}: {plain(value['reason'])}."
    if value.get("held_by"):
        yield f"{value['held_by']} had it before and has it on: no turn is taken, no clock runs."
    if value.get("counts_by_reason"):
        yield reasons_line(value["counts_by_reason"])


def _place(name: str) -> str:
    return PLACES.get(name, plain(name))


_TELLERS: dict[str, Callable[[Content], Iterator[str]]] = {
    "alerts": _intervened,
    "leads.scored": _scored,
    "sla.breaches": _breached,
    "assignments.ended": _ended,
    "leads.recycled": _recycled,
    "assignments.offers": _offered,
    "assignments.rep": _assigned,
    "assignments.pool": _pooled,
    "leads.lifecycle": _moved,
}
