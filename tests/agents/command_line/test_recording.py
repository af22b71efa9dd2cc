"""`record` and `replay` as commands: exit codes, sentences, and one JSON object."""

import json
from pathlib import Path

import pytest

from agents.kafka.scan import Found
from agents.settings import PUBLIC_SECRET
from tests.agents.command_line.process import Ran, command
from tests.agents.recording.run import Run, altered

SECRET = {"LEADSTREAM_SECRET": PUBLIC_SECRET}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has a recording of the README's morning, and the same with other output."""
    made = tmp_path_factory.mktemp("recordings")
    good = Run().monday().save(made / "good")
    altered(good, made / "bad", other_status)
    altered(good, made / "strange", and_a_stranger)
    return made


def other_status(one: Found) -> list[Found]:
    """A lifecycle that says something else."""
    changed = one.topic == "leads.lifecycle"
    return [one._replace(value=one.value.replace(b"mql", b"sql")) if changed else one]


def and_a_stranger(one: Found) -> list[Found]:
    """Output that names no cause."""
    stranger = one._replace(offset=one.offset + 77, headers=())
    return [one, stranger] if one.topic == "alerts" else [one]


def replay(folder: Path, *arguments: str, **changes: str) -> Ran:
    """Runs the command as somebody who has the secret."""
    return command(folder, "replay", *arguments, variables=SECRET | changes)


def test_a_replay_needs_no_broker_and_ends_with_what_was_compared(folder: Path) -> None:
    """A table, or one JSON object as the last line."""
    shown = replay(folder, "good")
    assert (shown.code, shown.err) == (0, "")
    assert "route" in shown.out
    ran = replay(folder, "good", "qualify", "route", "--json")
    found = json.loads(ran.out.splitlines()[-1])
    assert [one["agent"] for one in found["agents"]] == ["qualify", "route"]
    assert all(one["decided"] and one["said"] and not one["left"] for one in found["agents"])
    assert (found["difference"], found["uncaused"]) == (None, None)


def test_the_first_difference_is_one_sentence_and_a_failure(folder: Path) -> None:
    """Agent, record, what it said and which field; nobody's data."""
    ran = replay(folder, "bad", "--json")
    assert (ran.code, len(ran.said())) == (1, 1)
    assert ran.err.startswith("leadstream: route, given record ")
    assert ", sends another value.status in record 0 of leads.lifecycle/" in ran.err
    found = json.loads(ran.out.splitlines()[-1])["difference"]
    assert (found["agent"], found["topic"]) == ("route", "routing.inbox")
    assert found["said"]["topic"] == "leads.lifecycle"
    assert found["said"]["field"] == "value.status"
    assert replay(folder, "bad", "intake", "identify", "qualify").code == 0


@pytest.mark.parametrize(
    ("arguments", "changes", "code", "sentence"),
    [
        (("nowhere",), {}, 2, "nowhere is not there"),
        (("good", "notify"), {}, 2, "there is no agent 'notify'"),
        (("good", "enrich"), {}, 2, "choose from intake, identify, qualify, route"),
        (
            ("good",),
            {"LEADSTREAM_SECRET": "another-secret-of-ours"},
            2,
            "another LEADSTREAM_SECRET",
        ),
        (("good",), {"LEADSTREAM_SECRET": ""}, 1, "LEADSTREAM_SECRET needs at least"),
    ],
)
def test_what_cannot_be_replayed_is_one_sentence(
    arguments: tuple[str, ...], changes: dict[str, str], code: int, sentence: str, folder: Path
) -> None:
    """Wrong file, agent or secret."""
    ran = replay(folder, *arguments, **changes)
    assert (ran.code, len(ran.said()), ran.out) == (code, 1, "")
    assert sentence in ran.err


def test_a_recording_of_nothing_proves_nothing(folder: Path) -> None:
    """As where a group's offsets have expired: no comparison is no success."""
    altered(folder / "good", folder / "empty", lambda one: [one], expired="routing.inbox")
    ran = replay(folder, "empty")
    assert (ran.code, len(ran.said())) == (1, 1)
    assert "empty has nothing that route had decided" in ran.err
    assert replay(folder, "empty", "intake", "identify").code == 0


def test_a_record_of_nobody_is_told(folder: Path) -> None:
    """Output that names no cause: somebody else writes to our topics."""
    ran = replay(folder, "strange")
    assert (ran.code, len(ran.said())) == (1, 1)
    assert "record 77 of alerts/3 names no cause" in ran.err


def test_a_recording_is_not_written_over(folder: Path) -> None:
    """Said before any broker is asked for."""
    ran = command(folder, "record", "good", variables=SECRET)
    assert (ran.code, len(ran.said())) == (2, 1)
    assert "good is there already: choose another name" in ran.err
