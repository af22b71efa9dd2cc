"""`leadstream bench` on a real broker: figures come out, nothing is left behind."""

import json
from pathlib import Path

import pytest

from agents.kafka import clients
from agents.settings import Kafka
from tests.agents.command_line.process import command
from tests.broker import Broker

PREFIX = "measured."


@pytest.mark.slow
def test_figures_come_out_and_nothing_is_left_behind(broker: Broker, tmp_path: Path) -> None:
    """Latency at a rate, throughput of a backlog, the machine; its topics are gone afterwards."""
    variables = {"LEADSTREAM_BROKER": broker.bootstrap, "LEADSTREAM_PREFIX": PREFIX}
    arguments = ("--rate", "50", "--seconds", "2", "--backlog", "200", "--json")

    ran = command(tmp_path, "bench", *arguments, variables=variables)

    assert ran.code == 0, ran.err
    found = json.loads(ran.out.splitlines()[-1])
    (at_rate,) = found["at_rates"]
    assert at_rate["rate"] == 50
    assert 0 < at_rate["p50_ms"] <= at_rate["p99_ms"] <= at_rate["longest_ms"]
    assert at_rate["cpu_ms_a_lead"] > 0
    assert found["backlog"]["leads"] == 200
    assert found["backlog"]["leads_a_second"] > 0
    assert found["memory_mb"] > 10
    assert found["machine"]["cores"] >= 1
    there = clients.admin(Kafka(broker=broker.bootstrap)).list_topics(timeout=10).topics
    assert [name for name in there if name.startswith(PREFIX)] == []


def test_a_rate_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """Before anything is made on the broker."""
    ran = command(tmp_path, "bench", "--rate", "0")
    assert ran.code == 2
    assert "--rate 0" in ran.err
