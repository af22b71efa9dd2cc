"""Input lines: what is a line, where it stands, and under which key it is sent."""

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.inputs import BadLine, InputLine, key_of, read_lines

LINE = b'{"topic": "leads.raw", "at": "1970-01-01T00:00:01Z", "value": %s}\n'


def lines(content: bytes) -> list[InputLine]:
    """All lines of a file with this content."""
    return list(read_lines(io.BytesIO(content), "file"))


def test_a_value_is_passed_on_byte_for_byte() -> None:
    """What is wrong inside `value` is intake's to reject, so nothing about it changes."""
    value = b'{"b": 1.50, "a": "\xff", "b": 99999999999999999999999}'
    assert lines(LINE % value)[0].value == value


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    """Empty lines are left out but counted; a byte order mark is no part of the first line."""
    found = lines(b"\xef\xbb\xbf" + LINE % b"1" + b"\n \r\n" + LINE % b"2")
    assert [(line.number, line.at, line.value) for line in found] == [
        (1, 1000, b"1"),
        (4, 1000, b"2"),
    ]


def test_a_line_without_end_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another kind of file must not fill the memory."""
    monkeypatch.setattr("agents.inputs.LINE_BYTES_MAX", 100)
    with pytest.raises(BadLine, match="file, line 2: longer than"):
        lines(LINE % b"1" + b"x" * 101)


@given(st.binary(max_size=60))
def test_any_bytes_are_lines_or_one_bad_line(content: bytes) -> None:
    """Never another exception than the one for a bad line; lines that are read are whole."""
    with suppress(BadLine):
        assert all(line.value for line in lines(content))


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_key_never_shows_what_it_is_made_of(lead_id: str, sender: str) -> None:
    """Personal data never in a key, even where addresses are used as ids."""
    key = key_of(json.dumps({"lead_id": lead_id, "sender": sender, "event_id": "e1"}).encode())
    assert key is not None
    assert len(key) == 24
    assert int(key, 16) >= 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"lead": {"lead_id": "l1"}, "event_id": "1"}, {"lead_id": "l1", "event_id": "2"}, True),
        ({"lead_id": "l1", "rep_id": "r1"}, {"lead_id": "l1", "rep_id": "r2"}, True),
        ({"account": {"account_id": "a"}}, {"account": {"account_id": "a", "name": "n"}}, True),
        ({"sender": "s", "event_id": "1"}, {"sender": "s", "event_id": "1", "lead": {}}, True),
        ({"sender": "s", "event_id": "1"}, {"sender": "t", "event_id": "1"}, False),
        ({"lead_id": "x"}, {"rep_id": "x"}, False),
        ({"specversion": "1.0", "data": {"lead_id": "l1"}}, {"lead_id": "l1"}, True),
    ],
)
def test_events_about_one_subject_have_one_key(
    one: dict[str, object], other: dict[str, object], *, same: bool
) -> None:
    """One key, one partition: what concerns a lead, an account or a rep keeps its order."""
    assert (key_of(json.dumps(one).encode()) == key_of(json.dumps(other).encode())) is same


@pytest.mark.parametrize("value", [b"7", b"{}", b'{"event_id": 7}', b"\xff", b'{"lead": []}'])
def test_what_names_nothing_has_no_key(value: bytes) -> None:
    """No key: any partition will do."""
    assert key_of(value) is None
