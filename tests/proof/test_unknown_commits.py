"""A commit of the whole pipeline whose outcome is not known, with the real rules (design, 4)."""

from pathlib import Path

import pytest

from agents.leaving import RESTART
from tests.agents.ledger.faulty_commits import ARMED, COMMITS, PAUSED, UNKNOWN
from tests.broker import Broker, standing_still
from tests.proof.faulty import AT_ROUTE, back, settled, start_faulty
from tests.proof.load import Load
from tests.proof.policies import roomy
from tests.proof.running import SAID_S, Places, make

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("fault", "leaves", "is_fine"),
    [
        ("commit_unknown", False, True),
        ("commit_unknown_for_good", True, True),
        ("commit_guessed", False, False),
    ],
)
def test_a_commit_without_an_answer_is_not_guessed(
    pausable: Broker, tmp_path: Path, fault: str, *, leaves: bool, is_fine: bool
) -> None:
    """The broker stands still during route's commit: asked again, or left to the restore.

    The twin takes it for aborted and decides those leads again.
    """
    pipeline = make(pausable.bootstrap, tmp_path, roomy())
    places = Places(pipeline.kafka)
    try:
        start_faulty(pipeline, "one", fault, **AT_ROUTE)
        pipeline.wait_ready("one")
        load = Load(pipeline, places, seed=68)
        load.start()
        (pipeline.folder / ARMED).touch()
        pipeline.wait_said("one", COMMITS)
        with standing_still(pausable):
            (pipeline.folder / PAUSED).touch()
            pipeline.wait_said("one", UNKNOWN)
        if leaves:
            assert pipeline.workers["one"].wait(SAID_S) == RESTART
            assert "did not say within" in pipeline.log("one").read_text()
            back(pipeline, "one")
        assert (settled(pipeline, load, places) == []) is is_fine
    finally:
        places.close()
        pipeline.stop()
