"""A broker as it is in operation: one whose JVM has just started commits three times slower."""

from agents.bench.running import Plan, measure
from agents.settings import Kafka

PLAN = Plan(rates=(100, 300), seconds=20, backlog=0)


def warm(kafka: Kafka) -> None:
    """Lets leads go through for a minute, and forgets the figures. Raises as `measure`."""
    measure(kafka, PLAN, lambda _sentence: None)
