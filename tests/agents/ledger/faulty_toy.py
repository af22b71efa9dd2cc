"""A toy worker in which one thing goes wrong: `python -m tests.agents.ledger.faulty_toy`.

Which one stands in the environment. The ledger is the product's; the fault is planted here.
"""

from tests.agents.ledger.faulty_agents import plant
from tests.agents.ledger.toy import STAGES, run

if __name__ == "__main__":
    run(tuple(map(plant(), STAGES)))
