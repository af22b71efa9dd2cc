"""A desk on the bench whose every decision is held against the decisions before it, as it comes."""

from collections.abc import Mapping
from typing import Any

from schemas.inner import CommandReceived
from schemas.outputs import AssignmentEnded, RepAssigned
from schemas.record import Event
from streams.policy.compiled import Policy
from tests.cap_verifier import Caps
from tests.rep_standing import moment
from tests.streams.steps.desk_bench import NOON, DeskBench

KINDS = {'grade == "A"': lambda event: event["grade"] == "A"}


class CappedDesk(DeskBench):
    """Raises `Wrong` as soon as somebody is full, or is not, against what was decided before."""

    def __init__(self, written: Mapping[int, Mapping[str, Any]], policy: Policy) -> None:
        """`written`: what the policies' YAML says, by version."""
        super().__init__(policy, NOON)
        self.caps = Caps(written, self.said, KINDS)
        self._counted = 0

    def publish(self, policy: Policy) -> list[Any]:
        """Another version comes into force."""
        self.until(self.now)
        self._count()
        self.caps.published(self.policy.version, policy.version, moment(self.now))
        found = super().publish(policy)
        self._count()
        return found

    def take(self, event: Event) -> list[Any]:
        """One event."""
        self.until(self.now)
        self._count()
        if isinstance(event, CommandReceived):
            self.caps.heard(self.said[event.event_id])
        found = super().take(event)
        self._count()
        return found

    def _count(self) -> None:
        for each in self.sent[self._counted :]:
            if isinstance(each.event, AssignmentEnded):
                self.caps.ended(each.event.model_dump(mode="json", by_alias=True))
            elif isinstance(each.event, RepAssigned):
                self.caps.assigned(each.event.model_dump(mode="json", by_alias=True))
        self._counted = len(self.sent)
