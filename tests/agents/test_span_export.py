"""The exporter beside a worker: real spans at its end, and no harm from a receiver that is down."""

import logging
import sys
import time
from pathlib import Path
from subprocess import run

import orjson
import pytest

from agents import exporting
from agents.exporting import FLUSH_S, Complaints
from agents.tracing import QUEUE_SPANS, Tracer
from tests.agents.otlp import Receiver
from tests.agents.test_telemetry import LEAD
from tests.agents.traced import STAGES, WAY, Pipeline, way_of
from tests.broker import Broker
from tests.pace import in_time
from tests.proof.made_leads import made_leads
from tests.proof.policies import roomy
from tests.proof.running import Places, make

NOBODY = "http://127.0.0.1:9"
"""Nobody listens on the discard port."""


class Heard:
    """Stands for the log."""

    def __init__(self) -> None:
        """Nothing was said."""
        self.said: list[str] = []

    def warning(self, event: str, *, why: str) -> None:
        """Keeps a warning."""
        self.said.append(f"{event}: {why}")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What is logged."""
    found = Heard()
    monkeypatch.setattr(exporting, "log", found)
    return found


def test_a_receiver_that_is_down_neither_delays_nor_ends_anything(heard: Heard) -> None:
    """More batches than the queue takes; the end waits two seconds at most; one warning."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD))
    batches = [batch for batch in ran.committed() if batch.sent]
    with Tracer(NOBODY, "worker-0", "", STAGES) as tracer:
        while not heard.said:
            tracer.batch(batches[0])
            time.sleep(0.01)
        slowest_s = 0.0
        for _ in range(2 * QUEUE_SPANS // len(ran.sent)):
            began = time.monotonic()
            for batch in batches:
                tracer.batch(batch)
            slowest_s = max(slowest_s, time.monotonic() - began)
        stopping = time.monotonic()
    stopped_s = time.monotonic() - stopping
    assert in_time(slowest_s, 0.5)
    assert in_time(stopped_s - FLUSH_S, 1)
    assert len(heard.said) == 1
    assert heard.said[0].startswith("telemetry not exported: ")


def test_a_lasting_complaint_is_repeated_once_a_minute(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that fills with one sentence hides the others."""
    now = 0.0
    monkeypatch.setattr(exporting, "steady_s", lambda: now)
    complaints = Complaints()
    for second in range(0, 180, 5):
        now = float(second)
        complaints.emit(logging.LogRecord("o", logging.WARNING, "", 1, f"at {second}", None, None))
    assert [said.rsplit(" ", 1)[1] for said in heard.said] == ["0", "60", "120"]


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported() -> None:
    """A worker that exports nothing starts as fast as before."""
    script = "import agents.worker, sys; sys.exit('opentelemetry' in sys.modules)"
    assert run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


def test_a_real_worker_sends_spans_and_flushes_them_at_its_end(
    broker: Broker, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`leadstream worker` with the two settings; SIGTERM leaves no span behind."""
    monkeypatch.setenv("LEADSTREAM_OTLP_ENDPOINT", receiver.endpoint)
    monkeypatch.setenv("LEADSTREAM_TRACE_RATIO", "1")
    made = list(made_leads(20, seed=9))
    real = make(broker.bootstrap, tmp_path, roomy())
    try:
        real.start("one")
        real.wait_ready("one")
        places = Places(real.kafka)
        real.send(made)
        places.wait(sum(one.fate == "lead" for one in made), 0, 30)
        places.close()
        assert real.terminate("one") == 0
    finally:
        real.stop()
    spans = receiver.spans()
    prefix = real.kafka.prefix
    assert {span.instance for span in spans} == {"one"}
    assert receiver.paths == {"/v1/traces", "/v1/metrics"}
    waits = [each.number for each in receiver.points() if each.name == "leadstream.assignment.wait"]
    assert sum(waits) > 0
    assert way_of(spans) == [
        (service, name.replace(" ", f" {prefix}"), event) for service, name, event in WAY
    ]
    assert b"telemetry not exported" not in real.log("one").read_bytes()
