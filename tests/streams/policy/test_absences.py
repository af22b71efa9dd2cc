"""Days off, first days and holidays of a rep in the policy (AVL-01)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from streams.policy.compiled import compile_policy
from streams.policy.problems import PolicyError
from streams.rows.route import AwayRow
from streams.rules.hours import is_open
from tests.streams import policies
from tests.streams.policy.sample import broken, place

OLD = "    weight: 50\n"


def instant(text: str, zone: str = "UTC") -> int:
    """A local time in milliseconds since the epoch."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("new", "where", "reason"),
    [
        ("    holidays: XX\n", "holidays: XX", "no country with known holidays"),
        ("    holidays: no\n", "holidays: no", "two capital letters"),
        ("    days_off: [2026-12-24, 24.12.]\n", "24.12.]", "write a date such as 2026-03-02"),
        ("    days_off: [2026-12-24, 2026-12-24]\n", "2026-12-24]", "in this list already"),
        ("    days_off: 2026-12-24\n", "days_off: 2026-12-24", "write a list"),
    ],
)
def test_absences_that_make_no_sense_are_refused(new: str, where: str, reason: str) -> None:
    """CFG: with the line, and what to write instead."""
    text = broken(OLD, new)
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place(text, where)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Asia/Tokyo", "2026-03-29", 24),
        ("Africa/Cairo", "2026-04-24", 23),  # the clocks skip midnight there
    ],
)
def test_a_day_off_is_the_whole_local_day(zone: str, day: str, hours: int) -> None:
    """However many hours it has; the team's zone does not matter."""
    (span,) = policies.policy(reps={"bob": {"days_off": [day], "zone": zone}}).absences["bob"]
    assert (span.to - span.begin) // 3_600_000 == hours
    assert span.kind == "day_off"
    middle = instant(f"{day}T12:00", zone)
    assert span.begin < middle < span.to


def test_a_new_hire_is_away_until_the_first_day() -> None:
    """At midnight where he is."""
    bob = {"starts_on": "2026-03-02", "zone": "Asia/Tokyo"}
    first = instant("2026-03-02T00:00", "Asia/Tokyo")
    assert policies.policy(reps={"bob": bob}).absences == {
        "bob": (AwayRow(0, first, "not_started"),)
    }


def test_holidays_are_those_of_the_reps_own_country() -> None:
    """One of another country than the team's works on the team's holidays, and not on his own."""
    hours = {"days": ["mon", "tue", "wed", "thu", "fri"]}
    policy = policies.policy(
        teams={"inside": {"holidays": "US", "hours": hours}}, reps={"bob": {"holidays": "GB"}}
    )
    independence_day, boxing_day = instant("2027-07-05T12:00"), instant("2026-12-28T12:00")
    open_for = {
        rep: [is_open(policy.rep_calendar(rep), day) for day in (independence_day, boxing_day)]
        for rep in ("ann", "bob")
    }
    assert open_for == {"ann": [False, True], "bob": [True, False]}
