"""Metrics as a real OTLP receiver gets them: how fair, how fast, what alarmed, and of nobody."""

import time

import pytest

from agents.exporting import FLUSH_S
from agents.instruments import WAIT
from agents.ledger.happened import Committed
from agents.ledger.records import Incoming, Sent
from agents.metering import Meter
from schemas.codec import Codec
from schemas.inner import LeadCard
from streams.rules import rotation
from streams.stage import Outgoing
from tests.agents.otlp import Measured, Receiver
from tests.agents.test_telemetry import MAIL, NAMES, PHONE, personal
from tests.pace import in_time
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.test_unfair_rotation import favour

NOBODY = "http://127.0.0.1:9"
"""Nobody listens on the discard port."""
KEY = "inside/round_robin"
CAUSE = Incoming("routing.inbox", 0, 0, 0, None, b"", ())


def decided(leads: int) -> DeskBench:
    """A desk that has given away so many leads."""
    desk = DeskBench(policies.policy())
    for _ in range(leads):
        desk.lead()
    return desk


def sent(outgoing: Outgoing) -> Sent:
    """As the ledger hands it on."""
    return Sent(outgoing.topic, None, None, b"", (), outgoing.event, CAUSE)


def exported(desk: DeskBench, receiver: Receiver) -> list[Measured]:
    """What a receiver gets of all that the desk has said."""
    with Meter(receiver.endpoint, "worker-0", "", Codec()) as meter:
        meter.note(Committed("route", 1, [*map(sent, desk.sent)], 0.1, 0.1))
    return receiver.points()


def deviation(points: list[Measured]) -> Measured:
    """How far from fair the general rotation was."""
    (found,) = [each for each in points if each.name == "leadstream.rotation.deviation"]
    return found


def test_how_far_a_rotation_is_from_fair_is_a_metric(receiver: Receiver) -> None:
    """Promise 5, FAIR-01, live: at each pick, by rotation."""
    found = deviation(exported(decided(30), receiver))
    assert (found.unit, found.number) == ("{lead}", 30)
    assert found.attributes == {"leadstream.rotation": KEY}
    assert 0.6 < found.most < 1


def test_the_twin_an_unfair_rule_shows_in_the_metric_and_as_an_alert(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first by id takes all of thirty: he is twenty ahead of his third."""
    monkeypatch.setattr(rotation, "earliest", favour)
    points = exported(decided(30), receiver)
    assert deviation(points).most == pytest.approx(20, abs=0.1)
    alarmed = [each for each in points if each.name == "leadstream.alerts"]
    kinds = {each.attributes["leadstream.alert"]: each.total for each in alarmed}
    assert kinds["unfair_rotation"] == 1


def test_the_time_from_capture_to_a_rep_is_a_metric(receiver: Receiver) -> None:
    """Of the first rep; who takes over later is another matter."""
    desk = DeskBench(policies.policy())
    desk.lead(captured_at=desk.now - 2_500)
    desk.after(86_400_000)
    assert len(desk.assigned()) > 1
    found = [each for each in exported(desk, receiver) if each.name == WAIT.name]
    assert [(each.number, each.total) for each in found] == [(1, 2.5)]
    assert found[0].attributes == {"leadstream.method": "round_robin"}


def test_no_metric_holds_personal_data(receiver: Receiver) -> None:
    """The lead's card goes to the rep, and to nobody else."""
    desk = DeskBench(policies.policy())
    desk.lead(card=LeadCard(source="demo_request", email=MAIL, phone=PHONE, first_name=NAMES[0]))
    assert personal([str(each.event).encode() for each in desk.sent])
    exported(desk, receiver)
    assert receiver.bodies
    assert personal(receiver.bodies) == []


def test_a_receiver_that_is_down_does_not_hold_a_worker() -> None:
    """What is left is given up after two seconds."""
    desk = decided(3)
    began = time.monotonic()
    with Meter(NOBODY, "worker-0", "", Codec()) as meter:
        meter.note(Committed("route", 1, [*map(sent, desk.sent)], 0.1, 0.1))
    assert in_time(time.monotonic() - began - FLUSH_S, 1)
