"""Settings of a mapping and the file they stand in."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.convert.mapping_file import load_mapping
from agents.convert.problems import ConversionError

EXAMPLE = Path(__file__).parents[3] / "deploy" / "mappings" / "example.yaml"
GOOD = "sender: fair\ncolumns:\n  E-Mail: email\n"


def _load(folder: Path, text: str) -> str:
    """The sentence that a mapping is refused with."""
    path = folder / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConversionError) as error:
        load_mapping(path)
    return error.value.sentence


def test_the_example_is_valid_and_complete() -> None:
    """It shows every setting, if only in a comment."""
    mapping = load_mapping(EXAMPLE).settings
    text = EXAMPLE.read_text(encoding="utf-8")
    assert mapping.delimiter == ";"
    assert mapping.columns["E-Mail"] == "email"
    for name in type(mapping).model_fields:
        assert f"\n{name}:" in text or f"\n# {name}:" in text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sendr: x\n" + GOOD,
         'm.yaml, line 1, column 1: "sendr" is not a setting; did you mean "sender"?'),
        ("sender: x\ncolumns:\n  Mail: emial\n",
         'line 3, column 9: "Mail": not a field of a lead; did you mean "email"'),
        (GOOD + "day_first: maybe\n", 'line 4, column 12: "day_first"'),
        (GOOD + "time_zone: CET+1\n", "line 4, column 12"),
        (GOOD + "encoding: ebcdic\n", "not a known encoding"),
        (GOOD + "delimiter: x\n", "one of comma, semicolon, tab, pipe"),
        (GOOD + "source: magic\n", "not a source of the contract"),
        (GOOD + "sources:\n  Fair: events\n", 'line 5, column 9: "Fair"'),
        (GOOD + "constants:\n  email: a@b.example\n", "all rows one person"),
        (GOOD + "topic: leads\n", "line 4, column 8"),
        ("columns:\n  Mail: email\n", "`sender` is missing"),
        ("sender: x\n", "`columns` is missing"),
        ("sender: [x\n", "m.yaml, line 2, column 1: not valid YAML"),
        (GOOD + "sender: y\n", "line 4, column 1: not valid YAML"),
        ("- a\n", "line 1: a mapping file holds settings"),
        ("", "line 1: a mapping file holds settings"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    """File, line, column, and the nearest name where there is one."""
    assert sentence in _load(tmp_path, text)


def test_a_mapping_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    """One sentence for either."""
    with pytest.raises(ConversionError, match="cannot read the mapping file"):
        load_mapping(tmp_path / "none.yaml")
    (tmp_path / "b.yaml").write_bytes(b"sender: a\nx: \xff")
    with pytest.raises(ConversionError, match=r"b\.yaml, line 2: the mapping file is not UTF-8"):
        load_mapping(tmp_path / "b.yaml")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(alphabet="abc:-[]{}!&*?|>%@`'\"#,\n 012", max_size=60).map(str.encode),
        st.text(max_size=40).map(lambda tail: (GOOD + tail).encode("utf-8", "replace")),
    )
)
def test_any_bytes_are_a_mapping_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    """Never another exception."""
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    with suppress(ConversionError):
        load_mapping(path)
