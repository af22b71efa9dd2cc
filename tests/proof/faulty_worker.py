"""The product's own worker in which one thing goes wrong: which one stands in the environment.

The faults are those of the toy's stages (`tests/agents/ledger/faulty_agents.py`), under the real
ones with the real rules.
"""

from typing import Any

from agents import worker
from agents.command_line.main import main
from tests.agents.ledger.faulty_agents import plant

composed = worker.composed


def composed_with_the_fault(*arguments: Any) -> Any:
    """Every stage as the fault makes it."""
    changed = plant()
    stages, prepare = composed(*arguments)
    return tuple(map(changed, stages)), prepare


if __name__ == "__main__":
    setattr(worker, "composed", composed_with_the_fault)  # noqa: B010 - breaking it is the purpose
    main()
