"""A candidate policy decides beside the one in force: only the differences are to be seen."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from agents.leaving import StayDown
from agents.ledger.rows import ONLY, Shadow
from agents.ledger.tables import Journal
from agents.simulation.simulation import Simulation
from schemas.codec import decode
from schemas.outputs import LifecycleChanged, RepAssigned
from schemas.record import Event
from schemas.shadow import Decided, DecisionDiffered
from streams.policy.compiled import Policy, compile_policy
from streams.policy.yaml_text import read_yaml
from streams.steps import waiting_room
from streams.steps.work import Work
from streams.tables import ASKED
from tests.agents.simulation.test_redelivery import START, Told, candidate, content, lived, rules
from tests.proof.policies import roomy

LEADS = 300
Document = dict[str, Any]


def changed(change: Callable[[Document], None], version: int = 1) -> Policy:
    """The story's rules with something changed."""
    document = orjson.loads(orjson.dumps(rules_as_written()))
    change(document)
    return compile_policy(orjson.dumps(document), version)


def rules_as_written() -> Document:
    """The story's rules as a document."""
    document: Document = read_yaml(roomy()).value | {"high_score": 51}
    for team in document["teams"].values():
        team["hot_lane"] = {"over": 50, "method": "race", "offers": 2}
    for rep in document["reps"].values():
        rep["daily_limit"] = 4
    return document


def nothing(document: Document) -> None:
    """Changes nothing."""
    assert document["teams"]


def test_the_document_is_that_of_the_story() -> None:
    """Otherwise an equal candidate would not be equal."""
    assert changed(nothing).document == rules().document


def events(told: Told, kind: type[Event]) -> list[Any]:
    """Everything of one kind."""
    return [event for event in map(decode, sent_by(told)) if isinstance(event, kind)]


def sent_by(told: Told) -> Iterator[bytes]:
    """The values that route sent."""
    for (topic, _), records in sorted(told.items()):
        if topic == "routing.inbox":
            yield from (one.value for _, sent in records for one in sent)


def rows(simulation: Simulation) -> list[Shadow]:
    """What each partition counted."""
    found = (
        partition._own.shadow.get(ONLY)
        for (topic, _), partition in simulation.partitions.items()
        if topic == "routing.inbox"
    )
    return [row for row in found if row is not None]


def without_shadow(told: Told) -> dict[tuple[str, int], list[bytes]]:
    """All that was sent but for the differences, to the byte."""
    return {
        place: [content(one) for _, sent in records for one in sent
                if one.topic != "decisions.shadow"]
        for place, records in told.items()
    }  # fmt: skip


@pytest.fixture(scope="module", name="alone")
def alone_fixture() -> dict[tuple[str, int], list[bytes]]:
    """The story without any candidate."""
    return without_shadow(lived(None, LEADS)[1])


def test_a_candidate_that_is_equal_never_differs_and_leaves_no_trace(
    alone: dict[tuple[str, int], list[bytes]],
) -> None:
    """Issue 4, Shadow: hundreds of leads, races, breaches, owners by hand, and what they free.

    It was asked each time: `compared` tells no differences from nobody asked.
    """
    simulation, told = lived(changed(nothing), LEADS)
    assert events(told, DecisionDiffered) == []
    (row,) = [each for each in rows(simulation) if each.compared]
    moved = {(event.caused_by, event.lead_id) for event in events(told, LifecycleChanged)}
    assert LEADS < row.compared <= len(moved)
    assert (row.version, row.differed, row.failed) == (1, 0, 0)
    assert without_shadow(told) == alone


def test_a_candidate_that_differs_has_no_effect_either(
    alone: dict[tuple[str, int], list[bytes]],
) -> None:
    """No event, no row, no timer, no count of its own: all else is the same to the byte."""
    simulation, told = lived(candidate(), LEADS)
    found = events(told, DecisionDiffered)
    assert len(found) > LEADS / 3
    assert sum(row.differed for row in rows(simulation)) == len(found)
    assert len({event.event_id for event in found}) == len(found)
    assert without_shadow(told) == alone


def test_a_candidate_with_more_room_is_not_asked_about_all_who_wait_with_each_event() -> None:
    """It would empty the waiting room each time: only leads that are decided on are compared."""
    _, told = lived(candidate(), LEADS)
    found = events(told, DecisionDiffered)
    waiting = [event for event in events(told, LifecycleChanged) if event.to_place == "waiting"]
    alone = [event for event in found if event.live is None]
    assert len(waiting) > LEADS / 5
    assert len(alone) < len(waiting) / 3


def test_it_would_be_asked_about_them_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with everybody's turn coming, most differences are about leads that just wait."""

    def serve_all(work: Work, desk: str, asked: tuple[str, ...], *, high_only: bool) -> None:
        del work.tables.derived[ASKED]
        waiting_room.drain(work, desk, high_only=high_only)
        work.tables.derived[ASKED] = asked

    monkeypatch.setattr(waiting_room, "_serve_asked", serve_all)
    found = events(lived(candidate(), LEADS)[1], DecisionDiffered)
    assert sum(event.live is None for event in found) > len(found) / 2


def test_what_a_candidate_writes_would_be_seen_if_it_stayed(
    alone: dict[tuple[str, int], list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: without the rollback the live decisions are others."""
    monkeypatch.setattr(Journal, "rollback", lambda *_: None)
    assert without_shadow(lived(candidate(), LEADS)[1]) != alone


def dach_to_rep_203(document: Document) -> None:
    """The territory gets another rep."""
    (dach,) = [t for t in document["teams"]["emea"]["territories"] if t["territory"] == "dach"]
    dach["reps"] = ["rep-203"]


def test_exactly_the_decisions_of_a_changed_territory_differ() -> None:
    """Told with the place, the rep, the method and why under both policies, and the versions.

    Everything else is decided alike, so nothing else differs.
    """
    written = read_yaml(roomy()).value
    policy = compile_policy(orjson.dumps(written), 0)
    dach_to_rep_203(written)
    _, told = lived(compile_policy(orjson.dumps(written), 1), LEADS, policy)
    found = events(told, DecisionDiffered)
    given = {
        (event.caused_by, event.lead_id): event
        for event in events(told, RepAssigned)
        if event.explanation.rotation == "emea/territory:dach"
    }
    assert [(event.caused_by, event.lead_id) for event in found] == [*given]
    assert len(given) > 5
    why = "territory: territory:dach: country DE"
    for event, live in zip(found, given.values(), strict=True):
        assert event.live == Decided(
            place="assigned", team="emea", rep_id=live.rep_id, method=live.method,
            reason=live.reason, why=why if live.method == "territory" else event.live.why,
        )  # fmt: skip
        assert event.shadow.rep_id != live.rep_id
        if live.method == "territory":
            assert (event.shadow.rep_id, event.shadow.why) == ("rep-203", why)
        assert (event.policy_version, event.shadow_version, event.desk) == (0, 1, "main")
        assert (event.at, event.team, event.error_type) == (live.at, "emea", None)


def other_pools(document: Document) -> None:
    """Each desk's pools are called otherwise."""
    for desk in document["desks"].values():
        for pool in desk["pools"]:
            pool["pool"] += "-2"
        desk["fallback_pool"] += "-2"


def test_exactly_the_pooled_leads_differ_where_pools_are_others() -> None:
    """The expected number is counted from the live life cycle alone."""
    simulation, told = lived(changed(other_pools), LEADS)
    found = events(told, DecisionDiffered)
    pooled = [event for event in events(told, LifecycleChanged) if event.to_place == "pooled"]
    assert [(e.caused_by, e.lead_id, f"{e.pool}-2") for e in pooled] == [
        (e.caused_by, e.lead_id, e.shadow.pool) for e in found
    ]
    assert len(pooled) > 20
    assert sum(row.differed for row in rows(simulation)) == len(pooled)


def no_desk(document: Document) -> None:
    """A candidate that could never be published: where its leads are it has no desk."""
    (name,) = document["desks"]
    document["desks"] = {"elsewhere": document["desks"][name]}
    document["default_desk"] = "elsewhere"


def test_a_candidate_that_fails_harms_nothing_and_says_so(
    alone: dict[tuple[str, int], list[bytes]],
) -> None:
    """Each time, with the kind of error; no decision is lost and none is dead-lettered."""
    simulation, told = lived(changed(no_desk), LEADS)
    found = events(told, DecisionDiffered)
    failed = [event for event in found if event.error_type == "KeyError"]
    assert all(event.shadow is None for event in failed)
    assert all((event.live is None) == (event.lead_id is None) for event in failed)
    assert {event.lead_id for event in failed} >= {e.lead_id for e in events(told, RepAssigned)}
    row = max(rows(simulation), key=lambda each: each.failed)
    assert (row.failed > LEADS, row.differed) == (True, len(found) - len(failed))
    assert without_shadow(told) == alone


def test_a_candidate_that_a_worker_cannot_read_stops_no_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other time zones on this machine, or an older program: told, and the live policy decides."""

    class Unreadable(Simulation):
        """A simulation whose candidate cannot be read."""

        def shadow(self, candidate: Policy | None, at: int) -> None:
            super().shadow(candidate, at)
            for partition in self.partitions.values():
                partition._shadow._policy_of = refused

    def refused(version: int) -> Policy:
        raise StayDown(f"this worker cannot decide by policy version {version}")

    monkeypatch.setattr("tests.agents.simulation.test_redelivery.Simulation", Unreadable)
    _, told = lived(changed(nothing), 30)
    assert {event.error_type for event in events(told, DecisionDiffered)} == {"StayDown"}
    assert events(told, RepAssigned)


def test_it_ends_when_told_so_and_when_a_newer_policy_comes_into_force() -> None:
    """A candidate is compared with one policy; one that was published later goes on."""
    simulation = lived(changed(nothing, 5), 3)[0]
    simulation.publish(changed(nothing, 3), simulation.now)
    assert [row.version for row in rows(simulation)] == [5] * 4
    simulation.publish(changed(nothing, 6), simulation.now)
    assert rows(simulation) == []
    simulation.shadow(changed(nothing, 7), simulation.now)
    assert {(row.version, row.compared) for row in rows(simulation)} == {(7, 0)}
    simulation.shadow(None, simulation.now)
    assert rows(simulation) == []
    assert simulation.now > START
