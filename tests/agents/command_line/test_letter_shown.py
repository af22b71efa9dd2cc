"""`deadletters show`: the original on stdout, and nobody's data beside it."""

import json

import pytest

from agents.command_line import deadletters
from schemas.codec import from_json
from schemas.outputs import LeadRejected
from tests.agents.command_line.process import ROOT

EXAMPLE = ROOT / "schemas" / "examples" / "LeadRejected.1.json"
PERSON = "anna@firm.example"


def shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], **changes: object
) -> str:
    """What stands on stderr when a letter with these changes is shown."""
    letter = from_json("leads.rejected", json.loads(EXAMPLE.read_text()) | changes)
    assert isinstance(letter, LeadRejected)
    monkeypatch.setattr(deadletters, "_letters", lambda *_: [letter])
    deadletters.show(letter.event_id)
    return capfd.readouterr().err


def test_of_a_failed_step_the_error_s_type_is_shown_not_its_text(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Personal data only in message values: the text may quote them, as a KeyError does."""
    said = shown(monkeypatch, capfd, error_type="KeyError", detail=PERSON)
    assert "error: KeyError" in said
    assert PERSON not in said


def test_of_refused_input_the_detail_is_shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Intake's own sentence holds no values and says what to mend."""
    said = shown(monkeypatch, capfd, error_type=None, detail="must be a number; send one")
    assert "detail: must be a number; send one" in said
