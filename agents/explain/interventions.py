"""What managers asked for, as far as it bears on the decisions about one lead."""

from collections.abc import Iterable, Sequence

from agents.explain.events import ALERTS, Said

PAUSED, TURN = "rep_paused", "turn_adjusted"
KINDS = frozenset({PAUSED, "rep_resumed", TURN})
OF_THE_LEAD = frozenset({"rerouted", "reroute_ignored"})
"""What was asked about the lead itself, its subject."""


def bearing(events: Sequence[Said], alerts: Iterable[Said]) -> list[Said]:
    """The interventions among the alerts without which a decision would have been another.

    Who was paused when he was passed over; the turns that were given to or taken from who was
    chosen, in that rotation; what was said in the very step that decided; that the lead itself was
    to be routed again.
    """
    decisions = [event for event in events if event.topic == "assignments.rep"]
    said = [alert for alert in alerts if alert.topic == ALERTS]
    known = [alert for alert in said if alert.value["kind"] in KINDS]
    asked = [alert for alert in said if alert.value["kind"] in OF_THE_LEAD]
    lead_ids = {event.value.get("lead_id") for event in events}
    return [
        *(each for each in known if any(_bears(each, one, known) for one in decisions)),
        *(each for each in asked if each.value["subject"] in lead_ids),
    ]


def _bears(alert: Said, decision: Said, known: Sequence[Said]) -> bool:
    if alert.value["caused_by"] == decision.value["caused_by"]:
        return True
    if alert.at > decision.at:
        return False
    record, subject = decision.value["explanation"], alert.value["subject"]
    if alert.value["kind"] == TURN:
        place = record.get("chosen"), record.get("rotation")
        return (subject, alert.value["limit"]) == place
    passed_over = any(
        each["rep_id"] == subject and each.get("why_not") == "paused"
        for each in record.get("candidates", ())
    )
    return passed_over and alert == _last_pause(subject, decision.at, known)


def _last_pause(subject: str, at: int, known: Sequence[Said]) -> Said | None:
    """The pause that held at an instant: a later one replaces an earlier one."""
    pauses = (
        each
        for each in known
        if each.value["kind"] == PAUSED and each.value["subject"] == subject and each.at <= at
    )
    return max(pauses, key=lambda each: (each.at, each.logged, each.place), default=None)
