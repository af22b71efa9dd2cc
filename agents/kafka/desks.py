"""Publishing refuses a change of desks with leads in play (design, section 3)."""

from collections.abc import Iterable

from agents.kafka.policies import NotPublished, PolicyTopic
from agents.kafka.reading import Reading
from agents.kafka.scan import Progress, scan
from agents.settings import Kafka
from schemas.codec import Codec
from schemas.outputs import LifecycleChanged
from schemas.record import Event
from streams.policy.desks import changed

LIFECYCLE = "leads.lifecycle"
IN_PLAY = frozenset({"waiting", "assigned", "pooled", "nurture"})
"""A nurtured lead may ask again: then its desk has to be there."""


def in_play(events: Iterable[Event], desks: Iterable[str]) -> int:
    """How many leads of these desks are open, by the last word about each, in the log's order.

    A converted lead is open while a rep has it.
    """
    wanted, last = frozenset(desks), dict[str, bool]()
    for event in events:
        if isinstance(event, LifecycleChanged):
            held = event.to_place == "converted" and event.assignment_id is not None
            last[event.lead_id] = event.desk in wanted and (event.to_place in IN_PLAY or held)
    return sum(last.values())


def refuse_changed_desks(kafka: Kafka, codec: Codec, document: str, progress: Progress) -> None:
    """Raises `NotPublished` where a document changes desks that have leads in play.

    Compared with the version published last. leads.lifecycle is read only if desks differ. Leads
    that come between this look and the activation are not seen: publish such a change while no
    leads come in. Raises what `scan` raises.
    """
    topic = PolicyTopic(kafka)
    latest = topic.latest()
    desks = () if latest is None else changed(topic.text(latest), document)
    if not desks:
        return
    events = (event for _, event in Reading(codec).events(scan(kafka, LIFECYCLE, progress)))
    leads = in_play(events, desks)
    if leads:
        raise NotPublished(_sentence(desks, leads, latest))


def _sentence(desks: tuple[str, ...], leads: int, version: int | None) -> str:
    names = ", ".join(desks)
    noun, verb = ("desk", "has") if len(desks) == 1 else ("desks", "have")
    number = "1 lead of theirs is" if leads == 1 else f"{leads} leads of theirs are"
    return (
        f"the {noun} {names} {verb} other teams than in policy version {version}, or another name, "
        f"while {number} in play: nothing was published; leave the desks as they are, or publish "
        "when these leads are closed or archived"
    )
