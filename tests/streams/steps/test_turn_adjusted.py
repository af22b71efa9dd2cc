"""A manager gives turns in a rotation or takes some (decision 0028)."""

from collections import Counter
from typing import Any

import pytest

from schemas.inner import CommandReceived
from schemas.outputs import Alert, LeadRejected
from streams.policy.compiled import GENERAL
from streams.steps import assignment
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.journey import Journey, adjusted, one
from tests.streams.steps.test_route import assigned, bench

KEY = f"inside/{GENERAL}"


def taken(desk: DeskBench, leads: int) -> Counter[str]:
    """How many of so many leads each rep gets."""
    return Counter(assigned(desk.lead()).rep_id for _ in range(leads))


@pytest.mark.parametrize("begun", [0, 9, 10])
def test_turns_given_or_taken_come_at_once_and_everybody_pays_the_share(begun: int) -> None:
    """In whole leads, whether the rotation has begun or not; he too pays a third of three."""
    for leads in (3, -3):
        plain, desk = bench(), bench()
        assert taken(plain, begun) == taken(desk, begun)
        desk.adjust("bob", leads)
        usual, found = taken(plain, 30), taken(desk, 30)
        assert {rep: found[rep] - usual[rep] for rep in usual} == {
            rep: leads * 2 // 3 if rep == "bob" else -leads // 3 for rep in usual
        }


def test_a_turn_given_is_the_next_one() -> None:
    """Bob has had his lead, and gets the next one too."""
    desk = bench()
    taken(desk, 2)
    desk.adjust("bob", 1)
    assert assigned(desk.lead()).rep_id == "bob"


def test_without_the_share_of_the_others_the_rotation_would_lose_its_balance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: leads owed and leads ahead no longer add up to nothing."""
    assert lag(adjusted_desk()) == 0
    monkeypatch.setattr(assignment, "_recount", lambda *_: None)
    assert lag(adjusted_desk()) != 0


def adjusted_desk() -> DeskBench:
    """Some leads, some adjustments."""
    desk = bench()
    taken(desk, 7)
    for rep, leads in (("ann", 5), ("bob", -2), ("cay", 1)):
        desk.adjust(rep, leads)
    return desk


def lag(desk: DeskBench) -> int:
    """What the rotation owes all its members together, in whole leads."""
    rotation, turns = desk.tables.rotations.get(KEY), desk.tables.turns
    assert rotation is not None
    starts = [
        row.start if (row := turns.get(f"{KEY}/{rep}")) else 0 for rep in desk.policy.rotations[KEY]
    ]
    return round(sum(rotation.virtual_time - start for start in starts) * 100 / (1 << 40))


def test_an_adjustment_says_who_and_why() -> None:
    """Each intervention is an event; the turn itself is in the next record."""
    desk = bench()
    taken(desk, 2)
    (alert,) = desk.adjust("bob", 1)
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.subject, alert.value, alert.limit) == (
        "turn_adjusted",
        "bob",
        "+1",
        KEY,
    )
    assert (alert.by, alert.why, alert.team) == ("manager-1", "as agreed", "inside")


def test_an_absent_rep_keeps_the_turns_that_he_was_given() -> None:
    """His turn stands in the rotation's own row meanwhile."""
    desk = bench()
    taken(desk, 3)
    desk.rep("cay", available=False)
    taken(desk, 4)
    desk.adjust("cay", 2)
    taken(desk, 4)
    desk.rep("cay", available=True)
    assert [assigned(desk.lead()).rep_id for _ in range(2)] == ["cay", "cay"]


@pytest.mark.parametrize(
    ("rep", "rotation", "leads", "reason", "field"),
    [
        ("bob", "inside/nothing", 1, "unknown_rotation", "rotation"),
        ("bob", "inside", 1, "unknown_rotation", "rotation"),
        ("eve", KEY, 1, "not_in_rotation", "rep_id"),
        ("bob", "inside/on_call", 1, "not_in_rotation", "rep_id"),
        ("stranger", KEY, 1, "unknown_rep", "rep_id"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(
    rep: str, rotation: str, leads: int, reason: str, field: str
) -> None:
    """A sentence with what and where; nothing changes."""
    desk = bench()
    (refusal,) = desk.adjust(rep, leads, rotation)
    assert isinstance(refusal, LeadRejected)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert list(desk.tables.rotations.items()) == []


def test_nobody_is_driven_out_of_range() -> None:
    """A sender that repeats itself stops at a thousand leads."""
    desk = bench()
    taken(desk, 3)
    assert isinstance(desk.adjust("bob", 1_000)[0], Alert)
    before = list(desk.tables.turns.items())
    (refusal,) = desk.adjust("bob", 1_000)
    assert refusal.reason == "turn_out_of_range"
    assert list(desk.tables.turns.items()) == before
    assert isinstance(desk.adjust("bob", -1_000)[0], Alert)


def test_who_is_owed_too_much_already_may_be_brought_back() -> None:
    """A long absence under `catch_up` is no adjustment: only what leads further away is refused."""
    catch_up = {"absence": "catch_up", "open_limit": 2_000, "daily_limit": 1_000}
    desk = bench(inside=catch_up, reps={"bob": {"weight": 1000}})
    desk.rep("bob", available=False)
    taken(desk, 1_300)
    assert desk.adjust("bob", 1)[0].reason == "turn_out_of_range"
    assert isinstance(desk.adjust("bob", -1)[0], Alert)


def test_an_adjustment_goes_to_the_reps_desk() -> None:
    """Design, section 3: commands of a rep; numbers as text are understood."""
    command = one(Journey().send(adjusted("1", " bob ")), CommandReceived)
    assert (command.desk, command.type) == ("main", "turn.adjusted")
    refusal = one(Journey().send(adjusted("1", "bob") | {"leads": 1_001}), LeadRejected)
    assert (refusal.reason, refusal.field) == ("invalid_field", "leads")


def weighted(version: int = 1, **reps: Any) -> Any:
    """Bob gets three times as many."""
    return policies.policy(version, reps={"bob": {"weight": 300}} | reps)


def test_a_turn_is_a_lead_whatever_the_weight() -> None:
    """Decision 41: the heavy rep's turn is shorter, and still one lead."""
    plain, desk = DeskBench(weighted()), DeskBench(weighted())
    for each in (plain, desk):
        taken(each, 10)
    desk.adjust("bob", 5)
    assert taken(desk, 50)["bob"] - taken(plain, 50)["bob"] == 2
