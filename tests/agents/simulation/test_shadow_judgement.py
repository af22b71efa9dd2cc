"""A candidate policy judges beside the one in force: what it would think otherwise of a lead."""

from typing import Any

import pytest

from agents.ledger.rows import ONLY, Shadow
from agents.ledger.tables import Journal
from agents.simulation.simulation import Simulation
from schemas.codec import decode
from schemas.inner import LeadQualified
from schemas.outputs import LeadScored
from schemas.record import Event
from schemas.shadow import DecisionDiffered
from tests.agents.simulation.test_redelivery import Told, lived
from tests.agents.simulation.test_shadow import Document, changed, nothing, without_shadow

LEADS = 150
FEWER = 7
SOURCE = "demo_request"


@pytest.fixture(scope="module", name="alone")
def alone_fixture() -> dict[tuple[str, int], list[bytes]]:
    """The story without any candidate."""
    return without_shadow(lived(None, LEADS)[1])


def said(told: Told, kind: type[Event]) -> list[Any]:
    """Everything of one kind that qualify sent."""
    values = [
        one.value
        for (topic, _), records in sorted(told.items())
        if topic == "accounts.inbox"
        for _, sent in records
        for one in sent
    ]
    return [event for event in map(decode, values) if isinstance(event, kind)]


def counted(simulation: Simulation) -> Shadow:
    """What all of qualify's partitions counted together."""
    rows = [
        partition._own.shadow.get(ONLY)
        for (topic, _), partition in simulation.partitions.items()
        if topic == "accounts.inbox"
    ]
    found = [row for row in rows if row is not None]
    assert len(found) == 8
    return Shadow(
        found[0].version, found[0].since, sum(row.compared for row in found),
        sum(row.differed for row in found), sum(row.failed for row in found),
    )  # fmt: skip


def test_an_equal_candidate_judges_every_lead_and_never_otherwise(
    alone: dict[tuple[str, int], list[bytes]],
) -> None:
    """It was asked each time that a lead was judged anew, and left no trace."""
    simulation, told = lived(changed(nothing), LEADS)
    assert said(told, DecisionDiffered) == []
    row = counted(simulation)
    assert (row.compared, row.differed, row.failed) == (len(said(told, LeadScored)), 0, 0)
    assert row.compared > LEADS
    assert without_shadow(told) == alone


def fewer_points(document: Document) -> None:
    """A source is worth less."""
    document["scoring"]["source_points"][SOURCE] -= FEWER


def points_of(event: Any) -> dict[str, int]:
    """What made up a score, by rule."""
    return {part.rule: part.points for part in event.contributions}


def test_exactly_the_leads_that_a_changed_rule_scores_differ(
    alone: dict[tuple[str, int], list[bytes]],
) -> None:
    """Issue 4, Shadow: told with score, grade, desk and the reasons of both.

    At each event about such a lead, also where the policy in force thinks as before; places are
    compared by the live score, so no lead would go elsewhere.
    """
    simulation, told = lived(changed(fewer_points), LEADS)
    found = said(told, DecisionDiffered)
    name = f"source:{SOURCE}"
    scored = [event for event in said(told, LeadScored) if name in points_of(event)]
    both = [event for event in found if event.live_judgement]
    assert [(event.caused_by, event.lead_id) for event in both] == [
        (event.caused_by, event.lead_id) for event in scored
    ]
    assert len(scored) > 20
    assert {event.lead_id for event in found} == {event.lead_id for event in scored}
    for event, live in zip(both, scored, strict=True):
        expected = points_of(live) | {name: points_of(live)[name] - FEWER}
        judged = event.shadow_judgement
        assert points_of(judged) == expected
        assert judged.score == sum(expected.values())
        assert (event.live_judgement.score, judged.desk) == (live.score, live.desk)
        assert (event.stage, event.live, event.shadow) == ("qualify", None, None)
    assert {event.live_judgement.grade != event.shadow_judgement.grade for event in both} == {
        True, False,
    }  # fmt: skip
    assert counted(simulation).differed == len(found)
    assert len({event.event_id for event in found}) == len(found)
    assert without_shadow(told) == alone


def test_what_a_candidate_thinks_would_be_seen_if_it_stayed(
    alone: dict[tuple[str, int], list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: without the rollback the live scores are no news any more."""
    monkeypatch.setattr(Journal, "rollback", lambda *_: None)
    told = lived(changed(fewer_points), LEADS)[1]
    assert without_shadow(told) != alone


def renamed_desk(document: Document) -> None:
    """Every new lead would go to a desk of another name."""
    (name,) = document["desks"]
    document["desks"] = {"elsewhere": document["desks"][name]}
    document["default_desk"] = "elsewhere"


def test_exactly_the_new_leads_differ_by_their_desk() -> None:
    """A lead that has a desk stays there under any policy."""
    _, told = lived(changed(renamed_desk), LEADS)
    found = said(told, DecisionDiffered)
    new = [event for event in said(told, LeadQualified) if event.kind == "new"]
    assert [(e.caused_by, e.lead_id) for e in found] == [(e.caused_by, e.lead_id) for e in new]
    assert {event.shadow_judgement.desk for event in found} == {"elsewhere"}
    assert {event.live_judgement.desk for event in found} == {"main"}
