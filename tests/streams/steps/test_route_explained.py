"""Promise 3: the owner of every decision is derived again from its record and the policy alone."""

import copy
import json
import random
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from schemas.outputs import Candidate, LeadOffered, LifecycleChanged, RepAssigned
from streams.policy.compiled import compile_policy
from streams.rules import rotation
from tests import verifier
from tests.hot_lane_verifier import verify_offers
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, MINUTE, NOON, DeskBench
from tests.streams.steps.generated import answer_offers
from tests.streams.steps.test_route import OFFICE, TERRITORIES, assigned, bench

if TYPE_CHECKING:
    from collections.abc import Callable

CROWD = {f"rep-{number:03d}": {"team": "inside", "weight": 1 + number * 7} for number in range(70)}
"""More reps than an explanation lists in full."""


def document(**inside: Any) -> dict[str, Any]:
    """A policy with everything in it that decides."""
    weights = {
        "ann": {"weight": 300, "performance": "low", "backup": "cay"},
        "bob": {"weight": 7, "starts_on": "2026-02-01"},
        "cay": {"zone": "Asia/Tokyo", "days_off": ["2026-03-03", "2026-03-04"]},
    }
    overrides = {"teams": {"inside": TERRITORIES | {"hours": OFFICE} | inside}, "reps": weights}
    merged: dict[str, Any] = json.loads(policies.text(**overrides))
    return merged


def busy_desk(
    written: dict[str, Any], seed: int, steps: int, desk: DeskBench | None = None
) -> DeskBench:
    """Leads of all kinds, activities, absences and time, in a random order.

    On an empty desk, or on the one given.
    """
    chance = random.Random(seed)  # noqa: S311 - a test that can be run again, no secret
    desk = desk or DeskBench(compile_policy(json.dumps(written), 1))
    reps: list[str] = sorted(written["reps"])
    for _ in range(steps):
        _one_step(desk, chance, reps)
    return desk


def _one_step(desk: DeskBench, chance: random.Random, reps: list[str]) -> None:
    what = chance.random()
    held = sorted(desk.owners().items())[:20]
    answer_offers(desk, chance, 0.1)
    if what < 0.6 or not held:
        desk.lead(
            hot=chance.random() < 0.2,
            country=chance.choice(["US", "FR", None]),
            state=chance.choice(["US-CA", "US-NY", None]),
            industry=chance.choice(["healthcare", None]),
            owner_rep_id=chance.choice([*[None] * 8, *reps[:2]]),
            employees=chance.choice([5, 900]),
            score=chance.choice([60, 60, 60, 95]),
            **chance.choice([*[{}] * 4, {"home": f"domain:firm-{chance.randrange(20)}.example"}]),
        )
    elif what < 0.65:
        lead, _ = chance.choice(held)
        set_by = chance.choice([desk.owner, desk.reassigned])
        set_by(lead, chance.choice(reps))
    elif what < 0.85:
        lead, rep = chance.choice(held)
        desk.activity(
            lead, rep, chance.choice(["contacted", "lost", "won", "returned", "unqualified"])
        )
    elif what < 0.95:
        begin = chance.randrange(0, 2 * HOUR)
        kind = chance.choice(["pto", "meeting"])
        desk.rep(chance.choice(reps), away=[(kind, begin, begin + HOUR)])
    else:
        desk.after(chance.randrange(0, 90 * MINUTE))


def records(desk: DeskBench) -> list[dict[str, Any]]:
    """The assignments as others read them."""
    return [event.model_dump(mode="json", by_alias=True) for event in desk.events(RepAssigned)]


@pytest.mark.parametrize("absence", ["keep_place", "fresh"])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("method", ["assign", "race"])
def test_a_verifier_that_shares_no_code_derives_every_owner(
    seed: int, absence: str, method: str
) -> None:
    """AUD-02, complaint 21, thousands of decisions: tiers, absences, breaches, returns, races."""
    written = document(absence=absence, hot_lane={"method": method})
    desk = busy_desk(written, seed, 700)
    found = records(desk)
    assert len(found) > 400
    methods = {"territory", "round_robin", "hot_lane", "backup", "account", "manager"}
    assert {each["method"] for each in found} >= methods
    assert len([each for each in found if each["by"]]) > 10
    won = [each for each in found if each["reason"] == "accepted"]
    assert bool(won) == (method == "race")
    _verify_all(found, written, desk)


def test_decisions_among_more_than_fifty_reps_can_be_derived_too() -> None:
    """Beyond fifty: those who are served next, and counts by reason."""
    written = document() | {"reps": {"eve": {"team": "field"}, "ann": {"team": "inside"}} | CROWD}
    written["teams"]["inside"] |= {"territories": [], "specialties": []}
    desk = busy_desk(written, 5, 400)
    found = records(desk)
    assert any(each["explanation"]["counts_by_reason"] for each in found)
    assert all(len(each["explanation"]["candidates"]) <= 50 for each in found)
    _verify_all(found, written, desk)


def test_a_rotations_time_goes_on_from_one_decision_to_the_next() -> None:
    """AUD-01, rotation state before and after: no decision is missing between two records."""
    written = document()
    desk = DeskBench(compile_policy(json.dumps(written), 1))
    for _ in range(60):
        desk.lead(country="US")
    verifier.verify_order(records(desk))
    with pytest.raises(verifier.Wrong, match="virtual time"):
        verifier.verify_order(records(desk)[::2])


def mutations(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The record with one thing wrong each."""
    changed = []
    edits: tuple[Callable[[dict[str, Any]], object], ...] = (
        lambda each: each.update(rep_id="bob" if each["rep_id"] != "bob" else "ann"),
        lambda each: each["explanation"].update(virtual_time_after="17"),
        lambda each: each["explanation"]["candidates"].pop(),
        lambda each: each["explanation"]["candidates"][0].update(eligible=False, why_not=None),
        lambda each: each["explanation"]["path"].pop(1),
        lambda each: each["explanation"].update(policy_version=2),
        lambda each: each["explanation"].update(turn_after="1 2"),
        lambda each: each["explanation"]["candidates"][0].update(load=50),
        lambda each: each["explanation"]["candidates"][0].update(rotation="inside/on_call"),
        lambda each: each["explanation"]["candidates"][-1].update(rotation=None, rep_id="eve"),
    )
    for edit in edits:
        copied = copy.deepcopy(record)
        edit(copied)
        changed.append(copied)
    return changed


def test_the_verifier_finds_a_record_that_is_wrong() -> None:
    """The twin: each part of the record matters."""
    written = document()
    desk = DeskBench(compile_policy(json.dumps(written), 1))
    desk.lead(country="US")
    (record,) = records(desk)
    verifier.verify(record, written)
    for mutated in mutations(record):
        with pytest.raises(verifier.Wrong):
            verifier.verify(mutated, written)


def test_the_verifier_finds_a_rule_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a router with another rule does not pass."""

    def latest(turns: Any, time: int) -> tuple[rotation.Turn, str]:
        del time
        return max(turns, key=lambda turn: (turn.deadline, turn.rep_id)), "latest"

    monkeypatch.setattr(rotation, "earliest", latest)
    written = document()
    desk = busy_desk(written, 1, 50)
    with pytest.raises(verifier.Wrong, match="owner"):
        _verify_all(records(desk), written, desk)


def _verify_all(
    found: list[dict[str, Any]], written: dict[str, Any], desk: DeskBench | None = None
) -> None:
    said = desk.said if desk else {}
    offers = [
        event.model_dump(mode="json", by_alias=True)
        for event in (desk.events(LeadOffered) if desk else ())
    ]
    for each in found:
        verifier.verify(each, written, said=said, offers=offers)
    for _, race in groupby(
        (each for each in offers if not each["withdrawn"]),
        key=lambda each: each["offer_id"].rpartition("-")[0],
    ):
        verify_offers([*race], written)


def test_an_owner_set_by_hand_is_derived_from_the_event_that_names_him() -> None:
    """Promise 3: and from nothing else; the twins: another rep, another person, no such event."""
    desk = bench()
    desk.lead("lead-1")
    desk.owner("lead-1", "cay")
    record, written = records(desk)[-1], json.loads(policies.text())
    verifier.verify(record, written, said=desk.said)
    forgeries = ({"rep_id": "bob"}, {"by": "nobody"}, {"caused_by": "x"}, {"why": ""})
    for change in forgeries:
        forged = copy.deepcopy(record) | change
        forged["explanation"]["chosen"] = forged["rep_id"]
        with pytest.raises(verifier.Wrong):
            verifier.verify(forged, written, said=desk.said)


def seen(candidates: tuple[Candidate, ...]) -> list[tuple[str, str | None, str | None]]:
    """Rep, reason against him and where he was looked at."""
    return [(each.rep_id, each.why_not, each.rotation) for each in candidates]


def test_whom_an_earlier_tier_looked_at_stands_in_the_record() -> None:
    """Contract, explanation: for each one passed over the reason; the deciding rotation is told."""
    west = [{"territory": "west", "states": ["US-CA"], "reps": ["bob"]}]
    general = {"territories": west, "rotation": ["ann", "cay"]}
    written = policies.text(teams={"inside": general})
    desk = bench(inside=general)
    desk.rep("bob", away=[("meeting", 0, HOUR)])
    given = assigned(desk.lead(state="US-CA"))
    assert given.explanation.rotation == "inside/round_robin"
    assert seen(given.explanation.candidates) == [
        ("ann", None, "inside/round_robin"),
        ("bob", "meeting", "inside/territory:west"),
        ("cay", None, "inside/round_robin"),
    ]
    _verify_all(records(desk), json.loads(written))


def test_whom_the_hours_stopped_stands_beside_who_is_on_call() -> None:
    """Decision 33: on-call takes it, and the record says why nobody else did."""
    changes = {"hours": OFFICE, "on_call": ["cay"], "rotation": ["ann", "bob"]}
    desk = bench(NOON + 10 * HOUR, inside=changes)
    given = assigned(desk.lead())
    assert seen(given.explanation.candidates) == [
        ("ann", "outside_hours", "inside/round_robin"),
        ("bob", "outside_hours", "inside/round_robin"),
        ("cay", None, "inside/on_call"),
    ]
    _verify_all(records(desk), json.loads(policies.text(teams={"inside": changes})))


def test_a_waiting_lead_says_why_nobody_could_take_it() -> None:
    """Contract, leads.lifecycle: counts by reason; a lead that got somebody has none."""
    desk = bench()
    desk.rep("ann", available=False)
    for rep in ("bob", "cay"):
        desk.rep(rep, away=[("meeting", 0, HOUR)])
    desk.lead("lead-1")
    desk.after(HOUR)
    waiting, given = desk.events(LifecycleChanged)
    assert waiting.counts_by_reason == {"meeting": 2, "unavailable": 1}
    assert given.counts_by_reason == {}


def test_the_members_of_the_deciding_rotation_are_listed_first() -> None:
    """The twin of the cut at fifty: whom an earlier tier looked at takes nobody's place."""
    west = [{"territory": "west", "states": ["US-CA"], "reps": sorted(CROWD)[:60]}]
    general = {"territories": west, "rotation": [*sorted(CROWD)[60:], "ann"]}
    desk = bench(inside=general, reps=CROWD)
    for rep in [*sorted(CROWD)[:60], "rep-065"]:
        desk.rep(rep, available=False)
    desk.lead(state="US-CA")
    (record,) = records(desk)
    general_of = [each["rep_id"] for each in record["explanation"]["candidates"]
                  if each["rotation"] == "inside/round_robin"]  # fmt: skip
    assert general_of == ["ann", *sorted(CROWD)[60:]]
    assert record["explanation"]["counts_by_reason"] == {"unavailable": 21}
    _verify_all([record], json.loads(policies.text(teams={"inside": general}, reps=CROWD)))
