"""Durations and times of day as people write them, and as the JSON Schema describes them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.policy.document import Document
from streams.policy.quantities import (
    duration_text,
    parse_duration,
    parse_time_of_day,
    time_text,
)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0ms", 0), ("90s", 90_000), ("30min", 1_800_000), ("2 h", 7_200_000), ("7d", 604_800_000)],
)
def test_a_duration_has_a_unit(text: str, milliseconds: int) -> None:
    """Milliseconds, whole."""
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize("text", ["5", 5, "", "1.5h", "-1h", "5 weeks", "4000d", None, "2h30min"])
def test_anything_else_is_no_duration(text: object) -> None:
    """Bare numbers included: nobody knows their unit."""
    with pytest.raises(ValueError, match=r"write a duration|longer than ten years"):
        parse_duration(text)


@given(st.integers(0, 24 * 60))
def test_a_time_of_day_is_minutes_since_midnight(minute: int) -> None:
    """From 00:00 to 24:00."""
    assert parse_time_of_day(f"{minute // 60:02d}:{minute % 60:02d}") == minute


@pytest.mark.parametrize("text", ["24:01", "25:00", "9:00", "09:60", "", 540, None])
def test_anything_else_is_no_time_of_day(text: object) -> None:
    """Two digits each."""
    with pytest.raises(ValueError, match="write a time of day"):
        parse_time_of_day(text)


def test_the_json_schema_says_how_quantities_are_written() -> None:
    """An editor that knows the schema helps the author: text with examples, and descriptions."""
    definitions: dict[str, Any] = Document.model_json_schema()["$defs"]
    target = definitions["ContactClock"]["properties"]["target"]
    assert (target["type"], "2h" in target["examples"]) == ("string", True)
    assert "answer" in target["description"]
    begin = definitions["Hours"]["properties"]["begin"]
    assert (begin["type"], "09:00" in begin["examples"]) == ("string", True)


def test_every_field_of_the_json_schema_is_described() -> None:
    """No setting without a word about it."""
    schema = Document.model_json_schema()
    sections = {"Document": schema, **schema["$defs"]}
    bare = [
        f"{section}.{name}"
        for section, definition in sections.items()
        for name, field in definition["properties"].items()
        if "description" not in field
    ]
    assert bare == []


@given(st.integers(0, 3660), st.sampled_from(["ms", "s", "min", "h", "d"]))
def test_a_duration_is_written_as_it_is_read(number: int, unit: str) -> None:
    """Whatever the policy says can be said again, in the largest unit that fits."""
    milliseconds = parse_duration(f"{number}{unit}")
    assert parse_duration(duration_text(milliseconds)) == milliseconds


def test_a_quantity_is_written_in_the_largest_unit_that_fits() -> None:
    """As a person would."""
    durations = (0, 1500, 90_000, 7_200_000, 36 * 3_600_000, 172_800_000)
    assert [duration_text(each) for each in durations] == [
        "0ms", "1500ms", "90s", "2h", "36h", "2d",
    ]  # fmt: skip
    assert [time_text(each) for each in (0, 545, 1440)] == ["00:00", "09:05", "24:00"]
