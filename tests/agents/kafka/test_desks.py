"""Publishing refuses other desks while leads are in play, on a real broker too."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from agents.kafka import topics
from agents.kafka.desks import in_play
from agents.kafka.produce import Outbound, Sending
from agents.settings import Kafka
from schemas.codec import encode
from schemas.outputs import LifecycleChanged
from tests.agents.command_line.process import POLICY, command
from tests.broker import Broker


def moved(lead_id: str, to: Any, desk: str = "main", assignment: str | None = None) -> Any:
    """A lead's change of place."""
    places: dict[str, Any] = {"from": None, "to": to}
    return LifecycleChanged(
        event_id=secrets.token_hex(16), caused_by="c", at=0, policy_version=0, desk=desk,
        lead_id=lead_id, status="mql", reason="test", assignment_id=assignment, **places,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([moved("a", "waiting"), moved("b", "pooled"), moved("c", "assigned")], 3),
        ([moved("a", "nurture")], 1),
        ([moved("a", "converted", assignment="x")], 1),
        ([moved("a", "converted")], 0),
        ([moved("a", "assigned"), moved("a", "lost")], 0),
        ([moved("a", "lost"), moved("a", "assigned")], 1),
        ([moved("a", "archived"), moved("b", "disqualified")], 0),
        ([moved("a", "assigned", desk="field")], 0),
    ],
)
def test_a_lead_is_in_play_by_the_last_word_about_it(
    events: list[LifecycleChanged], expected: int
) -> None:
    """Open leads of the desks that change; a converted one is open while a rep has it."""
    assert in_play(events, ("main",)) == expected


@pytest.mark.slow
def test_other_desks_are_refused_until_their_leads_are_closed(
    broker: Broker, tmp_path: Path
) -> None:
    """Design, section 3; the same desks are published all the while."""
    prefix = f"desks-{secrets.token_hex(4)}-"
    kafka = Kafka(broker=broker.bootstrap, prefix=prefix)
    topics.create(kafka, topics.wanted(prefix, ()))
    text = POLICY.read_text()
    renamed = text.replace("default_desk: main", "default_desk: sales")
    renamed = renamed.replace("\n  main:", "\n  sales:")
    for name, content in (("one", text), ("same", text + "# again\n"), ("other", renamed)):
        (tmp_path / f"{name}.yaml").write_text(content)
    variables = {"LEADSTREAM_BROKER": broker.bootstrap, "LEADSTREAM_PREFIX": prefix}

    def publish(name: str) -> tuple[int, str]:
        ran = command(tmp_path, "policy", "publish", f"{name}.yaml", variables=variables)
        return ran.code, ran.err

    def say(event: LifecycleChanged) -> None:
        sending = Sending(kafka)
        sending.send(Outbound(1, "leads.lifecycle", event.lead_id.encode(), encode(event)))
        sending.finish()

    assert publish("one") == (0, "")
    say(moved("lead-1", "assigned"))
    assert publish("same") == (0, "")
    code, said = publish("other")
    assert (code, said.count("\n")) == (1, 1)
    assert "the desk main has other teams than in policy version" in said
    assert "while 1 lead of theirs is in play: nothing was published" in said
    say(moved("lead-1", "lost"))
    assert publish("other") == (0, "")
