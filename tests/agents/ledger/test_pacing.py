"""Uploads give way to live leads, and lose neither records nor their order."""

from dataclasses import dataclass
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from agents.ledger.pacing import ASK_AGAIN_S, WINDOW, WINDOW_BESIDE_LIVE, Pacing


@dataclass(frozen=True)
class Record:
    """As much of a broker's record as pacing looks at."""

    name: str
    place: int

    def topic(self) -> str:
        """Its topic."""
        return self.name

    def partition(self) -> int:
        """Always the first."""
        return 0

    def offset(self) -> int:
        """Its place in the topic."""
        return self.place


def records(topic: str, first: int, many: int) -> list[Record]:
    """Records of a topic from an offset on."""
    return [Record(topic, first + number) for number in range(many)]


def pacing(*backlog: int | None) -> Pacing[Record]:
    """Pacing of `bulk` that is told these backlogs one after another, the last one for ever."""
    answers = list(backlog)
    seconds = count()
    return Pacing(
        frozenset({"bulk"}),
        lambda: answers.pop(0) if len(answers) > 1 else answers[0],
        lambda: next(seconds),
    )


def test_live_records_pass_first_and_an_upload_goes_on_behind_them() -> None:
    """Thirty live leads a second must not make an upload stand still."""
    paced = pacing(0)
    bulk, live = records("bulk", 0, 3), records("raw", 0, 2)

    assert paced.admit([*bulk, *live]) == [*live, *bulk]
    assert not paced.holds


def test_beside_live_records_the_window_is_smaller() -> None:
    """A hot lead waits behind some fifty records of an upload at most."""
    paced = pacing(WINDOW_BESIDE_LIVE - 3, WINDOW_BESIDE_LIVE, WINDOW_BESIDE_LIVE)
    bulk = records("bulk", 0, 10)

    assert paced.admit([*bulk, *records("raw", 0, 2)])[2:] == bulk[:1]
    assert paced.admit(records("raw", 2, 1))[1:] == []
    assert paced.admit([]) == bulk[1:]


def test_the_backlog_is_asked_for_ten_times_a_second_at_most() -> None:
    """Between two answers nothing of an upload is let through, and live records pass."""
    asked, now = count(), [0.0]
    paced = Pacing[Record](frozenset({"bulk"}), lambda: WINDOW + next(asked), lambda: now[0])
    for turn in range(20):
        live = records("raw", turn, 1)
        assert paced.admit([*live, *records("bulk", turn, 1)]) == live
        now[0] += ASK_AGAIN_S / 4
    assert next(asked) == 5


def test_a_long_backlog_holds_uploads_back() -> None:
    """Only as much is let through as keeps the backlog within the window."""
    paced = pacing(WINDOW, WINDOW - 2, 0)
    bulk = records("bulk", 0, 10)

    assert paced.admit(bulk) == []
    assert paced.admit([]) == bulk[:2]
    assert paced.admit([]) == bulk[2:]


def test_while_nobody_can_tell_the_backlog_uploads_wait() -> None:
    """A broker whose coordinator moves is no reason to leave; live leads pass meanwhile."""
    paced = pacing(None, None, 0)
    bulk, live = records("bulk", 0, 3), records("raw", 0, 1)
    assert paced.admit([*bulk, *live]) == live
    assert paced.admit([]) == []
    assert paced.admit([]) == bulk


def test_what_is_forgotten_is_read_again_by_others() -> None:
    """After a rollback or a new assignment the held copies must not come first."""
    paced = pacing(WINDOW)
    paced.admit(records("bulk", 5, 3))
    paced.forget_place(("bulk", 0))
    assert not paced.holds
    paced.admit(records("bulk", 5, 3))
    paced.forget()
    assert not paced.holds


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2 * WINDOW)), max_size=30
    )
)
def test_nothing_is_lost_doubled_or_swapped(turns: list[tuple[int, int, int]]) -> None:
    """Each topic's records come out in their order, and all of them in the end."""
    backlog = [0]
    paced: Pacing[Record] = Pacing(frozenset({"bulk"}), lambda: backlog[0])
    sent = {"bulk": 0, "raw": 0}
    out: list[Record] = []
    for bulk, raw, waiting in turns:
        backlog[0] = waiting
        fresh = records("bulk", sent["bulk"], bulk) + records("raw", sent["raw"], raw)
        sent["bulk"] += bulk
        sent["raw"] += raw
        out += paced.admit(fresh)
    backlog[0] = 0
    while paced.holds:
        out += paced.admit([])

    for topic, many in sent.items():
        assert [one.place for one in out if one.name == topic] == list(range(many))
