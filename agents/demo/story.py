"""What the demo saw, compared with what it sent: the numbers at its end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from agents.recount import Recount


@dataclass(slots=True)
class Story:
    """Sent leads and where they ended. Times in seconds of one clock."""

    sent_at_s: dict[str, float] = field(default_factory=dict)
    all_sent: bool = False
    repeats: int = 0
    garbage: int = 0
    recount: Recount = field(default_factory=Recount)
    reps: Counter[str] = field(default_factory=Counter)
    latest: list[str] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)

    def sent(self, lead_id: str | None, kind: str, at_s: float) -> None:
        """Takes note of a message that was sent."""
        if lead_id is not None:
            self.sent_at_s[lead_id] = at_s
        elif kind == "repeat":
            self.repeats += 1
        elif kind == "garbage":
            self.garbage += 1

    def saw(self, topic: str, value: dict[str, Any], at_s: float) -> None:
        """Takes note of an output event."""
        if topic == "leads.lifecycle":
            self._placed(value["lead_id"], at_s)
        elif topic == "assignments.rep":
            self.reps[value["rep_id"]] += 1
            self._tell(
                f"{value['lead_id']} -> {value['rep_id']} ({value['method']}: {value['reason']})"
            )
        elif topic == "assignments.pool":
            self._tell(f"{value['lead_id']} -> pool {value['pool']} ({value['reason']})")
        self.recount.note(topic, value)

    def _placed(self, lead_id: str, at_s: float) -> None:
        if lead_id not in self.recount.places and lead_id in self.sent_at_s:
            self.latencies_ms.append((at_s - self.sent_at_s[lead_id]) * 1000)

    def _tell(self, sentence: str) -> None:
        self.latest = [*self.latest[-9:], sentence]

    @property
    def missing(self) -> int:
        """Leads that were sent, but neither have a place nor were rejected."""
        placeless = self.sent_at_s.keys() - self.recount.places.keys()
        return max(0, len(placeless) - self.recount.refused_captures)

    @property
    def finished(self) -> bool:
        """Whether every lead that was sent has its place and all garbage its reason."""
        expected = self.garbage + self.recount.refused_captures
        return self.all_sent and not self.missing and self.recount.rejections >= expected

    def result(self, admitted: int) -> dict[str, Any]:
        """The contract's object. `admitted` is qualify's own count of the leads that it let in.

        Captured is counted there, the places from the output, and both are compared with what was
        sent: a lead that never came as far as `qualify` is lost, too.
        """
        totals = self.recount.totals(admitted)
        names = ("captured", "assigned", "pooled", "nurtured", "rejected", "waiting")
        return {
            **{name: getattr(totals, name) for name in names},
            "lost": max(totals.lost, self.missing),
            "duplicated": totals.duplicated + len(self.recount.places.keys() - self.sent_at_s),
            "latency_ms": {"p50": self._percentile(50), "p99": self._percentile(99)},
            "repeats": self.repeats,
            "garbage": self.garbage,
        }

    def is_good(self, result: dict[str, Any]) -> bool:
        """Whether all that was sent is captured, once, and has its place: the promised end."""
        wrong = result["lost"] or result["duplicated"]
        return self.finished and not wrong and result["captured"] == len(self.sent_at_s)

    def _percentile(self, percent: int) -> float:
        ordered = sorted(self.latencies_ms)
        if not ordered:
            return 0.0
        return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)
