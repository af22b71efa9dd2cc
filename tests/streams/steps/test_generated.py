"""Promise 3 for companies that nobody thought up: every owner is derived from record and policy."""

from typing import Any

import pytest

from streams.rules import rotation
from streams.steps import caps
from streams.steps.work import Work
from tests import cap_verifier, verifier
from tests.streams.steps.generated import Life

LEADS = 500
"""Of each company; `python -m tests.bench.derived` takes 100 000 in all."""


@pytest.mark.parametrize("seed", range(20))
def test_the_owner_of_every_decision_is_derived_again(seed: int) -> None:
    """AUD-02, issue 4, Explanation: two desks, all tiers, races, absences, caps, four policies."""
    life = Life(seed).live(LEADS)
    assert life.derived > LEADS // 2
    assert {"account", "round_robin", "manager"} <= life.methods
    assert life.by_hand > 5
    assert life.desk.caps.passed_over > 5


def test_a_router_with_another_rule_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the latest deadline comes first."""

    def latest(turns: Any, time: int) -> tuple[rotation.Turn, str]:
        del time
        return max(turns, key=lambda turn: (turn.deadline, turn.rep_id)), "latest"

    monkeypatch.setattr(rotation, "earliest", latest)
    with pytest.raises(verifier.Wrong):
        Life(0).live(200)


def test_caps_that_forget_with_each_policy_do_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another twin: what a rep had that day is not carried over."""

    def forget(work: Work, old: Any) -> None:
        del old
        for key, _ in list(work.tables.taken.items()):
            work.tables.taken.delete(key)

    monkeypatch.setattr(caps, "carry_over", forget)
    with pytest.raises(cap_verifier.Wrong):
        Life(0).live(LEADS)
