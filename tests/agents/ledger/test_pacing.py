"""Uploads give way to live leads, and lose neither records nor their order."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from agents.ledger.pacing import WINDOW, Pacing


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


def pacing(*backlog: int) -> Pacing[Record]:
    """Pacing of `bulk` that is told these backlogs one after another, the last one for ever."""
    answers = list(backlog)
    return Pacing(frozenset({"bulk"}), lambda: answers.pop(0) if len(answers) > 1 else answers[0])


def test_live_records_pass_and_uploads_wait_beside_them() -> None:
    """Whatever live comes goes first, however little waits behind."""
    paced = pacing(0)
    bulk, live = records("bulk", 0, 3), records("raw", 0, 2)

    assert paced.admit([*bulk, *live]) == live
    assert paced.holds
    assert paced.admit([]) == bulk
    assert not paced.holds


def test_a_long_backlog_holds_uploads_back() -> None:
    """Only as much is let through as keeps the backlog within the window."""
    paced = pacing(WINDOW, WINDOW - 2, 0)
    bulk = records("bulk", 0, 10)

    assert paced.admit(bulk) == []
    assert paced.admit([]) == bulk[:2]
    assert paced.admit([]) == bulk[2:]


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
