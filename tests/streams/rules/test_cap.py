"""When a cap is reached, and when one more may come (AVL-04, CPTY-01)."""

from streams.rows.route import TakenRow
from streams.rules.cap import Window, counted, full_until, given_back, rolling

DAY = Window(100, 200)


def test_a_calendar_period_is_full_until_its_end() -> None:
    """What was counted in another one is forgotten with the next lead."""
    first = counted(TakenRow(0, 7), DAY, 150)
    assert first == TakenRow(100, 1)
    second = counted(first, DAY, 160)
    assert [full_until(row, 2, DAY) for row in (None, TakenRow(0, 7), first, second)] == [
        None,
        None,
        None,
        200,
    ]
    assert full_until(second, 2, Window(200, 300)) is None


def test_a_rolling_window_lets_one_more_come_when_the_oldest_leaves_it() -> None:
    """At that very instant, not a millisecond before."""
    row = TakenRow(at=(100, 150, 170))
    assert full_until(row, 2, rolling(209, 60)) == 210
    assert full_until(row, 2, rolling(210, 60)) is None
    assert full_until(row, 4, rolling(170, 60)) is None
    assert counted(row, rolling(210, 60), 210) == TakenRow(at=(170, 210))


def test_what_is_given_back_goes_once() -> None:
    """Two leads of one instant are two; one that does not count any more changes nothing."""
    assert given_back(TakenRow(at=(10, 20, 20, 30)), 20) == TakenRow(at=(10, 20, 30))
    assert given_back(TakenRow(at=(10,)), 20) == TakenRow(at=(10,))
    assert given_back(TakenRow(at=(20,)), 20) is None
    assert given_back(TakenRow(100, 2), 150) == TakenRow(100, 1)
    assert given_back(TakenRow(100, 2), 99) == TakenRow(100, 2)
    assert given_back(TakenRow(100, 1), 100) is None
