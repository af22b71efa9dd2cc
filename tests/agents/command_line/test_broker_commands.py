"""Commands against a real broker: topics, policy, produce, dead letters, explain."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from agents.inputs import key_of
from agents.kafka import clients, topics
from agents.kafka.produce import NotAcknowledged, Outbound, Sending
from agents.kafka.topics import Wanted
from agents.ledger.replay import REPLAY_HEADER
from agents.settings import Kafka
from schemas.codec import encode, from_json
from schemas.topics import CATALOGUE
from tests.agents.command_line.process import POLICY, ROOT, Ran, command
from tests.agents.command_line.samples import captured, text
from tests.broker import Broker

EXAMPLES = ROOT / "schemas" / "examples"
ORIGINAL = base64.b64decode("eyJ0eXBlIjr/AA==")
"""What the golden dead letter holds."""
Command = Callable[..., Ran]


@pytest.fixture
def leadstream(broker: Broker, tmp_path: Path, request: pytest.FixtureRequest) -> Command:
    """The command with settings for this test's own topics, which are there."""

    def call(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        settings = {"LEADSTREAM_BROKER": broker.bootstrap, "LEADSTREAM_PREFIX": prefix}
        return command(tmp_path, *arguments, stdin=stdin, variables=settings)

    prefix = prefix_of(request)
    assert call("topics", "create").code == 0
    return call


def prefix_of(request: pytest.FixtureRequest) -> str:
    """A prefix of the test's own."""
    return f"{request.node.name[:40]}."


def kafka_of(broker: Broker, request: pytest.FixtureRequest) -> Kafka:
    """Settings that see what the command sees."""
    return Kafka(broker=broker.bootstrap, prefix=prefix_of(request))


def records(kafka: Kafka, topic: str) -> list[Message]:
    """Everything in a topic, by partition and offset."""
    consumer: Consumer = clients.reader(kafka)
    name = f"{kafka.prefix}{topic}"
    found: list[Message] = []
    for number in range(CATALOGUE[topic].partitions):
        place = TopicPartition(name, number, 0)
        _, high = consumer.get_watermark_offsets(place, 10)
        consumer.assign([place])
        while high and (not found or consumer.position([place])[0].offset < high):
            message = consumer.poll(1)
            if message is not None and message.error() is None:
                found.append(message)
    consumer.close()
    return found


def send(kafka: Kafka, topic: str, key: str, example: str, **changes: object) -> None:
    """Puts a golden example, with changes, into an output topic."""
    content = json.loads((EXAMPLES / f"{example}.1.json").read_text()) | changes
    sending = Sending(kafka)
    sending.send(Outbound(1, topic, key.encode(), encode(from_json(topic, content))))
    sending.finish()


def test_topics_are_created_once_and_then_as_the_catalogue_wants(
    broker: Broker, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """`topics check` fails before `create` and is content after it; `create` twice does nothing."""
    settings = {"LEADSTREAM_BROKER": broker.bootstrap, "LEADSTREAM_PREFIX": prefix_of(request)}
    before = command(tmp_path, "topics", "check", "--json", variables=settings)
    assert before.code == 1
    assert json.loads(before.out)["differences"]
    created = json.loads(command(tmp_path, "topics", "create", "--json", variables=settings).out)
    assert len(created["created"]) == created["there"] > len(CATALOGUE)
    again = json.loads(command(tmp_path, "topics", "create", "--json", variables=settings).out)
    assert again["created"] == []
    assert command(tmp_path, "topics", "check", variables=settings).code == 0


def test_more_replicas_than_nodes_are_told_by_their_setting(
    broker: Broker, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A cluster of one node keeps one replica."""
    settings = {"LEADSTREAM_BROKER": broker.bootstrap, "LEADSTREAM_PREFIX": prefix_of(request)}
    ran = command(
        tmp_path, "topics", "create", variables=settings | {"LEADSTREAM_REPLICATION": "3"}
    )
    assert ran.code != 0
    assert "has fewer brokers than LEADSTREAM_REPLICATION (3) asks for" in ran.err


def test_nothing_is_sent_to_topics_that_are_not_there(
    broker: Broker, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A broker that creates topics by itself would make them in its own way."""
    settings = {"LEADSTREAM_BROKER": broker.bootstrap, "LEADSTREAM_PREFIX": prefix_of(request)}
    (tmp_path / "events").write_bytes(text(captured(1)))
    ran = command(tmp_path, "produce", "events", variables=settings)
    assert (ran.code, "run `leadstream topics create` first" in ran.err) == (1, True)


def test_every_line_is_acknowledged_with_its_bytes_and_key(
    leadstream: Command, broker: Broker, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """`produce`: the value as it stands in the file, under the key of its subject."""
    lines = [captured(number) for number in range(50)]
    (tmp_path / "events").write_bytes(text(*lines))
    ran = leadstream("produce", "events", "--json")
    assert json.loads(ran.out) == {"sent": 50, "acknowledged": 50}
    values = [json.dumps(line["value"]).encode() for line in lines]
    found = {
        message.value(): message.key()
        for message in records(kafka_of(broker, request), "leads.raw")
    }
    assert found == {value: key_of(value) for value in values}


def test_a_bad_line_stops_produce_and_says_where_to_go_on(
    leadstream: Command, broker: Broker, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What stands before the bad line is sent; --from-line goes on behind it, nothing twice."""
    (tmp_path / "events").write_bytes(text(captured(1)) + b"half\n" + text(captured(2)))
    ran = leadstream("produce", "events")
    assert ran.code == 2
    assert "events, line 2:" in ran.err
    assert "1 line acknowledged, go on with `leadstream produce events --from-line 2`" in ran.err
    (tmp_path / "events").write_bytes(text(captured(1), captured(3), captured(2)))
    assert leadstream("produce", "events", "--from-line", "2").code == 0
    assert len(records(kafka_of(broker, request), "leads.raw")) == 3


def test_a_policy_is_published_with_a_version_and_shown_again(leadstream: Command) -> None:
    """`policy publish` and `show`: the author's text stays, the release section is added."""
    missing = leadstream("policy", "show")
    assert (missing.code, "no policy was published yet" in missing.err) == (1, True)
    published = leadstream("policy", "publish", POLICY, "--json")
    version = json.loads(published.out)["version"]
    shown = leadstream("policy", "show")
    assert shown.out.startswith(POLICY.read_text())
    assert "release:" in shown.out
    assert leadstream("policy", "show", "--version", str(version)).out == shown.out
    unknown = leadstream("policy", "show", "--version", "99")
    assert (unknown.code, "no policy version 99" in unknown.err) == (1, True)


def test_published_versions_are_compared_with_each_other_and_with_a_file(
    leadstream: Command, tmp_path: Path
) -> None:
    """`policy diff`: a number is a version; what publishing adds is no change."""
    first = str(json.loads(leadstream("policy", "publish", POLICY, "--json").out)["version"])
    (tmp_path / "new.yaml").write_text(POLICY.read_text().replace("weight: 120", "weight: 180"))
    second = str(json.loads(leadstream("policy", "publish", "new.yaml", "--json").out)["version"])
    assert leadstream("policy", "diff", first, POLICY).out.startswith("Nothing changes from ")
    told = leadstream("policy", "diff", first, second)
    assert (told.code, "weight in rotations: 180 (before: 120)" in told.out) == (0, True)
    unknown = leadstream("policy", "diff", first, "99")
    assert (unknown.code, "no policy version 99" in unknown.err) == (1, True)


def test_a_dead_letter_is_listed_shown_and_sent_in_again(
    leadstream: Command, broker: Broker, request: pytest.FixtureRequest
) -> None:
    """`deadletters`: no bytes in the list; a replay is the original, marked, at its place."""
    kafka = kafka_of(broker, request)
    send(kafka, "leads.rejected", "one", "LeadRejected", event_id="one")
    timer = "eyJ0aW1lciI6ICJhOmIiLCAiZHVlIjogMX0="
    send(kafka, "leads.rejected", "two", "LeadRejected", event_id="two", original=timer)
    listed = json.loads(leadstream("deadletters", "list", "--json").out)
    assert [letter["id"] for letter in listed["letters"]] == ["one", "two"]
    assert (
        json.loads(leadstream("deadletters", "list", "--reason", "x", "--json").out)["count"] == 0
    )
    shown = leadstream("deadletters", "show", "two")
    assert shown.out == '{"timer": "a:b", "due": 1}'
    assert "reason: not_json" in shown.err
    unasked = leadstream("deadletters", "replay", "--reason", "not_json")
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    ran = leadstream("deadletters", "replay", "--reason", "not_json", "--yes", "--json")
    assert json.loads(ran.out) == {"replayed": 1, "left": 1}
    (again,) = records(kafka, "leads.raw")
    assert (again.partition(), again.key(), again.value()) == (2, b"\x00k", ORIGINAL)
    assert again.headers() == [(REPLAY_HEADER, b"leads.raw/2/10417 intake not_json")]
    alone = leadstream("deadletters", "replay", "two")
    assert (alone.code, "timers fire again by themselves" in alone.err) == (1, True)


def test_a_dead_letter_that_came_in_again_is_not_said_to_be_sent(
    leadstream: Command, broker: Broker, request: pytest.FixtureRequest
) -> None:
    """The pipeline would pass it over: the command sends nothing and says so."""
    kafka = kafka_of(broker, request)
    send(kafka, "leads.rejected", "one", "LeadRejected", event_id="one")
    producer = Producer({"bootstrap.servers": kafka.broker})
    changelog = f"{kafka.prefix}leadstream-intake-leads.raw-changelog"
    for offset in (1, 10417):
        place = f"ledger.replays\x00leads.raw/2/{offset}".encode()
        assert leadstream("deadletters", "replay", "one", "--json").code == 0
        producer.produce(changelog, b"\x91\x01", place, partition=2)
        assert producer.flush(10) == 0
    ran = leadstream("deadletters", "replay", "one")
    assert (ran.code, "it came in again before" in ran.err) == (1, True)
    ran = leadstream("deadletters", "replay", "--reason", "not_json", "--yes", "--json")
    assert json.loads(ran.out) == {"replayed": 0, "left": 1}
    assert len(records(kafka, "leads.raw")) == 2


def test_a_lead_is_explained_from_the_broker(
    leadstream: Command, broker: Broker, request: pytest.FixtureRequest
) -> None:
    """`explain` reads the lead's records, and what managers did about the rep who has it."""
    kafka = kafka_of(broker, request)
    for lead_id in ("lead-1", "lead-2"):
        send(kafka, "leads.scored", lead_id, "LeadScored", lead_id=lead_id)
        send(kafka, "assignments.rep", lead_id, "RepAssigned", lead_id=lead_id)
    turn = {"kind": "turn_adjusted", "value": "+1", "limit": "apac", "caused_by": "manager"}
    for rep_id in ("rep-tanaka", "rep-sato"):
        hand = {"subject": rep_id, "by": "manager-4", "why": "as agreed"}
        send(kafka, "alerts", rep_id, "Alert", **turn, **hand)
    ran = leadstream("explain", "lead-1")
    assert ran.code == 0, ran.err
    assert "rep-tanaka is owed +1 leads more in the rotation apac." in ran.out
    assert "By manager-4: as agreed" in ran.out
    assert "rep-sato is owed" not in ran.out
    assert ran.out.index("Scored 87") < ran.out.index("Given to rep-tanaka")
    assert ran.out.count("Scored") == 1
    events = json.loads(leadstream("explain", "lead-2", "--json").out)["events"]
    assert sorted(event["topic"] for event in events) == [
        "alerts",
        "assignments.rep",
        "leads.scored",
    ]
    assert all("lead" not in event["value"] for event in events)
    assert leadstream("explain", "lead-3").code == 1


def test_a_broker_that_dies_while_sending_ends_it_with_the_line_to_go_on_from(
    own_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broker down in the middle: never hangs, and asks for nothing that is acknowledged."""
    monkeypatch.setattr(clients, "ACKNOWLEDGED_MS", 2_000)
    kafka = Kafka(broker=own_broker.bootstrap)
    topics.create(kafka, (Wanted("leads.raw", 1, {}),))
    sending = Sending(kafka)
    sending.send(Outbound(1, "leads.raw", None, b"{}"))
    sending.finish()
    own_broker.kill()
    sending.send(Outbound(2, "leads.raw", None, b"{}"))
    sending.send(Outbound(3, "leads.raw", None, b"{}"))
    with pytest.raises(NotAcknowledged, match="does not answer"):
        sending.finish()
    assert (sending.acknowledged, sending.first_missing) == (1, 2)


@pytest.mark.parametrize(
    ("arguments", "topic", "wanted"),
    [
        (("deadletters", "list"), "leads.rejected", "1 of 1 dead letter."),
        (("explain", "L-9"), "leads.recycled", "L-9"),
        (("fairness",), "assignments.rep", ""),
    ],
)
def test_a_record_that_is_no_event_hides_no_other_and_is_told(
    leadstream: Command,
    broker: Broker,
    request: pytest.FixtureRequest,
    arguments: tuple[str, ...],
    topic: str,
    wanted: str,
) -> None:
    """Bad input on an output topic: passed over with its place, never a traceback."""
    kafka = kafka_of(broker, request)
    sending = Sending(kafka)
    sending.send(Outbound(1, topic, b"L-9", b"\x00\x01garbage"))
    sending.finish()
    send(kafka, "leads.rejected", "letter-1", "LeadRejected")
    send(kafka, "leads.lifecycle", "L-9", "LifecycleChanged", lead_id="L-9")
    ran = leadstream(*arguments)
    assert f"1 record is no event of this pipeline and was passed over ({topic}/" in ran.err
    assert "Traceback" not in ran.err
    assert wanted in ran.out
