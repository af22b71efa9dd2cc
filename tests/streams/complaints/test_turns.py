"""Complaints about who gets how many leads."""

from collections import Counter
from itertools import groupby
from math import log
from typing import Any

import pytest

from streams.rules import rotation
from tests.streams.complaints.patient_desk import counted, desk_of, rules, taken
from tests.streams.steps.desk_bench import DAY, HOUR

EQUAL = {"ann": 4, "bob": 4, "cay": 4}


def longest_run(reps: list[str]) -> int:
    """How many leads in a row went to one rep at most."""
    return max(len(list(run)) for _, run in groupby(reps))


def test_a_new_rep_is_one_line_and_no_rule_names_him() -> None:
    """Complaint 6, rules name people: who joins the team joins its rotation."""
    desk = desk_of()
    counted(desk, 6)
    desk.publish(rules(2, reps={"dan": {"team": "inside"}}))
    assert counted(desk, 8) == {"ann": 2, "bob": 2, "cay": 2, "dan": 2}


def after_each_change() -> Counter[str]:
    """Thirty leads, another version of the policy after each."""
    desk = desk_of()
    found: Counter[str] = Counter()
    for number in range(30):
        found += counted(desk, 1)
        desk.publish(rules(number + 2))
    return found


def test_the_first_of_the_list_is_not_favoured() -> None:
    """Complaint 9, oldest member favoured: the rotation never starts at the top again."""
    assert after_each_change() == {"ann": 10, "bob": 10, "cay": 10}


def with_an_empty_desk() -> list[str]:
    """Cay closes all that she has, the others nothing; then a burst of twelve."""
    desk = desk_of()
    taken(desk, 60)
    for lead_id, rep_id in desk.assigned():
        if rep_id == "cay":
            desk.activity(lead_id, "cay", "lost")
    return taken(desk, 12)


def test_a_burst_does_not_flood_who_has_least() -> None:
    """Complaint 10, the lowest count always wins: turns go round, whatever each has open."""
    burst = with_an_empty_desk()
    assert Counter(burst) == EQUAL
    assert longest_run(burst) == 1


def test_a_rotation_that_favours_somebody_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twin: the last by id takes whatever she can."""

    def favour(turns: Any, time: int) -> tuple[rotation.Turn, str]:
        del time
        return max(turns, key=lambda turn: turn.rep_id), "favour"

    monkeypatch.setattr(rotation, "earliest", favour)
    assert after_each_change() != {"ann": 10, "bob": 10, "cay": 10}
    assert longest_run(with_an_empty_desk()) == 12


def test_a_holiday_has_no_echo_a_month_later() -> None:
    """Complaint 11, a rolling window: ten days away, then an equal share on each of forty."""
    desk = desk_of()
    desk.rep("bob", away=[("pto", 0, 10 * DAY)])
    for _ in range(10):
        assert counted(desk, 6) == {"ann": 3, "cay": 3}
        desk.after(DAY)
    for _ in range(40):
        found = counted(desk, 12)
        assert all(abs(found[rep] - share) <= 1 for rep, share in EQUAL.items()), found
        desk.after(DAY)


def test_a_backup_does_not_take_all_turns_of_who_is_away() -> None:
    """Complaint 17: in a rotation everybody who is there shares them."""
    backup = {"team": "inside", "backup": "cay"}
    desk = desk_of(reps={"ann": backup, "bob": backup, "dan": {"team": "inside"}})
    for rep in ("ann", "bob"):
        desk.rep(rep, away=[("pto", 0, DAY)])
    assert counted(desk, 12) == {"cay": 6, "dan": 6}


def test_fairness_refuses_nobody_who_is_the_only_one() -> None:
    """Complaint 19, a hard threshold: however far ahead she is, no lead waits for the others."""
    desk = desk_of()
    for rep in ("ann", "bob"):
        desk.rep(rep, available=False)
    assert counted(desk, 40) == {"cay": 40}


def test_who_is_next_gets_the_next_one_that_he_is_there_for() -> None:
    """Complaint 23, next up for weeks: passed over in ten meetings, bob's turn is the next."""
    desk = desk_of()
    assert taken(desk, 1) == ["ann"]
    for _ in range(10):
        desk.rep("bob", away=[("meeting", 0, HOUR)])
        assert "bob" not in taken(desk, 2)
        desk.after(HOUR)
    assert taken(desk, 1) == ["bob"]


def test_who_is_there_only_now_and_then_has_his_share_of_that() -> None:
    """Complaint 23: a third of the 30 leads that came between his meetings, within the bound."""
    desk = desk_of()
    found: Counter[str] = Counter()
    for _ in range(30):
        desk.rep("bob", away=[("meeting", 0, HOUR)])
        found += counted(desk, 2)
        desk.after(HOUR)
        found += counted(desk, 1)
    assert abs(found["bob"] - 10) <= 1 + log(3)
