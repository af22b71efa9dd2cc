"""Who was full is derived from the decisions before, by code of its own (CPTY-01, CPTY-07)."""

import json
from typing import Any

import pytest

from streams.policy.compiled import Policy, compile_policy
from streams.rules import cap as rule
from tests.cap_verifier import Wrong
from tests.streams import policies
from tests.streams.steps.capped_desk import CappedDesk
from tests.streams.steps.test_caps_never_exceeded import busy, tight


class Derived(CappedDesk):
    """A desk with the same rules in all versions."""

    def __init__(self, written: dict[str, Any]) -> None:
        """`written`: what the policy's YAML says."""
        self.text = json.dumps(written)
        versions = dict.fromkeys(range(1_000), written)
        super().__init__(versions, compile_policy(self.text, 1))

    def publish(self, policy: Policy) -> list[Any]:
        """The same text again, as that version."""
        return super().publish(compile_policy(self.text, policy.version))


def derived(seed: int, *caps: dict[str, Any]) -> int:
    """A busy desk with tight caps; how many reasons were derived. Raises `Wrong`.

    `caps`: others in place of those of every test.
    """
    written = json.loads(policies.text(**tight()))
    for team in written["teams"].values() if caps else ():
        team |= {"caps": caps, "daily_limit": 100}
    desk = Derived(written)
    busy(seed, desk=desk)
    return desk.caps.passed_over


@pytest.mark.parametrize("seed", range(6))
def test_cpty_07_whoever_is_full_is_so_by_the_decisions_before(seed: int) -> None:
    """CPTY-01, CPTY-07, AUD-02: daily, rolling and by kind; who could take it was not full."""
    assert derived(seed) > 20


@pytest.mark.parametrize("per", ["week", "month"])
def test_longer_periods_are_derived_too(per: str) -> None:
    """From Monday on, or from the first of the month, where the rep is."""
    assert sum(derived(seed, {"cap": "long", "most": 6, "per": per}) for seed in range(3)) > 20


@pytest.mark.parametrize("broken", ["full_until", "given_back", "rolling", "counted"])
def test_the_twin_a_rule_that_counts_wrongly_is_found_out(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never full; forgets all that is given back; half a span; counts each lead twice."""
    ours = rule.counted
    wrong: dict[str, Any] = {
        "full_until": lambda *_: None,
        "given_back": lambda *_: None,
        "rolling": lambda now, span: rule.Window(now - span // 2, None, span),
        "counted": lambda row, window, now: ours(ours(row, window, now), window, now),
    }
    monkeypatch.setattr(rule, broken, wrong[broken])
    with pytest.raises(Wrong):
        [derived(seed) for seed in range(6)]
