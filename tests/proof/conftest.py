"""What several proofs can ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.command_line.running import run
from tests.proof.guarded import PREFIX, Guarded, Person, furnish, user_of, variables
from tests.secure_broker import SecureBroker, running_secure_broker


@pytest.fixture(scope="module")
def secure() -> Iterator[SecureBroker]:
    """A broker that denies by default, with the pipeline's users, topics and policy.

    One for each file: what people send in one is no input of the proof in the other.
    """
    with running_secure_broker() as broker:
        furnish(broker)
        yield broker


@pytest.fixture
def guarded(secure: SecureBroker, tmp_path: Path) -> Iterator[Guarded]:
    """The pipeline, seen by the administrator; its workers end with the test."""
    made = Guarded(secure.kafka(prefix=PREFIX), tmp_path)
    yield made
    made.stop()


@pytest.fixture
def person(
    secure: SecureBroker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Person:
    """Runs a command in this process as one kind of people: exit code and sentences."""

    def call(who: str, *arguments: str, **changes: str) -> tuple[int, str]:
        settings = variables(secure.kafka(prefix=PREFIX), user_of(who)) | changes
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        code = run(arguments)
        return code, capfd.readouterr().err

    monkeypatch.chdir(tmp_path)
    return call
