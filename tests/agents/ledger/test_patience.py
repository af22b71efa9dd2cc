"""Unhurried records share a transaction, wait a moment at most, and keep their order."""

from hypothesis import given
from hypothesis import strategies as st

from agents.ledger.patience import MANY, MOMENT_S, Patience


class Watch:
    """A clock that stands until it is set on."""

    def __init__(self) -> None:
        """At nought."""
        self.at_s = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.at_s


def patience(watch: Watch) -> Patience[str]:
    """Records in capitals are in a hurry."""
    return Patience(str.isupper, watch)


def test_an_unhurried_record_waits_for_a_hurried_one_and_goes_first() -> None:
    """In the order in which they came: an account's news must not overtake each other."""
    held = patience(Watch())

    assert held.ripe(["a"]) == []
    assert held.ripe(["b"]) == []
    assert held.ripe(["C", "d"]) == ["a", "b", "C", "d"]
    assert held.left_s is None


def test_an_unhurried_record_waits_no_longer_than_a_moment() -> None:
    """The moment begins with the first that waits; those behind it go with it."""
    watch = Watch()
    held = patience(watch)

    held.ripe(["a"])
    watch.at_s = MOMENT_S / 2
    assert held.ripe(["b"]) == []
    assert held.left_s == MOMENT_S / 2
    watch.at_s = MOMENT_S
    assert held.left_s == 0
    assert held.ripe([]) == ["a", "b"]
    assert held.ripe(["c"]) == []
    assert held.left_s == MOMENT_S


def test_many_wait_no_longer() -> None:
    """A backlog of unhurried records is worked off without pauses."""
    many = ["a"] * MANY

    assert patience(Watch()).ripe(many[:-1]) == []
    assert patience(Watch()).ripe(many) == many


def test_behind_a_batch_that_was_cut_off_nobody_waits() -> None:
    """Its rest is decided at once, and takes along what is there."""
    assert patience(Watch()).ripe(["a"], at_once=True) == ["a"]


def test_what_is_taken_back_is_forgotten() -> None:
    """It is read again from the committed offsets, and must not come twice."""
    held = patience(Watch())

    held.ripe(["a"])
    held.forget()
    assert held.left_s is None
    assert held.ripe(["A"]) == ["A"]


@given(st.lists(st.tuples(st.text("abC", max_size=4).map(list), st.floats(0, MOMENT_S))))
def test_nothing_is_lost_doubled_or_overtaken(batches: list[tuple[list[str], float]]) -> None:
    """Whatever comes when: all of it comes out in its order, and nothing hurried is held."""
    watch = Watch()
    held = patience(watch)
    came: list[str] = []
    out: list[str] = []
    for records, pause_s in batches:
        watch.at_s += pause_s
        came += records
        out += held.ripe(records)
        assert "C" not in came[len(out) :]
    watch.at_s += MOMENT_S
    assert out + held.ripe([]) == came
