"""Bad input: a sentence with place and remedy, the right exit code, never a traceback."""

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agents import inputs
from tests.agents.command_line.process import COMMAND, NOBODY, POLICY, Ran, command, environment
from tests.agents.command_line.samples import captured, text
from tests.pace import slowness

LOOKS_FOR_BROKER_S = 6.0
"""Less than a command looks for its broker."""
GOOD = text(captured(1))
CASES = [
    ("empty file", b"", "events has no input lines"),
    ("binary file", bytes(range(256)) * 8, "events, line 1: not one complete JSON object"),
    ("half a line", GOOD + GOOD[:40], "events, line 2: not one complete JSON object"),
    ("not an object", b"[]\n", "events, line 1: expected object, got array"),
    ("wrong type", b'{"topic": 7, "value": {}}\n', "line 1: expected str, got int at topic"),
    ("no topic", b'{"value": {}}\n', "line 1: object missing required field topic"),
    ("no value", b'{"topic": "leads.raw"}\n', "line 1: object missing required field value"),
    ("unknown key", b'{"anna@firm.example": 1}\n', "line 1: it has a key other than"),
    ("unknown topic", text({"topic": "leads.rw", "value": {}}), "did you mean 'leads.raw'?"),
    ("no time", text({"topic": "leads.raw", "value": {}}), "line 1: it has no `at`"),
    ("bad time", text({"topic": "leads.raw", "at": "soon", "value": {}}), "its `at` is not usable"),
    ("too deep", b'{"topic":"leads.raw","value":' + b"[" * 99_999 + b"\n", "nested too deeply"),
]


def one_sentence(ran: Ran, code: int) -> str:
    """The only sentence on stderr, after a look at what must hold for all of them."""
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err
    assert len(ran.said()) == 1, ran.err
    assert ran.err.startswith("leadstream: ")
    return ran.err


@pytest.mark.parametrize(("content", "expected"), [case[1:] for case in CASES], ids=lambda _: "")
def test_a_bad_line_is_named_by_file_and_line(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    """Bad input: exit code 2 and one sentence; personal data never on stderr."""
    (tmp_path / "events").write_bytes(content)
    ran = command(tmp_path, "simulate", "--policy", POLICY, "--events", "events")
    sentence = one_sentence(ran, 2)
    assert expected in sentence
    assert "firm" not in sentence


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("simul",), 'Did you mean "simulate"?'),
        (("topics", "list", "--frob"), "--frob"),
        (("simulate",), "--policy requires an argument"),
        (("demo", "--leads", "many"), "--leads"),
        (("demo", "--leads", "0"), "--leads"),
        (("produce", "nowhere.jsonl"), "nowhere.jsonl is not there"),
        (("produce", "/"), "cannot be read: Is a directory"),
        (("convert", "nowhere.csv"), "nowhere.csv is not there"),
        (("explain", "lead-1", "--from", "nowhere"), "nowhere is not there"),
        (("policy", "check", "nowhere.yaml"), "nowhere.yaml is not there"),
        (("deadletters", "replay"), "either one ID or --reason"),
    ],
)
def test_wrong_usage_ends_with_code_2(
    tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    """Contract, section 1: 2 is wrong usage or invalid input."""
    assert expected in one_sentence(command(tmp_path, *arguments), 2)


def test_every_problem_of_a_policy_has_file_line_and_column(tmp_path: Path) -> None:
    """`policy check`: one sentence a problem, each with its place."""
    (tmp_path / "p.yaml").write_text(POLICY.read_text().replace("\nteams:", "\ntaems:"))
    ran = command(tmp_path, "policy", "check", "p.yaml")
    assert ran.code == 2
    assert all(line.startswith("leadstream: p.yaml:") for line in ran.said())
    assert any("'taems' is not a key" in line for line in ran.said())


def test_the_problems_of_a_policy_are_one_json_object_where_json_is_asked_for(
    tmp_path: Path,
) -> None:
    """Contract, section 1: the last line of stdout, whatever the exit code; sentences as before."""
    (tmp_path / "p.yaml").write_text(POLICY.read_text().replace("\nteams:", "\ntaems:"))
    ran = command(tmp_path, "policy", "check", "p.yaml", "--json")
    problems = json.loads(ran.out.splitlines()[-1])["problems"]
    assert (ran.code, len(problems)) == (2, len(ran.said()))
    for problem, sentence in zip(problems, ran.said(), strict=True):
        assert f"p.yaml:{problem['line']}:{problem['column']}: " in sentence
        assert problem["reason"] in sentence


def test_without_a_broker_a_command_says_so_and_does_not_hang(tmp_path: Path) -> None:
    """Broker down at start: the variable to set, and no half file.

    Exit code 1; for a worker 70, restart me: the broker may be on its way up.
    """
    (tmp_path / "events").write_bytes(GOOD)
    (tmp_path / "lead.json").write_text('{"type": "lead.captured"}')
    there = sorted(tmp_path.iterdir())
    calls = (
        ("produce", "events"),
        ("topics", "create"),
        ("topics", "check"),
        ("policy", "publish", str(POLICY)),
        ("policy", "show"),
        ("policy", "diff", "3", str(POLICY)),
        ("explain", "lead-1"),
        ("deadletters", "list"),
        ("preview", "lead.json"),
        ("reroute",),
        ("record", "new"),
        ("worker",),
    )
    secret = {"LEADSTREAM_SECRET": "of sixteen characters"}
    with ThreadPoolExecutor(len(calls)) as pool:
        ends = pool.map(lambda each: command(tmp_path, *each, variables=secret), calls)
    for call, ran in zip(calls, ends, strict=True):
        sentence = one_sentence(ran, 70 if call == ("worker",) else 1)
        assert f"no Kafka broker answers at {NOBODY}" in sentence
        assert "LEADSTREAM_BROKER" in sentence
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.parametrize(
    ("variables", "arguments", "code", "expected"),
    [
        ({}, (), 78, "LEADSTREAM_SECRET needs at least 16 characters"),
        ({"LEADSTREAM_SECRET": "short"}, (), 2, "LEADSTREAM_SECRET: it needs at least 16"),
        ({}, ("router",), 2, "there is no agent 'router'"),
        ({"LEADSTREAM_SECRET": "x" * 16}, ("router",), 2, "there is no agent 'router'"),
        ({"LEADSTREAM_REPLICATION": "77"}, (), 2, "LEADSTREAM_REPLICATION: "),
    ],
)
def test_a_worker_that_is_set_up_wrongly_names_the_variable(
    tmp_path: Path,
    variables: dict[str, str],
    arguments: tuple[str, ...],
    code: int,
    expected: str,
) -> None:
    """Settings: one sentence with the variable; a given secret is never printed."""
    sentence = one_sentence(command(tmp_path, "worker", *arguments, variables=variables), code)
    assert expected in sentence
    assert "short" not in sentence


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    """Full disk: a sentence and exit code 1, for --out and for the standard output alike."""
    (tmp_path / "events").write_bytes(GOOD)
    arguments = ("simulate", "--policy", POLICY, "--events", "events")
    full = command(tmp_path, *arguments, "--out", "/dev/full")
    assert "No space left on device" in one_sentence(full, 1)
    with Path("/dev/full").open("wb") as sink:
        done = subprocess.run(
            (*COMMAND, *map(str, arguments)),
            cwd=tmp_path,
            env=environment(),
            stdout=sink,
            stderr=subprocess.PIPE,
            check=False,
        )
    ran = Ran(done.returncode, "", done.stderr.decode())
    assert "No space left on device" in one_sentence(ran, 1)


def test_no_permission_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission: which file, and what to do; also where tests run as root."""

    def refuse(_self: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with (
        pytest.raises(inputs.BadInput, match="cannot be read: Permission denied"),
        inputs.opened(tmp_path / "events"),
    ):
        pass


@pytest.mark.parametrize("arguments", [("topics", "list"), ("--help",), ("demo", "--help")])
def test_a_reader_that_has_enough_is_no_failure(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """`| head`: no traceback, nothing on stderr, exit code 0."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        (*COMMAND, *arguments),
        cwd=tmp_path,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.fixture(scope="module")
def busy_s() -> float:
    """After how long a command has begun, and does not yet know that there is no broker."""
    return min(2.5 * slowness(), LOOKS_FOR_BROKER_S)


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "--policy", str(POLICY), "--events", "-", "--out", "out"),
        ("topics", "check"),
        ("convert", "pipe.csv", "--out", "out"),
    ],
)
def test_ctrl_c_ends_in_one_line(tmp_path: Path, arguments: tuple[str, ...], busy_s: float) -> None:
    """Ctrl-C while reading, or while a broker is waited for: exit code 130, no half file."""
    header = b"Record ID,Email,Phone Number,Create Date\n"
    rows = (b"%d,a%d@firm.example,,2026-03-02 09:00\n" % (row, row) for row in range(400_000))
    (tmp_path / "pipe.csv").write_bytes(header + b"".join(rows))
    with subprocess.Popen(
        (*COMMAND, *arguments),
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(busy_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "leadstream: interrupted"
    assert b"Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe.csv"]
