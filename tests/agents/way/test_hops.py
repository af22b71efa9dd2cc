"""Hops, queues and ways from records, as headers and append times tell them."""

import pytest

from agents.kafka.scan import Found
from agents.ledger.trace import CAUSE, TAKEN_UP_AT, TIMER_DUE, TRACEPARENT
from agents.way.hops import Place, Records, Way, place_of, wanted, ways

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
OTHER = "0af7651916cd43dd8448eb211c80319c"


def record(
    place: tuple[str, int, int],
    at: int,
    cause: str | None = None,
    taken_up: int | None = None,
    trace: str = f"00-{TRACE}-00f067aa0ba902b7-01",
    **more: bytes,
) -> Found:
    """A record with what an agent notes in its headers."""
    headers = [(TRACEPARENT, trace.encode()), *more.items()]
    if cause is not None:
        headers.append((CAUSE, cause.encode()))
    if taken_up is not None:
        headers.append((TAKEN_UP_AT, str(taken_up).encode()))
    return Found(*place, at, b"lead-1", b"", tuple(headers))


def known(*records: Found) -> Records:
    """Records by place."""
    return {place_of(one): one for one in records}


RAW = record(("leads.raw", 2, 17), 1_000)
RECEIVED = record(("identity.inbox", 0, 5), 1_030, "leads.raw/2/17", 1_020)
IDENTIFIED = record(("accounts.inbox", 3, 9), 1_100, "identity.inbox/0/5", 1_090)
SCORED = record(("leads.scored", 1, 4), 1_160, "accounts.inbox/3/9", 1_110)
QUALIFIED = record(("routing.inbox", 1, 8), 1_165, "accounts.inbox/3/9", 1_110)
ASSIGNED = record(("assignments.rep", 1, 2), 2_180, "routing.inbox/1/8", 2_170)
PLACED = record(("leads.lifecycle", 1, 3), 2_185, "routing.inbox/1/8", 2_170)
WHOLE = known(RAW, RECEIVED, IDENTIFIED, SCORED, QUALIFIED, ASSIGNED, PLACED)


def shown(way: Way) -> list[tuple[str, int, int]]:
    """Agent, queue and work of each hop."""
    return [(hop.agent, hop.queue_ms, hop.work_ms) for hop in way.hops]


def test_each_hop_has_its_queue_and_its_work() -> None:
    """Appended until taken up; taken up until the last record that came of it was appended."""
    (way,) = ways(WHOLE)
    assert shown(way) == [
        ("intake", 20, 10),
        ("identify", 60, 10),
        ("qualify", 10, 55),
        ("route", 1_005, 15),
    ]
    assert (way.began, way.ended, way.trace_id) == (1_000, 2_185, TRACE)
    assert [len(hop.sent) for hop in way.hops] == [1, 1, 2, 2]


def test_queues_and_work_are_all_of_the_time() -> None:
    """Nothing between the first append and the last is left out, and nothing counts twice."""
    (way,) = ways(WHOLE)
    assert sum(hop.queue_ms + hop.work_ms for hop in way.hops) == way.ended - way.began


def test_what_is_to_be_looked_up_is_every_cause_that_is_not_known() -> None:
    """From the outputs back to the input, one generation after the other."""
    found = {place_of(one): one for one in (SCORED, ASSIGNED, PLACED)}
    assert wanted(found) == {Place("accounts.inbox", 3, 9), Place("routing.inbox", 1, 8)}
    assert wanted(WHOLE) == set()


def test_a_record_that_is_not_kept_any_more_hides_only_its_queue() -> None:
    """After 30 days the inboxes are empty, the life cycle is kept for ever."""
    (way,) = ways(known(PLACED))
    (hop,) = way.hops
    assert (hop.agent, hop.appended, hop.queue_ms, hop.work_ms) == ("route", None, 0, 15)


def test_a_timer_begins_a_way_at_the_instant_when_it_was_due() -> None:
    """Whatever record woke it; how late it was is its queue."""
    breach = record(
        ("sla.breaches", 1, 0), 9_040, "routing.inbox/1/99", 9_030,
        f"00-{OTHER}-00f067aa0ba902b7-01", **{TIMER_DUE: b"9000"},
    )  # fmt: skip
    records = {**WHOLE, place_of(breach): breach}
    assert wanted(records) == set()
    first, second = ways(records)
    assert first.ended == 2_185
    assert [(hop.due, hop.queue_ms, hop.work_ms) for hop in second.hops] == [(9_000, 30, 10)]
    assert second.trace_id == OTHER


def test_two_timers_that_one_record_let_fire_are_two_ways() -> None:
    """They are due at different times and have traces of their own."""
    fired = [
        record(
            ("leads.lifecycle", 1, number), 9_040, "routing.inbox/1/99", 9_030,
            f"00-{trace}-00f067aa0ba902b7-01", **{TIMER_DUE: due},
        )
        for number, (trace, due) in enumerate([(TRACE, b"8000"), (OTHER, b"9000")])
    ]  # fmt: skip
    assert [way.hops[0].due for way in ways(known(*fired))] == [8_000, 9_000]


def test_a_way_that_was_not_sampled_names_no_trace() -> None:
    """Nobody would find it in a viewer."""
    placed = record(
        ("leads.lifecycle", 1, 3), 2_185, "routing.inbox/1/8", 2_170,
        f"00-{TRACE}-00f067aa0ba902b7-00",
    )  # fmt: skip
    assert [way.trace_id for way in ways(known(placed))] == [None]


def test_clocks_that_differ_do_not_let_time_go_back() -> None:
    """The worker's clock is behind the broker's: no hop takes less than nothing."""
    early = record(("leads.lifecycle", 1, 3), 1_000, "routing.inbox/1/8", 900)
    source = record(("routing.inbox", 1, 8), 990)
    (way,) = ways(known(early, source))
    assert shown(way) == [("route", 0, 100)]


@pytest.mark.parametrize(
    "cause", ["routing.inbox/1", "no.topic/1/2", "routing.inbox/1/x", "", "\N{SNOWMAN}"]
)
def test_a_header_of_somebody_elses_leads_nowhere(cause: str) -> None:
    """Anybody may write any header on an input topic."""
    odd = record(("crm.events", 0, 1), 1_000, cause, 900)
    assert wanted(known(odd)) == set()
    assert ways(known(odd)) == []


def test_a_chain_that_leads_round_in_a_circle_ends() -> None:
    """A header could name a record that comes of it."""
    first = record(("crm.events", 0, 1), 1_000, "crm.events/0/2", 900)
    second = record(("crm.events", 0, 2), 1_000, "crm.events/0/1", 900)
    assert sum(len(way.hops) for way in ways(known(first, second))) == 2
