"""A candidate policy decides beside the one in force, and everything it writes is taken back.

It decides each step first, from the same rows, in a savepoint that is always rolled back. What it
would have said is compared with what is said then; the differences are events of the same turn.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from agents.guard import Failure, attempt
from agents.kafka.policies import PolicyMissing
from agents.ledger.rows import ONLY, LedgerTables, Shadow
from agents.ledger.tables import Journal
from streams.policy.compiled import Policy
from streams.stage import Beside, Comparing, Outgoing, Stage, Step
from streams.tables import ASKED, StageTables, Timer

LATER = (PolicyMissing, MemoryError)
"""Nobody's fault and over some time: the batch is given up and decided again."""


class ShadowDesk:
    """Where the candidate of one partition sits. Without one a step costs a look-up more."""

    def __init__(
        self,
        stage: Stage,
        tables: StageTables,
        own: LedgerTables,
        journal: Journal,
        policy_of: Callable[[int], Policy],
    ) -> None:
        """`policy_of` gives the policy of a version."""
        self._comparing, self._tables, self._own = stage.comparing, tables, own
        self._journal, self._policy_of = journal, policy_of
        self._derived: dict[object, Any] = {}

    def set(self, version: int | None, now: int) -> Iterable[Outgoing]:
        """Lets this version decide beside from now on, counted anew; None: none does any more."""
        self._derived.clear()
        if version is None:
            self._own.shadow.delete(ONLY)
        else:
            self._own.shadow.put(ONLY, Shadow(version, now))
        return ()

    def end_before(self, version: int) -> None:
        """A new policy comes into force: what was compared with the one before it is no more."""
        row = self._own.shadow.get(ONLY)
        if row is not None and row.version < version:
            self._own.shadow.delete(ONLY)

    def decide(self, step: Step, event: Any, policy: Policy | None, now: int) -> Iterable[Outgoing]:
        """What the step says under the policy in force, and behind it where a candidate differs."""
        row = self._own.shadow.get(ONLY)
        if row is None or policy is None or self._comparing is None:
            return step(self._tables, event, policy, now)
        comparing = self._comparing
        would, said = self._both(comparing, step, event, (policy, row.version), now)
        failed = isinstance(would, Failure)
        beside = Beside(
            _cause(event),
            now,
            (policy.version, row.version),
            said,
            () if isinstance(would, Failure) else would,
            type(would.error).__name__ if isinstance(would, Failure) else None,
            row.compared + row.failed,
        )
        found = comparing.compared(beside)
        counted = replace(
            row,
            compared=row.compared + found.leads,
            differed=row.differed + (0 if failed else len(found.differences)),
            failed=row.failed + failed,
        )
        self._own.shadow.put(ONLY, counted)
        return [*said, *found.differences]

    def _both(
        self,
        comparing: Comparing,
        step: Step,
        event: Any,
        policies: tuple[Policy, int],
        now: int,
    ) -> tuple[list[Outgoing] | Failure, list[Outgoing]]:
        """What the candidate would say, and what is said.

        Who waits is not asked about each time that somebody is free, or a candidate with more room
        would empty the whole waiting room each time. Where the policy in force has moved leads that
        the candidate left, such as of the waiting, both decide once more, the candidate about them
        too.
        """
        (policy, version), savepoint = policies, self._journal.savepoint()
        would = self._would_say(step, event, version, now, ())
        said = list(step(self._tables, event, policy, now))
        moved = comparing.moved(said)
        if isinstance(would, Failure) or set(moved) <= set(comparing.moved(would)):
            return would, said
        self._journal.rollback(savepoint)
        would = self._would_say(step, event, version, now, tuple(moved))
        return would, list(step(self._tables, event, policy, now))

    def _would_say(
        self, step: Step, event: Any, version: int, now: int, asked: tuple[str, ...]
    ) -> list[Outgoing] | Failure:
        """Nothing of it stays: no row, and nothing that was worked out from rows."""
        tables, savepoint = self._tables, self._journal.savepoint()
        tables.derived, self._derived = self._derived, tables.derived
        tables.derived[ASKED] = asked
        try:
            return attempt(
                lambda: list(step(tables, event, self._policy_of(version), now)), passing=LATER
            )
        finally:
            tables.derived, self._derived = self._derived, tables.derived
            self._journal.rollback(savepoint)


def _cause(event: Any) -> str:
    """As the steps name what they say because of it."""
    if isinstance(event, Timer):
        return f"{event.kind}:{event.subject}:{event.due}"
    return str(event.event_id)
