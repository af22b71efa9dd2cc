"""Rules are reviewed monthly or quarterly: whoever forgets is reminded (CFG-01)."""

from itertools import pairwise

import pytest

from schemas.outputs import Alert
from streams.policy.compiled import Policy, compile_policy
from streams.steps import policy_review
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, NOON, DeskBench

QUARTER = 90 * DAY


def told(desk: DeskBench) -> list[Alert]:
    """The reminders so far."""
    return [event for event in desk.events(Alert) if event.kind == "policy_review"]


def at_work(every: str | None = None) -> DeskBench:
    """A desk that has had a lead."""
    desk = DeskBench(policy(1, every))
    desk.lead()
    return desk


def policy(version: int, every: str | None = None) -> Policy:
    """The small policy; `every` None: as by default, `never`: no reminder."""
    if every is None:
        return policies.policy(version)
    text = policies.text(oversight={"review_every": "999d" if every == "never" else every})
    return compile_policy(text.replace('"999d"', "null"), version)


def test_cfg_01_after_a_quarter_without_a_new_version_each_desk_is_reminded() -> None:
    """CFG-01: once, to the millisecond, with the version and for how long it is in force."""
    desk = at_work()
    desk.until(NOON + QUARTER - 1)
    assert told(desk) == []
    desk.until(NOON + QUARTER)
    (alert,) = told(desk)
    assert (alert.subject, alert.desk, alert.severity) == ("main", "main", "info")
    assert (alert.value, alert.limit) == ("90 d", "90d")
    assert "version 1 of the policy small" in alert.detail


@pytest.mark.parametrize(("every", "days"), [("30d", 30), ("7d", 7), ("never", None)])
def test_the_policy_says_how_often_and_it_goes_on(every: str, days: int | None) -> None:
    """CFG-01: monthly or as it is set, at the same interval; null: never."""
    desk = at_work(every).until(NOON + 200 * DAY)
    expected = list(range(days, 201, days)) if days else []
    assert [(alert.at - NOON) // DAY for alert in told(desk)] == expected
    assert [alert.value for alert in told(desk)] == [f"{each} d" for each in expected]


def published_each_month() -> list[Alert]:
    """A team that publishes every 30 days for a year; what it is told."""
    desk = at_work()
    for version in range(2, 14):
        desk.after(30 * DAY)
        desk.publish(policy(version))
    return told(desk)


def test_a_new_version_begins_the_interval_anew() -> None:
    """CFG-01: who reviews is not reminded; who stops is, a quarter after the last version."""
    assert published_each_month() == []
    desk = at_work()
    desk.after(60 * DAY)
    desk.publish(policy(2))
    desk.until(NOON + 300 * DAY)
    assert [(alert.at - NOON) // DAY for alert in told(desk)] == [150, 240]
    assert all("version 2" in alert.detail for alert in told(desk))


def test_the_twin_an_interval_that_is_not_begun_anew_reminds_too_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mutated rule counts from the first version."""
    monkeypatch.setattr(policy_review, "renewed", lambda *_: None)
    assert published_each_month()


def test_the_interval_counts_from_the_version_and_not_from_the_first_lead() -> None:
    """A desk whose first lead comes late is reminded when the version is old enough, or at once."""
    desk = DeskBench(policy(1)).after(80 * DAY)
    desk.lead()
    desk.after(10 * DAY)
    assert [alert.value for alert in told(desk)] == ["90 d"]
    late = DeskBench(policy(1)).after(100 * DAY)
    late.lead()
    late.after(0)
    assert [alert.value for alert in told(late)] == ["100 d"]


def test_an_interval_set_to_nothing_ends_it_and_set_again_begins_it() -> None:
    """A version without it, then one with another."""
    desk = at_work("30d")
    desk.publish(policy(2, "never"))
    desk.after(90 * DAY)
    assert told(desk) == []
    desk.publish(policy(3, "30d"))
    desk.lead()
    desk.after(65 * DAY)
    times = [alert.at for alert in told(desk)]
    assert len(times) == 2
    assert all(later - sooner == 30 * DAY for sooner, later in pairwise(times))


def test_a_partition_without_the_desk_keeps_quiet() -> None:
    """A version is in force on every partition: told by each it would be told four times."""
    desk = DeskBench(policy(1)).after(400 * DAY)
    desk.publish(policy(2))
    desk.after(400 * DAY)
    assert told(desk) == []
    assert not [key for key, _ in desk.tables.timers.items() if key.startswith(policy_review.KIND)]
