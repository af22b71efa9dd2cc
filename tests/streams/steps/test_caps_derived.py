"""Who was full is derived from the decisions before, by code of its own (CPTY-01, CPTY-07)."""

import json
from typing import Any

import pytest

from schemas.inner import CommandReceived
from schemas.outputs import AssignmentEnded, RepAssigned
from schemas.record import Event
from streams.policy.compiled import Policy, compile_policy
from streams.rules import cap as rule
from tests.cap_verifier import Caps, Wrong
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.test_caps_never_exceeded import busy, tight

KINDS = {'grade == "A"': lambda event: event["grade"] == "A"}


class Derived(DeskBench):
    """A desk whose every decision is held against the decisions before it, as it comes."""

    def __init__(self, written: dict[str, Any]) -> None:
        """`written`: what the policy's YAML says, in all its versions."""
        self.text = json.dumps(written)
        super().__init__(compile_policy(self.text, 1))
        versions = dict.fromkeys(range(1_000), written)
        self.caps = Caps(versions, self.said, KINDS)
        self._derived = 0

    def publish(self, policy: Policy) -> list[Any]:
        """The same text again, as that version."""
        return super().publish(compile_policy(self.text, policy.version))

    def take(self, event: Event) -> list[Any]:
        """One event. Raises `Wrong`."""
        self.until(self.now)
        self._derive()
        if isinstance(event, CommandReceived):
            self.caps.heard(self.said[event.event_id])
        found = super().take(event)
        self._derive()
        return found

    def _derive(self) -> None:
        for each in self.sent[self._derived :]:
            if isinstance(each.event, AssignmentEnded):
                self.caps.ended(each.event.model_dump(mode="json", by_alias=True))
            elif isinstance(each.event, RepAssigned):
                self.caps.assigned(each.event.model_dump(mode="json", by_alias=True))
        self._derived = len(self.sent)


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
