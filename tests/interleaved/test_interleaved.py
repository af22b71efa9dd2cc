"""Promises 1, 2, 4 and 5 under any interleaving of the whole pipeline's turns."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from agents.ledger import membership, restoring
from agents.ledger.patience import Patience
from agents.ledger.restoring import ChangelogDisagrees
from streams.rules import availability, rotation
from tests.agents.ledger.toy import trusting
from tests.interleaved.broken_kafka import LosesOffsets, LosesOutputs, forgetful
from tests.interleaved.machine import Pipeline
from tests.interleaved.memory_kafka import MemoryKafka
from tests.interleaved.running import Broken
from tests.streams.steps.test_unfair_rotation import favour

STEPS = 40
OVER = r"leads open, more than"
UNFAIR = r"leads away, more than"
FIRST_FOUND = settings(
    max_examples=60,
    stateful_step_count=STEPS,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
"""For the twins: the first example that fails is enough, a smaller one is not looked for."""

EVERYWHERE = {
    "Committed", "Aborted", "Moved", "Restored", "CutOff",
    "die at begin", "die at offsets", "die at commit", "die at committed",
    "refuse at offsets", "refuse at commit", "say_nothing at committed",
    "meanwhile at begin", "meanwhile at offsets", "meanwhile at commit", "meanwhile at restore",
    "assignments.rep", "assignments.ended", "assignments.offers", "sla.breaches", "leads.rejected",
    "leads.recycled", "alerts", "enrichment.requests", "lost while held",
}  # fmt: skip
"""What the examples have to come to, all together."""


@pytest.mark.slow
def test_whatever_befalls_it_every_lead_is_decided_once_and_as_if_nothing_had() -> None:
    """Promises 1 to 5: no lead is lost or doubled, nobody over capacity or passed over too often.

    Random turns of all agents on two workers, deaths before and behind a commit, refused and
    unknown commits, rebalances in the middle of anything, zombies, late restores, repeats, reps and
    policies that change. At rest, what was committed is what each log gives straight through.
    """
    examples = settings(max_examples=40, stateful_step_count=STEPS)
    run_state_machine_as_test(Pipeline, settings=examples)


@pytest.mark.slow
def test_the_examples_come_to_whatever_may_befall_a_turn() -> None:
    """A machine that never dies would prove little; the same examples each time."""
    Pipeline.reached.clear()
    examples = settings(max_examples=60, stateful_step_count=STEPS, derandomize=True, database=None)
    run_state_machine_as_test(Pipeline, settings=examples)
    assert Pipeline.reached >= EVERYWHERE, EVERYWHERE - Pipeline.reached


def run_on(kafka: Callable[..., MemoryKafka], found: str = "") -> None:
    """The machine on another Kafka, judged by findings of one kind alone. Raises what it finds."""

    class Twin(Pipeline):
        """The first policy is in force everywhere: a Kafka that loses it is found out too soon."""

        kind = kafka

        def __init__(self) -> None:
            super().__init__()
            self.run.rest()

        def teardown(self) -> None:
            """Passes over findings of another kind."""
            try:
                super().teardown()
            except Broken as broken:
                if re.search(found, str(broken)):
                    raise

    run_state_machine_as_test(Twin, settings=FIRST_FOUND)


@pytest.mark.parametrize("kafka", [LosesOutputs, LosesOffsets])
def test_the_ledger_refuses_state_that_does_not_belong_to_its_offsets(
    kafka: Callable[..., MemoryKafka],
) -> None:
    """A broker that keeps half of a transaction: nothing is decided from such rows."""
    with pytest.raises(ChangelogDisagrees, match="does not belong to the offsets"):
        run_on(kafka)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kafka", "found"),
    [(LosesOutputs, r"\d+ lost, such as lead"), (LosesOffsets, "twice in |[1-9] doubled")],
)
def test_the_twin_half_a_transaction_loses_or_doubles(
    kafka: Callable[..., MemoryKafka], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offsets without outputs lose a lead, outputs without offsets double one."""
    monkeypatch.setattr(membership, "start", trusting)
    with pytest.raises(Broken, match=found):
        run_on(kafka, found)


def test_the_twin_a_row_that_is_not_restored_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row of a changelog less, and what is decided afterwards is not what it was."""
    monkeypatch.setattr(restoring, "_rows", forgetful)
    with pytest.raises(Broken, match="than straight through"):
        run_on(MemoryKafka)


def test_the_twin_held_records_that_are_overtaken_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided in front of them commits an offset behind theirs."""
    ripe = Patience.ripe

    def overtaken(self: Patience[object], fresh: list[object], *, at_once: bool) -> list[object]:
        hurried = [each for each in fresh if self._hurried(each)]
        rest = [each for each in fresh if not self._hurried(each)]
        return hurried + ripe(self, rest, at_once=at_once)

    monkeypatch.setattr(Patience, "ripe", overtaken)
    with pytest.raises(Broken, match="than straight through"):
        run_on(MemoryKafka)


def test_the_twin_a_rep_who_is_never_full_has_too_many_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CPTY-01: without the rule about capacity somebody gets a third lead where two are allowed."""
    why_not = availability.why_not

    def never_full(rep: Any, _open_leads: int, limit: int, now: int, **others: Any) -> str | None:
        return why_not(rep, 0, limit, now, **others)

    monkeypatch.setattr(availability, "why_not", never_full)
    with pytest.raises(Broken, match=OVER):
        run_on(MemoryKafka, OVER)


def test_the_twin_a_rotation_with_a_favourite_is_unfair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 5: the first by id takes whatever he can."""
    monkeypatch.setattr(rotation, "earliest", favour)
    with pytest.raises(Broken, match=UNFAIR):
        run_on(MemoryKafka, UNFAIR)
