"""Whatever stands in a policy file, the answer is a document or problems, never an exception."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.policy.compiled import compile_policy
from streams.policy.problems import PolicyError, Problem
from tests.streams.policy.sample import SAMPLE

PIECES = st.sampled_from(
    ["a", "reps", ":", ": ", "- ", "\n", "\n  ", " ", "{", "}", "[", "]", ",", "'", '"', "|", ">",
     "&x ", "*x", "!!str ", "!", "%", "%YAML 1.2\n", "%TAG ! x\n", "---\n", "...\n", "#", "? ",
     "<<", "~", "1", "-1.5", ".inf", "0x1F", "true", "\t", "\r\n", "\u2028", "\ufeff", "\\x",
     "\\UFFFFFFFF", "|2\n", ">-\n", "é", "\x85", "@", "`", "=", "99999999999999999999"]
)  # fmt: skip


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with the text; nothing for a good policy."""
    try:
        compile_policy(text, 1)
    except PolicyError as error:
        return error.problems or (Problem(0, 0, "", "an error without a problem"),)
    return ()


def answered(text: str | bytes) -> None:
    """Every problem has a place and a reason."""
    for problem in problems_of(text):
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.reason


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
@example('"\\x')
@example("? \n? ")
@example("!<> a")
@example("%YAML 9999999999999999999999.1\n--- a")
@example("a: 2026-01-01\nb: 1_000\nc: 0o17\nd: 1e999\ne: .nan")
def test_any_text_is_answered(text: str) -> None:
    """Made-up text, and text made of the marks of YAML."""
    answered(text)


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    """Binary files."""
    answered(data)


@settings(max_examples=200)
@given(st.data())
def test_a_policy_damaged_anywhere_is_answered(data: st.DataObject) -> None:
    """A good policy with one passage replaced by anything."""
    begin = data.draw(st.integers(0, len(SAMPLE)))
    end = data.draw(st.integers(begin, min(len(SAMPLE), begin + 30)))
    put = data.draw(st.one_of(PIECES, st.text(max_size=10)))
    answered(SAMPLE[:begin] + put + SAMPLE[end:])


def test_the_check_of_answers_notices_another_exception() -> None:
    """Twin: something that is not text at all is not answered, and this is seen."""
    with pytest.raises(AttributeError):
        answered(7)  # type: ignore[arg-type] # the point of the test
