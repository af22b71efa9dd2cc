"""A real worker's metrics, as a real receiver gets them: they add up to what it did."""

import time
from collections import Counter

import pytest

from agents import instruments as known
from agents.ledger.book import LOOK_AGAIN_S
from schemas.topics import CATALOGUE, INPUTS
from tests.agents.otlp import Measured, Receiver, running_receiver
from tests.proof.made_leads import made_leads
from tests.proof.running import Pipeline, Places

LEADS, STAGES = 60, {"intake", "identify", "qualify", "enrich", "route"}
QUIET = {known.ALERTS.name, known.ROWS.name}
"""Nothing alarms in this run, and a first start has no rows; 0 rows are told all the same."""
MARKS_MAX = 30
"""Marks of transactions that may stand behind the last record of a partition."""


def ran(pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> list[Measured]:
    """The last export of a worker that has taken some leads and garbage."""
    monkeypatch.setenv("LEADSTREAM_OTLP_ENDPOINT", receiver.endpoint)
    monkeypatch.setenv("LEADSTREAM_TRACE_RATIO", "1")
    made = list(made_leads(LEADS, seed=4))
    pipeline.start("all")
    pipeline.wait_ready("all")
    pipeline.send(made)
    places = Places(pipeline.kafka)
    places.wait(LEADS, sum(one.fate == "bad" for one in made), 60)
    places.close()
    time.sleep(LOOK_AGAIN_S + 2)
    assert pipeline.terminate("all") == 0
    return receiver.points()


def totals(points: list[Measured], one: known.Instrument, attribute: str) -> dict[str, float]:
    """Of a metric, by one attribute; of a histogram how often."""
    found: Counter[str] = Counter()
    for each in points:
        if each.name == one.name:
            value = each.number if one.kind == "histogram" else round(each.total)
            found[str(each.attributes[attribute])] += value
    return dict(found)


@pytest.mark.slow
def test_what_a_worker_measures_adds_up_to_what_it_did(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leads in = leads out = leads that stand somewhere; every partition has its lag."""
    with running_receiver() as receiver:
        points = ran(pipeline, receiver, monkeypatch)
        exemplars = receiver.exemplars()
        traces = {span.trace_id for span in receiver.spans()}
    assert {one.name for one in known.INSTRUMENTS} - {each.name for each in points} <= QUIET
    assert sum(totals(points, known.ADMITTED, known.SOURCE).values()) == LEADS
    assert sum(totals(points, known.PLACED, known.OUTCOME).values()) == LEADS
    assert sum(totals(points, known.LATENCY, known.OUTCOME).values()) == LEADS
    assert sum(totals(points, known.STANDING, known.PLACE).values()) == LEADS
    counted = totals(points, known.COUNTED, known.COUNT)
    assert counted == {"admitted": LEADS, "received": LEADS}
    assert exemplars
    assert exemplars <= traces
    for one in (known.BATCH, known.TRANSACTION, known.RESTORE, known.REBALANCES):
        assert set(totals(points, one, known.STAGE)) == STAGES, one.name
    lags = [each for each in points if each.name == known.LAG.name]
    assert len(lags) == partitions()
    assert max(each.total for each in lags) < MARKS_MAX


def partitions() -> int:
    """All partitions that the five agents read."""
    inboxes = ("identity.inbox", "accounts.inbox", "routing.inbox", "enrichment.requests")
    return sum(topic.partitions for topic in (*INPUTS, *(CATALOGUE[name] for name in inboxes)))
