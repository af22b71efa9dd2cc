"""Rotations follow another policy version; nobody else's place is touched (design, section 5)."""

from collections import Counter

from streams.rows.rotation import LEAD
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench


def desk_of(*reps: str) -> DeskBench:
    """A desk with these reps in the general rotation of the team inside."""
    return DeskBench(policies.policy(1, teams={"inside": {"rotation": list(reps)}}))


def given(desk: DeskBench, leads: int) -> Counter[str]:
    """So many leads; how many of them each rep got."""
    before = len(desk.assigned())
    for _ in range(leads):
        desk.lead()
    return Counter(rep for _, rep in desk.assigned()[before:])


def test_who_joins_by_a_policy_is_owed_nothing_from_before() -> None:
    """Complaint 2 of the field notes: a change of members resets nobody, floods nobody."""
    desk = desk_of("ann", "bob")
    given(desk, 21)
    desk.publish(policies.policy(2, teams={"inside": {"rotation": ["ann", "bob", "cay"]}}))
    assert given(desk, 9) == {"ann": 3, "bob": 3, "cay": 3}


def test_who_comes_back_by_a_policy_joins_anew() -> None:
    """What he had when he left the rotation was shared by the others."""
    desk = desk_of("ann", "bob", "cay")
    given(desk, 10)
    desk.publish(policies.policy(2, teams={"inside": {"rotation": ["ann", "bob"]}}))
    given(desk, 10)
    assert desk.tables.turns.get("inside/round_robin/cay") is None
    desk.publish(policies.policy(3, teams={"inside": {"rotation": ["ann", "bob", "cay"]}}))
    row, turn = (
        desk.tables.rotations.get("inside/round_robin"),
        desk.tables.turns.get("inside/round_robin/cay"),
    )
    assert row is not None
    assert turn is not None
    assert turn.start == row.virtual_time
    assert max(given(desk, 9).values()) <= 4


def test_a_rotation_that_has_not_begun_needs_no_rows() -> None:
    """Everybody who is there when it begins stands at 0."""
    desk = desk_of("ann")
    desk.publish(policies.policy(2, teams={"inside": {"rotation": ["ann", "bob"]}}))
    assert dict(desk.tables.turns.items()) == {}
    assert given(desk, 4) == {"ann": 2, "bob": 2}
    row = desk.tables.rotations.get("inside/round_robin")
    assert row is not None
    assert row.moved == ()
    assert row.virtual_time == 4 * (LEAD // 200)
