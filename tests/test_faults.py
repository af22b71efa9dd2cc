"""Each fault that issue 5 and the design (section 4) name has a test, and a twin to break it."""

import re
from collections.abc import Iterator

import pytest

from tests.proof.dying_worker import IN_A_TURN, IN_RESTORE
from tests.requirements import Carried, carried
from tests.test_readme import TESTS_README

IN_A_WORKER = (
    "expired group offsets",
    "exception in a callback",
    "partition lost in the gather",
    "agent that raises",
    "agent that hangs",
    "outgoing event that is too large",
)
FAULTS = (
    "`kill -9` of one of two and of three at random every 5 s",
    "`kill -9` of one of two and of three at random every 20 s",
    "SIGSTOP for longer than the session timeout, then SIGCONT",
    "rolling restart",
    "a worker leaves for good",
    "a worker is killed and restarted",
    "broker killed in mid-flight and restarted",
    "broker stands still in mid-flight",
    *(f"crash {point}" for point in (*IN_A_TURN, IN_RESTORE)),
    "two workers of one name",
    "commit outcome unknown",
    "commit outcome unknown for good",
    "a transaction's end that the broker carries out late",
    "zombie with an open transaction, a third takes over",
    "rows behind a zombie's open transaction",
    *IN_A_WORKER,
    "error event among the records",
    "every step fails",
    "no member of the group",
    "missing permission",
    *(f"{fault}, on the whole pipeline" for fault in IN_A_WORKER),
    "registry down for a minute",
)
LINE = re.compile(
    r"^\| ([^|]+) \| `(tests/\S+)`, `(test_\w+)` \| `(tests/\S+)`, `(test_\w+)` \|$", re.MULTILINE
)


def all_tests() -> Carried:
    """Every test of the suite, by `file::name`."""
    return carried(named=lambda text: {text})


def mistakes(text: str, tests: Carried) -> Iterator[str]:
    """What is wrong with the table, one sentence each."""
    table = LINE.findall(text)
    if tuple(fault for fault, *_ in table) != FAULTS:
        yield "the table has not all faults once and in order"
    for fault, *places in table:
        for path, name in (places[:2], places[2:]):
            if f"{path}::{name}" not in tests:
                yield f"{fault}: there is no test {name} in {path}"


def test_every_fault_has_its_test_and_its_twin() -> None:
    """Issue 5: each fault by itself, and the oracle's twin."""
    assert list(mistakes(TESTS_README, all_tests())) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("| crash in restore |", "| crash in the restore |"),
        ("`test_a_commit_without_an_answer_is_not", "`test_a_commit_without_an_answer_is_never"),
        ("`tests/proof/test_oracle_twin.py`", "`tests/proof/test_oracle.py`"),
    ],
)
def test_an_untrue_table_of_faults_would_be_noticed(right: str, wrong: str) -> None:
    """Twin: one word changed in the table."""
    assert right in TESTS_README
    assert list(mistakes(TESTS_README.replace(right, wrong), all_tests())) != []
