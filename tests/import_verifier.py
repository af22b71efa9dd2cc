"""Derives what an import promised, from the file's owners and the events alone.

A part of `tests.verifier`: it shares no code with the router either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.hot_lane_verifier import Wrong

Told = tuple[str, Mapping[str, Any]]
"""Topic and JSON content of an output event."""
TO_REPS = ("assignments.rep", "assignments.offers")


def verify_import(held: Mapping[str, str], events: Iterable[Told]) -> None:
    """Each lead of the file came once, to the rep who held it, and no rep was told.

    `held`: rep by lead id, as the file says; `events` in order. Raises `Wrong`.
    """
    kept: dict[str, str] = {}
    causes: set[str] = set()
    for topic, value in events:
        if topic == "leads.lifecycle" and value.get("held_by"):
            _first(value, kept)
            kept[value["lead_id"]] = value["held_by"]
            causes.add(value["caused_by"])
        if topic in TO_REPS and (value["caused_by"] in causes or _early(value, held, kept)):
            raise Wrong(f"{value['lead_id']}: a rep is told of a lead that was imported")
    if kept != dict(held):
        differing = {lead for lead in {*kept, *held} if kept.get(lead) != held.get(lead)}
        raise Wrong(f"held by others than the file says: {sorted(differing)[:5]}")


def _first(value: Mapping[str, Any], kept: Mapping[str, str]) -> None:
    way = value.get("from"), value["to"], value["reason"]
    if way != (None, "assigned", "imported") or value["lead_id"] in kept:
        raise Wrong(f"{value['lead_id']}: imported by the way {way}, or a second time")


def _early(value: Mapping[str, Any], held: Mapping[str, str], kept: Mapping[str, str]) -> bool:
    return value["lead_id"] in held and value["lead_id"] not in kept


def verify_loads(events: Iterable[Told]) -> Counter[str]:
    """The load of every candidate is the number of leads that he had, counted from the events.

    Gives the open leads by rep at the end. Raises `Wrong`.
    """
    loads: Counter[str] = Counter()
    for topic, value in events:
        if topic == "assignments.rep":
            for each in value["explanation"]["candidates"]:
                if each["load"] != loads[each["rep_id"]]:
                    raise Wrong(
                        f"{each['rep_id']} has {loads[each['rep_id']]} open leads, the record of "
                        f"{value['lead_id']} says {each['load']}"
                    )
            loads[value["rep_id"]] += 1
        elif topic == "assignments.ended":
            loads[value["rep_id"]] -= 1
        elif topic == "leads.lifecycle" and value.get("held_by"):
            loads[value["held_by"]] += 1
    return +loads
