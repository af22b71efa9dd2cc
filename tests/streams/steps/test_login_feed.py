"""Where nobody reports log-ins nobody is skipped for it, and that is told (AVL-05)."""

from schemas.outputs import Alert
from streams.policy.compiled import Policy, compile_policy
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, NOON, DeskBench
from tests.streams.steps.test_route import assigned, bench


def switched_off(version: int, *teams: str) -> Policy:
    """The small policy in which these teams do not look at log-ins."""
    text = policies.text(teams={team: {"login_within": "999d"} for team in teams})
    return compile_policy(text.replace('"999d"', "null"), version)


def told(desk: DeskBench) -> list[tuple[str, str]]:
    """Subject and value of each of these alerts."""
    alerts = [event for event in desk.events(Alert) if event.kind == "no_login_feed"]
    return [(event.subject, event.value) for event in alerts]


def test_avl_05_a_team_without_a_feed_is_told_after_a_day_and_then_each_week() -> None:
    """AVL-05: its reps get leads all the same."""
    desk = DeskBench(switched_off(1, "field"))
    desk.lead()
    desk.until(NOON + DAY - 1)
    assert told(desk) == []
    desk.until(NOON + DAY)
    assert told(desk) == [("inside", "3 of 3 reps")]
    assert assigned(desk.lead()).method == "round_robin"
    desk.after(7 * DAY)
    assert len(told(desk)) == 2


def test_who_logs_in_and_who_has_left_is_not_told_of() -> None:
    """Only those whose log-ins would be missed."""
    desk = bench()
    desk.lead()
    desk.rep("ann", logged_in_at=NOON)
    desk.rep("bob", status="left")
    desk.after(DAY)
    assert ("inside", "1 of 2 reps") in told(desk)
    desk.rep("cay", logged_in_at=desk.now)
    desk.rep("eve", logged_in_at=desk.now)
    before = len(told(desk))
    desk.after(30 * DAY)
    assert len(told(desk)) == before


def test_a_policy_in_between_does_not_begin_the_wait_anew() -> None:
    """A team that publishes every hour is told too; one that switched it off is not."""
    desk = bench()
    desk.lead()
    for version in range(2, 26):
        desk.publish(policies.policy(version))
        desk.after(HOUR)
    assert ("inside", "3 of 3 reps") in told(desk)
    desk.publish(switched_off(30, "inside", "field"))
    before = len(told(desk))
    desk.after(30 * DAY)
    assert len(told(desk)) == before


def test_a_partition_without_the_desk_keeps_quiet() -> None:
    """A policy is in force on every partition; told by each of them it would be told four times."""
    desk = bench()
    desk.after(30 * DAY)
    assert desk.sent == []
