"""The command `python -m schemas`."""

import runpy
from pathlib import Path

import pytest

import schemas.__main__
from schemas.__main__ import main

FILE = str(Path(schemas.__main__.__file__))


def test_the_command_says_how_it_went(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the build calls it: exit code 0 and one line."""
    monkeypatch.setattr("sys.argv", ["schemas", "check"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(FILE, run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == "check: fine\n"


@pytest.mark.parametrize("words", [[], ["chekc"], ["check", "--again"]])
def test_wrong_usage_is_told_apart(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and a line of usage."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: python -m schemas" in capsys.readouterr().err
