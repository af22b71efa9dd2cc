"""A recorded run decided again: the same bytes, and every change of it is found out."""

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

import pytest

from agents.kafka.policies import PolicyMissing
from agents.kafka.scan import Found
from agents.ledger.trace import CAUSE
from agents.recording.file import opened
from agents.recording.kept import KeptPolicies
from agents.recording.replay import ASKS_OUTSIDE, Replay, Replaying, from_nowhere
from streams.rules import grade
from streams.steps import judgement
from tests.agents.recording.run import CODEC, Run, altered, stages

Change = Callable[[Found], Iterable[Found]]


@pytest.fixture(scope="module")
def monday() -> Run:
    """The README's morning."""
    return Run().monday()


@pytest.fixture
def recording(monday: Run, tmp_path: Path) -> Path:
    """The same, recorded."""
    return monday.save(tmp_path / "recording")


def replayed(recording: Path) -> list[Replay]:
    """Every stage that decides."""
    with opened(recording) as source:
        replaying = Replaying(source, KeptPolicies(source), CODEC, lambda _: None)
        return [replaying.stage(one) for one in stages() if one.name != ASKS_OUTSIDE]


def departures(recording: Path) -> dict[str, str]:
    """What is told of each stage that says something else."""
    return {one.stage: str(one.departure) for one in replayed(recording) if one.departure}


def test_a_run_decided_again_says_the_same(recording: Path) -> None:
    """Every stage, with timers, policies and what went round; nothing is left out."""
    found = replayed(recording)
    assert [one.stage for one in found] == ["intake", "identify", "qualify", "route"]
    assert [one.departure for one in found] == [None] * 4
    assert [one.left for one in found] == [0] * 4
    assert all(one.said for one in found)
    with opened(recording) as source:
        assert from_nowhere(source) is None


def test_what_was_not_decided_yet_is_left_alone(monday: Run, tmp_path: Path) -> None:
    """A recording of a running pipeline: what one stage had not read, and nobody compares."""
    last = ("routing.inbox", 3)
    assert monday.log[last]
    found = {one.stage: one for one in replayed(monday.save(tmp_path / "a", later=[last]))}
    assert (found["route"].left, found["route"].departure) == (1, None)
    assert found["qualify"].left == 0


ASSIGNED, INPUT = "assignments.rep", "leads.raw"


def where(topic: str, change: Change) -> Change:
    """Changes the records of one topic."""
    return lambda one: change(one) if one.topic == topic else [one]


def elsewhere(one: Found) -> list[Found]:
    """The record in another partition."""
    return [more(one)._replace(partition=(one.partition + 1) % 4)]


def forged(one: Found) -> Found:
    """The record with a header that says that the first record of `identify` caused it."""
    return one._replace(headers=((CAUSE, b"identity.inbox/0/0"),))


def more(one: Found) -> Found:
    """The record behind all others."""
    return one._replace(offset=one.offset + 100)


def test_anybody_may_write_any_header_to_an_input_topic(recording: Path, tmp_path: Path) -> None:
    """Only what our agents send is compared."""
    change = where(INPUT, lambda one: [forged(one)])
    assert departures(altered(recording, tmp_path / "forged", change)) == {}


@pytest.mark.parametrize(
    ("change", "stage"),
    [
        (where(ASSIGNED, lambda one: [one._replace(value=one.value + b"x")]), "route"),
        (where(ASSIGNED, lambda one: [one._replace(key=b"x")]), "route"),
        (where(ASSIGNED, elsewhere), "route"),
        (where(ASSIGNED, lambda _: []), "route"),
        (where(ASSIGNED, lambda one: [one, more(one)]), "route"),
        (where(ASSIGNED, lambda one: [one, forged(more(one))]), "identify"),
        (where("leads.scored", lambda one: [one._replace(headers=one.headers[1:])]), "qualify"),
        (where(INPUT, lambda one: [one._replace(value=b"{}")]), "intake"),
        (where(INPUT, lambda _: []), "intake"),
        (
            where("routing.inbox", lambda one: [one._replace(timestamp=one.timestamp + 1)]),
            "route",
        ),
    ],
)
def test_a_record_that_is_changed_is_found(
    change: Change, stage: str, recording: Path, tmp_path: Path
) -> None:
    """Twin: value, key, partition, headers, input, time; one missing, one there twice."""
    assert stage in departures(altered(recording, tmp_path / "changed", change))


def test_another_policy_is_found(recording: Path, tmp_path: Path) -> None:
    """Twin: a document with other points decides otherwise."""

    def fewer_points(one: Found) -> list[Found]:
        return [one._replace(value=one.value.replace(b"demo_request: 40", b"demo_request: 39"))]

    found = departures(altered(recording, tmp_path / "other", where("policy", fewer_points)))
    assert "another value." in found["qualify"]


def test_a_changed_rule_is_found(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: as after a change of the program. Who decides otherwise is told, and nobody else."""
    monkeypatch.setattr(grade, "grade_of", lambda *_: "F")
    found = departures(recording)
    assert list(found) == ["qualify"]
    assert "qualify, given record " in found["qualify"]
    assert "another value.grade in record 0 of leads.scored/" in found["qualify"]


def test_a_step_that_asks_the_machine_is_found(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: a rule that is no function of its input, such as one that throws dice."""
    thrown = count()
    monkeypatch.setattr(judgement, "event_id", lambda *_: f"thrown-{next(thrown)}")
    Run().monday().save(recording.with_name("thrown"))
    assert (
        "another value.event_id in record 0" in departures(recording.with_name("thrown"))["qualify"]
    )


def test_a_policy_that_is_not_there_is_told(recording: Path, tmp_path: Path) -> None:
    """In a sentence; nothing is guessed."""
    without = altered(recording, tmp_path / "without", where("policy", lambda _: []))
    with pytest.raises(PolicyMissing, match="no policy version 0"):
        replayed(without)
