"""Clocks on a real broker: nobody but a `Tick` record says what time it is."""

import time
from collections import Counter

import pytest

from tests.broker import Broker
from tests.proof.made_leads import made_leads
from tests.proof.oracle import (
    Seen,
    no_id_twice,
    open_counts_are_right,
    places_follow_each_other,
    read,
)
from tests.proof.policies import impatient
from tests.proof.running import Pipeline, Places, make

LEADS = 60
BREACHED_S = 40.0


@pytest.mark.slow
def test_unanswered_leads_go_from_rep_to_rep_without_any_further_input(
    broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The contact clock fires, breaches and reassigns while no record but ticks comes in.

    A breach gives its turn back, which moves a rotation's time between two decisions: that this is
    right is held by the steps' own tests, not by the chain that the oracle follows.
    """
    pipeline = make(broker.bootstrap, tmp_path_factory.mktemp("clocks"), impatient())
    try:
        pipeline.start("all")
        pipeline.wait_ready("all")
        pipeline.send(made_leads(LEADS, seed=8, bad_every=10**9))
        places = Places(pipeline.kafka)
        places.wait(LEADS, 0, timeout_s=60)
        places.close()
        seen = at_rest(pipeline)
    finally:
        pipeline.stop()

    assigned = {event["lead_id"] for event in seen.events["assignments.rep"]}
    breaches = Counter(event["lead_id"] for event in seen.events["sla.breaches"])
    assert assigned
    assert set(breaches) == assigned
    assert [
        *no_id_twice(seen),
        *places_follow_each_other(seen),
        *open_counts_are_right(seen),
    ] == []
    ticks = Counter(
        event["event_id"] for event in seen.events["routing.inbox"] if event["_kind"] == "Tick"
    )
    assert ticks
    assert max(ticks.values()) == 1, "a tick was sent again while it was outstanding"


def at_rest(pipeline: Pipeline) -> Seen:
    """What is there once every assigned lead was breached and nothing more happens."""
    deadline = time.monotonic() + BREACHED_S
    before = -1
    while True:
        seen = read(pipeline.kafka)
        assigned = {event["lead_id"] for event in seen.events["assignments.rep"]}
        breached = {event["lead_id"] for event in seen.events["sla.breaches"]}
        now = len(seen.events["leads.lifecycle"])
        if assigned and assigned == breached and now == before:
            return seen
        assert time.monotonic() < deadline, (len(assigned), len(breached))
        before = now
        time.sleep(3)
