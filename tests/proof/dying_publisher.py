"""A publisher that is killed in the middle: document and activations are sent, none is committed.

Runs the product's own publishing; only its end is another. Takes the policy's text on its input.
"""

import os
import sys

from agents.command_line.environment import settings
from agents.kafka import policies
from schemas.codec import Codec

if __name__ == "__main__":
    tell = policies.tell

    def tell_and_die(*arguments: object) -> int:
        """Every inbox has taken the activation; nobody commits it."""
        tell(*arguments)  # type: ignore[arg-type]  # passed on as they came
        os._exit(9)

    setattr(policies, "tell", tell_and_die)  # noqa: B010 - breaking it is the purpose
    policies.publish(settings().kafka, Codec(), sys.stdin.read())
