"""One partition without a broker: order of time, savepoints, policies, replays."""

import pytest

from agents.kafka.policies import PolicyMissing
from agents.ledger.deadletters import TooManyDeadLetters
from agents.ledger.partition import RETRY_MS, NoPolicy
from agents.ledger.replay import REPLAY_HEADER
from schemas.codec import encode
from schemas.inner import Tick
from schemas.outputs import LeadRejected
from streams.tables import Timer
from tests.agents.ledger.counting_stage import Inbox, activation, happens, opened, reasons, record


def test_timers_fire_in_order_of_due_and_id_with_now_their_due() -> None:
    """Design, section 3: before each record what is due fires, each with now = its due time."""
    inbox = Inbox()
    inbox.feed(happens("timer 30:ring,10:ring,20:ring"), 1)
    assert inbox.partition.next_due() == 10
    sent = inbox.feed(Tick(event_id="t"), 25)
    assert reasons(sent) == ["10 due 10 policy 1", "20 due 20 policy 1"]
    assert [*inbox.partition.tables.timers.items()] == [("ring:30", Timer(30, "ring", "30"))]


def test_a_timers_step_is_told_what_set_it() -> None:
    """Where it was due at once that tells two of one instant apart."""
    inbox = Inbox()
    inbox.partition.tables.timers.put("ring:5", Timer(5, "ring", "5", "e1"))
    assert reasons(inbox.feed(Tick(event_id="t"), 5)) == ["5 due 5 policy 1 after e1"]


def test_an_activation_comes_before_timers_of_its_instant() -> None:
    """A decision at the instant of a change follows the new policy."""
    inbox = Inbox()
    inbox.feed(happens("timer 9:ring,10:ring"), 1)
    inbox.feed(activation(2, 10), 2)
    assert reasons(inbox.feed(happens("tell"), 10)) == [
        "9 due 9 policy 1", "1 to 2 at 10", "10 due 10 policy 2", "tell policy 2",
    ]  # fmt: skip


def test_a_late_older_version_is_dropped() -> None:
    """Versions only go up."""
    inbox = Inbox()
    inbox.feed(activation(2, 10), 1)
    inbox.feed(activation(1, 20), 2)
    assert reasons(inbox.feed(happens("tell"), 30)) == ["1 to 2 at 10", "tell policy 2"]


def test_a_failing_step_leaves_nothing_but_its_dead_letter() -> None:
    """Poison: rows and events of the step are taken back; the batch goes on."""
    inbox = Inbox()
    sent = inbox.feed(happens("fail"), 5)
    assert reasons(sent) == ["step_failed ValueError"]
    dead = sent[0].event
    assert isinstance(dead, LeadRejected)
    assert dead.original == encode(happens("fail"))
    assert (inbox.count("seen"), inbox.count("rejected:step_failed")) == (0, 1)
    assert reasons(inbox.feed(happens("tell"), 6)) == ["tell policy 1"]


def test_a_machine_without_memory_is_not_the_events_fault() -> None:
    """The batch is given up; nothing is dead-lettered for what a restart sets right."""
    inbox = Inbox()
    with pytest.raises(MemoryError):
        inbox.feed(happens("starve"), 5)
    assert inbox.count("rejected:step_failed") == 0


def test_an_outgoing_event_over_the_limit_is_a_dead_letter_not_a_broker_error() -> None:
    """Sizes are checked before producing: the broker would refuse the whole batch for ever."""
    inbox = Inbox()
    assert reasons(inbox.feed(happens("huge"), 5)) == ["output_too_large Oversize"]
    assert inbox.count("seen") == 0


def test_bytes_that_no_schema_explains_are_a_dead_letter() -> None:
    """An inbox record that is not ours stops nothing; a tombstone neither."""
    inbox = Inbox()
    assert reasons(inbox.feed(b"\x00garbage", 5)) == ["unknown_schema Unreadable"]
    assert reasons(inbox.feed(b"", 5)) == ["not_avro Unreadable"]


def test_a_failing_timer_is_postponed_and_dead_lettered_under_ids_of_their_own() -> None:
    """The wish is not lost; no two dead letters of one record have the same id."""
    inbox = Inbox()
    inbox.feed(happens("timer 10:burst,11:burst"), 1)
    sent = inbox.feed(happens("fail"), 20)
    assert reasons(sent) == ["step_failed ValueError"] * 3
    assert len({one.event.values()["event_id"] for one in sent}) == 3
    assert inbox.count("burst") == 0
    assert [row.due for _, row in inbox.partition.tables.timers.ordered("due")] == [
        10 + RETRY_MS, 11 + RETRY_MS,
    ]  # fmt: skip


def test_a_failing_policy_change_keeps_the_old_policy_and_is_tried_again() -> None:
    """It neither loops nor is forgotten."""
    inbox = Inbox()
    inbox.feed(activation(3, 10), 1)
    assert reasons(inbox.feed(happens("tell"), 20)) == ["step_failed ValueError", "tell policy 1"]
    assert inbox.partition.next_due() == 10 + RETRY_MS
    assert inbox.count("changed") == 1


def test_time_never_goes_back() -> None:
    """The partition's now = max(record's timestamp, last now)."""
    inbox = Inbox()
    inbox.feed(Tick(event_id="t"), 100)
    sent = inbox.feed(happens("tell"), 50)
    assert (sent[0].event.values()["at"], inbox.partition.now) == (100, 100)


def test_a_replayed_dead_letter_takes_its_count_back_once() -> None:
    """Its second replay is passed over: nothing is decided twice."""
    inbox = Inbox()
    inbox.feed(happens("fail"), 5)
    header = ((REPLAY_HEADER, b"routing.inbox/0/1 route step_failed"),)
    assert reasons(inbox.feed(happens("tell"), 6, header)) == ["tell policy 1"]
    assert inbox.feed(happens("tell"), 7, header) == []
    assert inbox.count("rejected:step_failed") == 0


def test_a_replay_that_fails_again_is_counted_once() -> None:
    """The old letter's count is taken back, the new one's is there."""
    inbox = Inbox()
    inbox.feed(happens("fail"), 5)
    again = ((REPLAY_HEADER, b"routing.inbox/0/1 route step_failed"),)
    inbox.feed(happens("fail"), 6, again)
    assert inbox.count("rejected:step_failed") == 1


def test_a_replay_header_from_anybody_harms_no_count() -> None:
    """Bytes of another form, another agent's letter, an unheard-of reason: nothing is lowered."""
    inbox = Inbox()
    inbox.feed(happens("fail"), 5)
    for value in (
        b"\xff\xfe",
        b"routing.inbox/0/1 step_failed",
        b"leads.raw/0/1 qualify step_failed",
        b"leads.raw/0/2 route never_heard_of",
    ):
        assert reasons(inbox.feed(happens("tell"), 6, ((REPLAY_HEADER, value),))) == [
            "tell policy 1"
        ]
    assert inbox.count("rejected:never_heard_of") == 0
    assert inbox.count("rejected:step_failed") == 1


def test_what_is_not_an_events_fault_goes_through() -> None:
    """A policy that cannot be read or is not there yet dead-letters nothing."""
    with pytest.raises(NoPolicy):
        opened().decide(record(happens("tell"), 1, 0))
    inbox = Inbox()
    inbox.feed(activation(9, 10), 1)
    with pytest.raises(PolicyMissing):
        inbox.feed(happens("tell"), 10)


def test_too_many_dead_letters_stop_the_partition() -> None:
    """The twentieth failure in a row is not dead-lettered."""
    inbox = Inbox()
    for _ in range(19):
        inbox.feed(happens("fail"), 5)
    with pytest.raises(TooManyDeadLetters):
        inbox.feed(happens("fail"), 5)
    assert inbox.count("rejected:step_failed") == 19
