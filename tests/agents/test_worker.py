"""The composition root: which agents run."""

import pytest

from agents.leaving import StayDown
from agents.worker import chosen
from tests.agents.ledger.toy import STAGES


def test_all_agents_run_where_none_is_named_and_each_named_one_once() -> None:
    """In the order in which they are named."""
    one, two = STAGES
    assert chosen(STAGES, []) == STAGES
    assert chosen(STAGES, ["two", "one", "two"]) == (two, one)


def test_an_unknown_agent_is_told_with_those_there_are() -> None:
    """One sentence with the remedy."""
    with pytest.raises(StayDown, match="no agent 'three': choose from one, two"):
        chosen(STAGES, ["one", "three"])
