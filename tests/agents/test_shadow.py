"""How a candidate's numbers are put together."""

from typing import Any

import pytest

from agents.ledger.rows import Shadow
from agents.shadow import OTHER_POINTS, Standing, standing, ways, words
from schemas.shadow import Decided, DecisionDiffered, Judgement


def differed(version: int, **fields: Any) -> DecisionDiffered:
    """A difference."""
    return DecisionDiffered(
        event_id="e", caused_by="c", at=0, policy_version=0, shadow_version=version, **fields
    )


def with_rep(rep_id: str) -> Decided:
    """A rep has it."""
    return Decided(place="assigned", rep_id=rep_id, reason="territory")


def test_partitions_are_added_up_and_those_behind_are_left_out() -> None:
    """One that has not read of the latest candidate yet still compares the one before it."""
    rows = [Shadow(5, 90, 9, 9, 9), Shadow(7, 100, 10, 2, 0), Shadow(7, 110, 5, 1, 3)]
    assert standing(rows) == Standing(7, 110, 15, 3, 3, 2)
    assert standing([]) is None


def test_ways_are_counted_by_what_both_would_do() -> None:
    """Of one candidate alone; where it failed, with the kind of error."""
    pool = Decided(place="pooled", pool="warm", reason="pool_rule")
    events = [
        differed(7, live=with_rep("ann"), shadow=with_rep("bob")),
        differed(7, live=with_rep("ann"), shadow=with_rep("bob")),
        differed(7, live=pool),
        differed(7, live=pool, error_type="KeyError"),
        differed(5, live=with_rep("ann"), shadow=pool),
    ]
    assert ways(events, 7) == {
        ("ann", "bob"): 2,
        ("pool warm", "stays"): 1,
        ("pool warm", "KeyError"): 1,
    }


def judged(score: int, grade: str, **fields: Any) -> Judgement:
    """What is thought of a lead."""
    values: dict[str, Any] = {"status": "mql", "hot": False, "desk": "main", "next_action": "call"}
    values |= fields
    return Judgement(score=score, grade=grade, **values)


def test_judgements_are_counted_apart_from_places() -> None:
    """By grade, heat, status and desk; a score that changes none of them is told as such."""
    live = judged(70, "B")
    events = [
        differed(7, live=with_rep("ann"), shadow=with_rep("bob")),
        differed(
            7, stage="qualify", live_judgement=live, shadow_judgement=judged(85, "A", hot=True)
        ),
        differed(7, stage="qualify", live_judgement=live, shadow_judgement=judged(71, "B")),
        differed(7, stage="qualify", shadow_judgement=judged(60, "C", desk="second")),
        differed(7, stage="qualify", error_type="KeyError"),
    ]
    assert ways(events, 7) == {("ann", "bob"): 1}
    assert ways(events, 7, "qualify") == {
        ("grade B, mql, desk main", "grade A, hot, mql, desk main"): 1,
        ("grade B, mql, desk main", OTHER_POINTS): 1,
        ("stays", "grade C, mql, desk second"): 1,
        ("stays", "KeyError"): 1,
    }


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        (None, "stays"),
        (with_rep("ann"), "ann"),
        (Decided(place="waiting", team="emea", reason="nobody_eligible"), "waiting for emea"),
        (Decided(place="waiting", offered_to=("ann", "bob"), reason="x"), "offered to ann, bob"),
        (Decided(place="nurture", reason="grade"), "nurture"),
    ],
)
def test_where_a_lead_is_in_a_few_words(decided: Decided | None, said: str) -> None:
    """A rep, a pool, a team's waiting room, a race, or another place."""
    assert words(decided) == said
