"""What the demo saw, compared with what it sent: the numbers at its end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

PLACES = {
    "assigned": "assigned",
    "converted": "assigned",
    "lost": "assigned",
    "pooled": "pooled",
    "quarantine": "pooled",
    "review": "pooled",
    "nurture": "nurtured",
    "archived": "nurtured",
    "waiting": "waiting",
    "disqualified": "rejected",
}
"""Under which of the contract's counts a place falls (decisions, Conservation)."""


@dataclass(slots=True)
class Story:
    """Sent leads and where they ended. Times in seconds of one clock."""

    sent_at_s: dict[str, float] = field(default_factory=dict)
    all_sent: bool = False
    repeats: int = 0
    garbage: int = 0
    refused: int = 0
    places: dict[str, str] = field(default_factory=dict)
    reps: Counter[str] = field(default_factory=Counter)
    latest: list[str] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)

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
        self.ids[f"{topic} {value['event_id']}"] += 1
        if topic == "leads.lifecycle":
            self._placed(value, at_s)
        elif topic == "leads.rejected":
            self.refused += 1
        elif topic == "assignments.rep":
            self.reps[value["rep_id"]] += 1
            self._tell(
                f"{value['lead_id']} -> {value['rep_id']} ({value['method']}: {value['reason']})"
            )
        elif topic == "assignments.pool":
            self._tell(f"{value['lead_id']} -> pool {value['pool']} ({value['reason']})")

    def _placed(self, value: dict[str, Any], at_s: float) -> None:
        lead_id = value["lead_id"]
        if lead_id not in self.places and lead_id in self.sent_at_s:
            self.latencies_ms.append((at_s - self.sent_at_s[lead_id]) * 1000)
        self.places[lead_id] = value["to"]

    def _tell(self, sentence: str) -> None:
        self.latest = [*self.latest[-9:], sentence]

    @property
    def finished(self) -> bool:
        """Whether every lead that was sent has its place and all garbage its reason."""
        placed = self.sent_at_s.keys() <= self.places.keys()
        return self.all_sent and placed and self.refused >= self.garbage

    def result(self) -> dict[str, Any]:
        """The contract's object: places counted from the output, compared with the input."""
        counts = Counter(
            PLACES[place] for lead, place in self.places.items() if lead in self.sent_at_s
        )
        names = ("assigned", "pooled", "nurtured", "rejected", "waiting")
        return {
            "captured": len(self.sent_at_s),
            **{name: counts[name] for name in names},
            "lost": len(self.sent_at_s.keys() - self.places.keys()),
            "duplicated": sum(times - 1 for times in self.ids.values())
            + len(self.places.keys() - self.sent_at_s.keys()),
            "latency_ms": {"p50": self._percentile(50), "p99": self._percentile(99)},
            "repeats": self.repeats,
            "garbage": self.garbage,
        }

    def _percentile(self, percent: int) -> float:
        ordered = sorted(self.latencies_ms)
        if not ordered:
            return 0.0
        return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)
