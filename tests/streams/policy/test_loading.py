"""What the words of a policy file mean, and where each of them stands."""

import pytest

from streams.policy.loading import load
from streams.policy.problems import PolicyError
from streams.policy.yaml_text import read_yaml
from tests.streams.policy.sample import SAMPLE, broken


def test_norway_is_a_country() -> None:
    """YAML 1.2: NO is text, not false."""
    assert load(SAMPLE).teams["smb"].territories[0].countries == ("NO", "US")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False),
        ("22:00", "22:00"), ("2026-01-01", "2026-01-01"), ("1_000", "1_000"), ("0o17", "0o17"),
        ("-7", -7), ("+7", 7), ("1.50", 1.5), (".5", 0.5), ("1e3", 1000.0), (".inf", ".inf"),
        ("~", None), ("null", None), ("", None), ("'null'", "null"), ('"1"', "1"), ("<<", "<<"),
        ("9" * 30, "9" * 30),
    ],
)  # fmt: skip
def test_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    """No times to the base of sixty, no dates, no yes and no; quoted is always text."""
    assert read_yaml(f"a: {text}\n").value == {"a": value}


def test_a_time_of_day_needs_no_quotes() -> None:
    """22:00 is text in YAML 1.2, so an author who forgets the quotes is understood."""
    hours = load(broken("begin: '22:00'", "begin: 22:00")).reps["rep-2"].hours
    assert hours is not None
    assert (hours.begin, hours.end) == (22 * 60, 6 * 60)


def test_every_key_and_item_has_its_place() -> None:
    """Lines and columns count from 1, in block and in flow style."""
    source = read_yaml("a:\n  b: [x, {c: y}]\n  # remark\n  d:\n    - z\n")
    assert source.keys["a", "b"][:2] == (2, 3)
    assert source.values["a", "b", 0][:2] == (2, 7)
    assert source.keys["a", "b", 1, "c"][:2] == (2, 11)
    assert source.values["a", "d", 0][:2] == (5, 7)
    assert source.place(("a", "d", 0, "missing"))[:2] == (5, 7)


def test_a_byte_order_mark_is_no_text() -> None:
    """Editors on Windows put one in front, and end lines with CR LF."""
    data = b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode()
    assert load(data) == load(SAMPLE)


def test_json_is_yaml_too() -> None:
    """Programs may write policies as JSON."""
    with pytest.raises(PolicyError, match="'default_desk' is missing"):
        load('{"name": "x", "desks": {}, "teams": {}, "reps": {}}')


def test_what_is_left_out_has_its_default() -> None:
    """Only names are required."""
    team = load(SAMPLE).teams["far"]
    assert (team.open_limit, team.contact.target, team.push.hot) == (50, 7_200_000, True)
