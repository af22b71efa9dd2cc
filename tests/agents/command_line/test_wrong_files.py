"""Files and streams that a command should not take, and what it must not destroy."""

import subprocess
import sys
from pathlib import Path

from tests.agents.command_line.process import POLICY, command, environment


def test_explain_refuses_a_file_that_simulate_did_not_write(tmp_path: Path) -> None:
    """An empty or foreign file is the wrong file, not a lead without decisions."""
    for content in (b"", b"no line of ours\n", b"\x00\x01"):
        (tmp_path / "out.jsonl").write_bytes(content)
        ran = command(tmp_path, "explain", "L-1", "--from", "out.jsonl")
        assert (ran.code, len(ran.said())) == (2, 1)
        assert "simulate --out" in ran.err


def test_simulate_does_not_write_over_what_it_reads(tmp_path: Path) -> None:
    """Neither the input lines nor the policy are lost to --out."""
    line = b'{"topic":"leads.raw","at":"2026-03-02T09:00:00Z","value":{}}\n'
    (tmp_path / "in.jsonl").write_bytes(line)
    ran = command(
        tmp_path, "simulate", "--policy", POLICY, "--events", "in.jsonl", "--out", "in.jsonl"
    )
    assert ran.code == 2
    assert (tmp_path / "in.jsonl").read_bytes() == line


def test_a_policy_without_end_is_refused(tmp_path: Path) -> None:
    """Only as much is read as a policy may have."""
    ran = command(tmp_path, "policy", "check", "/dev/zero")
    assert (ran.code, "1 MiB" in ran.err) == (2, True)


def test_a_closed_output_is_no_traceback(tmp_path: Path) -> None:
    """A caller may close the standard output; there is nobody to tell."""
    script = f"{sys.executable} -m agents.command_line.main topics list >&-"
    ran = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert b"Traceback" not in ran.stderr
    assert b"AttributeError" not in ran.stderr
