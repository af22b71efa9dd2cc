"""Personal data stands in values only: in no log, span, metric, key or header of a whole run."""

import sys
import time
from pathlib import Path

import pytest

from agents.kafka import clients
from agents.ledger.trace import TRACEPARENT
from tests.agents.otlp import Receiver, running_receiver
from tests.proof.planted import MAIL, STAGES, Places, everywhere, found_in, on_the_broker, place_of
from tests.proof.running import Pipeline

WORKER = (sys.executable, str(Path(__file__).with_name("stumbling_worker.py")), "worker")
QUIET_S = 4.0
CHANNELS = ("logs", "spans", "metrics", "keys", "headers")


def planted_run(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[bytes]]:
    """What a run says, by channel: every trace sampled, every line logged, everything measured."""
    monkeypatch.setenv("LEADSTREAM_OTLP_ENDPOINT", receiver.endpoint)
    monkeypatch.setenv("LEADSTREAM_TRACE_RATIO", "1")
    monkeypatch.setenv("LEADSTREAM_LOG_LEVEL", "debug")
    pipeline.start("planted", command=WORKER)
    pipeline.wait_ready("planted")
    ours = send(pipeline)
    wait_until_quiet(pipeline.log("planted"))
    ended = pipeline.terminate("planted")
    assert ended == 0, pipeline.log("planted").read_text()[-2_000:]
    by_path = {
        path: [body for at, body in receiver.received if at == path] for path in receiver.paths
    }
    return {
        "logs": pipeline.log("planted").read_bytes().splitlines(),
        "spans": by_path["/v1/traces"],
        "metrics": by_path["/v1/metrics"],
        **on_the_broker(pipeline.kafka, ours),
    }


def send(pipeline: Pipeline) -> Places:
    """Sends everything, with the person in key and headers too; gives where it stands."""
    places: Places = set()
    producer = clients.plain_producer(pipeline.kafka)
    for topic, value in everywhere():
        producer.produce(
            pipeline.kafka.prefix + topic,
            value,
            MAIL.encode(),
            headers=[("event_id", MAIL.encode()), (TRACEPARENT, MAIL.encode())],
            on_delivery=lambda _, sent: places.add(place_of(sent)),
        )
    assert producer.flush(30) == 0
    assert len(places) == len(everywhere())
    return places


def wait_until_quiet(log: Path) -> None:
    """Returns once nothing was logged for a while: everything is decided."""
    size, since, deadline = -1, time.monotonic(), time.monotonic() + 60
    while time.monotonic() - since < QUIET_S:
        assert time.monotonic() < deadline, log.read_text()[-2_000:]
        now = log.read_bytes().count(b'"event":"batch"')
        if now != size:
            size, since = now, time.monotonic()
        time.sleep(0.1)


@pytest.mark.slow
def test_a_planted_person_is_in_no_log_span_metric_key_or_header(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 5: in good, odd and garbage input, in dead letters and in failing steps' errors."""
    with running_receiver() as receiver:
        said = planted_run(pipeline, receiver, monkeypatch)
    text = b"\n".join(said["logs"])
    assert all(said[channel] for channel in CHANNELS)
    assert b'"assignments.rep"' in text
    for stage in STAGES:
        assert b'"error_type":"LookupError"' in b"".join(
            line for line in said["logs"] if f'"stage":"{stage}"'.encode() in line
        ), stage
    assert {channel: found_in(said[channel]) for channel in CHANNELS} == {
        channel: [] for channel in CHANNELS
    }


@pytest.mark.slow
def test_the_twin_a_careless_worker_is_found_out_on_every_channel(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that says who it is, once on each channel: the search finds all five."""
    monkeypatch.setenv("CARELESS", "1")
    with running_receiver() as receiver:
        said = planted_run(pipeline, receiver, monkeypatch)
    assert [channel for channel in CHANNELS if found_in(said[channel])] == list(CHANNELS)


@pytest.mark.parametrize(
    "text",
    [
        "to PLANTED.PERSON@plantedmail.example.com",
        "planted.person%40plantedmail.example.com",
        "+1 (415) 555-0123",
        "call 415.555.0123",
        "Dear plantedfirst",
        '"planted message with secrets"',
    ],
)
def test_the_search_knows_other_spellings(text: str) -> None:
    """Whoever writes it differently writes it all the same."""
    assert found_in([b"no one", text.encode()]) != []
    assert found_in([b"no one", b"1772442000000", b"+1 415 555 0199"]) == []
