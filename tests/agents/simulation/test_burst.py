"""Ten thousand leads at one instant are decided as if they had come one by one (design, Desk)."""

from collections import Counter

import pytest

from agents.fairness.shares import Shares
from agents.ledger.partition import Partition
from agents.ledger.records import Incoming, Sent
from agents.simulation.simulation import Versions
from schemas.codec import Codec, to_json
from schemas.inner import PolicyActivated
from schemas.outputs import RepAssigned
from streams.policy.compiled import Policy
from streams.steps.route import route_stage
from tests.bench.route import NOON, leads
from tests.streams import policies

LEADS = 10_000
LIMIT = 90
REPS = {f"rep-{number:02d}": {"team": "inside", "weight": 50 + number * 10} for number in range(17)}


def rules() -> Policy:
    """Twenty reps with room for fewer leads than come."""
    return policies.policy(0, reps=REPS, teams={"inside": {"open_limit": LIMIT}})


def decided(
    batch: int, count: int = LEADS, companies: int | None = None
) -> tuple[Partition, list[Sent]]:
    """So many leads of one instant and so many companies, decided in batches of a size."""
    codec = Codec()
    partition = Partition(route_stage(), "routing.inbox", 0, Versions(rules()), codec)
    events = [
        PolicyActivated(event_id="activated", version=0, effective_at=0),
        *leads(count, companies),
    ]
    sent: list[Sent] = []
    for offset, event in enumerate(events):
        value = codec.encode(event, "routing.inbox")
        sent += partition.decide(Incoming("routing.inbox", 0, offset, NOON, None, value, ()))
        if offset % batch == 0:
            partition.commit()
    partition.commit()
    return partition, sent


@pytest.mark.slow
def test_a_burst_has_the_same_owners_whatever_the_batches() -> None:
    """PERF-02, one by one and 10 000 at once: the same bytes; no cap exceeded, nothing lost."""
    one, all_at_once = decided(1, companies=2_500), decided(LEADS, companies=2_500)
    assert [each.value for each in one[1]] == [each.value for each in all_at_once[1]]
    assigned = [each.event for each in one[1] if isinstance(each.event, RepAssigned)]
    held = Counter(each.rep_id for each in assigned)
    members = {*REPS, "ann", "bob", "cay"}
    assert held == dict.fromkeys(members, LIMIT)
    counted = {name: row.value for name, row in one[0].tables.counts.items()}
    waiting = LEADS - LIMIT * len(members)
    assert counted["received"] == LEADS
    assert (counted["place:assigned"], counted["place:waiting"]) == (len(assigned), waiting)


@pytest.mark.slow
def test_a_burst_is_shared_out_fairly_at_every_moment() -> None:
    """Promise 5, complaint 7: by weight, nobody a whole lead away while nobody is full."""
    shares = Shares()
    for each in decided(LEADS, 800)[1]:
        if isinstance(each.event, RepAssigned):
            shares.note(to_json(each.event))
    (sharing,) = shares.sharings()
    assert sum(share.taken for share in sharing.shares.values()) == 800
    assert sharing.furthest < 1
