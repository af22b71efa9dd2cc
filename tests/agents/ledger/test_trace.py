"""W3C trace context through a hop."""

import re

from hypothesis import given
from hypothesis import strategies as st

from agents.ledger.records import Headers, Incoming
from agents.ledger.trace import (
    EVERY_TRACE,
    TRACEPARENT,
    bound_of,
    context_of,
    header,
    outgoing_headers,
    trace_of,
    trace_of_timer,
)

VALID = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def record(headers: Headers = (), offset: int = 0) -> Incoming:
    """A record with these headers."""
    return Incoming("leads.raw", 1, offset, 0, None, b"", headers)


def sent(incoming: Incoming, event_id: str = "e", topic: str = "identity.inbox") -> str:
    """The traceparent of an event that this record causes."""
    headers = outgoing_headers(trace_of(incoming), topic, event_id)
    return (header(headers, TRACEPARENT) or b"").decode()


@given(st.binary(max_size=70), st.text(max_size=20))
def test_whatever_comes_in_a_valid_traceparent_goes_out(value: bytes, event_id: str) -> None:
    """A malformed header of somebody else's never spreads."""
    assert VALID.fullmatch(sent(record(((TRACEPARENT, value),)), event_id))


def test_the_trace_of_the_sender_goes_on_with_a_span_of_our_own() -> None:
    """Trace id and flags are kept; the parent is this hop's span."""
    incoming = record(((TRACEPARENT, f"00-{TRACE_ID}-00f067aa0ba902b7-00".encode()),))
    going_out = sent(incoming)
    assert going_out.startswith(f"00-{TRACE_ID}-")
    assert going_out.endswith("-00")
    assert "00f067aa0ba902b7" not in going_out


def test_traces_follow_from_the_record_alone() -> None:
    """A replay gives the same bytes; another record another trace."""
    assert sent(record()) == sent(record())
    assert sent(record()) != sent(record(offset=1))
    assert sent(record(), "a") != sent(record(), "b")
    assert sent(record(), "a") != sent(record(), "a", "accounts.inbox")
    assert trace_of_timer("sla:l1", 5) == trace_of_timer("sla:l1", 5) != trace_of_timer("sla:l1", 6)


def test_zeros_are_no_trace() -> None:
    """W3C: an all-zero trace id or parent id is invalid, and a new trace begins."""
    for zeros in (f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{TRACE_ID}-{'0' * 16}-01"):
        assert trace_of(record(((TRACEPARENT, zeros.encode()),))) == trace_of(record())


def test_the_event_id_stands_in_the_headers() -> None:
    """Consumers recognise a repeat without decoding."""
    assert header(outgoing_headers(trace_of(record()), "t", "e-1"), "event_id") == b"e-1"


def test_a_tenth_of_new_traces_is_sampled_where_the_ratio_says_so() -> None:
    """The choice follows from the trace id, and a larger ratio keeps what a smaller one kept."""
    by_ratio = {
        ratio: {
            offset
            for offset in range(4_000)
            if trace_of(record(offset=offset), bound_of(ratio))[1] == "01"
        }
        for ratio in (0.0, 0.1, 0.5, 1.0)
    }
    assert by_ratio[0.0] < by_ratio[0.1] < by_ratio[0.5] < by_ratio[1.0] == set(range(4_000))
    assert 300 < len(by_ratio[0.1]) < 500
    assert by_ratio[0.0] == set()
    assert trace_of_timer("t", 1, bound_of(0.0))[1] == "00"
    assert bound_of(1.0) == EVERY_TRACE


def test_the_ratio_leaves_a_senders_choice_alone() -> None:
    """Else a trace would have holes."""
    for flags in ("00", "01"):
        incoming = record(((TRACEPARENT, f"00-{TRACE_ID}-00f067aa0ba902b7-{flags}".encode()),))
        assert [trace_of(incoming, bound_of(ratio))[1] for ratio in (0.0, 1.0)] == [flags] * 2
        context = context_of(incoming.headers)
        assert context is not None
        assert context.sampled is (flags == "01")
