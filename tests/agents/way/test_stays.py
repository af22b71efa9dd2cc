"""Where a lead stood, and for how long."""

from agents.way.stays import Stay, stays
from schemas.outputs import LifecycleChanged, Place


def moved(came_from: Place | None, to: Place, at: int, reason: str = "r") -> LifecycleChanged:
    """A change of place."""
    return LifecycleChanged(
        event_id="e", caused_by="c", at=at, lead_id="l", status="new", reason=reason,
        **{"from": came_from, "to": to},  # type: ignore[arg-type]  # by their aliases
    )  # fmt: skip


def test_a_stay_lasts_until_the_next_place() -> None:
    """The last one lasts."""
    events = [
        moved(None, "waiting", 10, "nobody"),
        moved("waiting", "assigned", 70, "free"),
        moved("assigned", "pooled", 100),
    ]
    assert stays(events) == [
        Stay("waiting", 10, 70, "nobody"),
        Stay("assigned", 70, 100, "free"),
        Stay("pooled", 100, None, "r"),
    ]


def test_another_status_in_the_same_place_is_no_stay_of_its_own() -> None:
    """Another rep or status: the lead is with the reps all the time."""
    events = [moved(None, "assigned", 10), moved("assigned", "assigned", 40)]
    assert stays(events) == [Stay("assigned", 10, None, "r")]


def test_a_lead_without_a_place_stood_nowhere() -> None:
    """Nothing was logged."""
    assert stays([]) == []
