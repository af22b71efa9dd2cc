"""What the broker's refusals mean to the person at the command line."""

from confluent_kafka import KafkaError, KafkaException

from agents.kafka.policies import NotPublished, PolicyMissing
from agents.kafka.unavailable import RegistryUnavailable
from agents.settings import Kafka

KINDS = (KafkaException, NotPublished, PolicyMissing, RegistryUnavailable, TimeoutError)
"""Exceptions that mean: not our mistake, the world's."""
RIGHTS = "AUTHORIZATION_FAILED"
SILENCE = frozenset(
    {
        "_TRANSPORT",
        "_ALL_BROKERS_DOWN",
        "_TIMED_OUT",
        "_MSG_TIMED_OUT",
        "_RESOLVE",
        "REQUEST_TIMED_OUT",
        "COORDINATOR_NOT_AVAILABLE",
        "LEADER_NOT_AVAILABLE",
        "NETWORK_EXCEPTION",
    }
)


def sentence(error: BaseException, kafka: Kafka) -> str:
    """One sentence with a remedy for any of `KINDS`."""
    if isinstance(error, KafkaException):
        return refusal(error.args[0], kafka)
    if isinstance(error, TimeoutError):
        return f"the broker at {kafka.broker} does not answer in time: see that it runs, try again"
    return str(error)


def refusal(error: KafkaError, kafka: Kafka) -> str:
    """One sentence for the broker's or the client's own error."""
    name = error.name()
    if name in SILENCE:
        return f"the broker at {kafka.broker} does not answer ({name}): see that it runs, try again"
    if RIGHTS in name:
        return (
            f"the broker at {kafka.broker} grants no right to do this ({name}): ask for what "
            "`leadstream topics rights` lists for it"
        )
    if name in {"UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"}:
        return "a topic is not there: run `leadstream topics create` first"
    if name == "MSG_SIZE_TOO_LARGE":
        return "the message is larger than its topic takes: send a smaller one"
    return f"the broker at {kafka.broker} refuses ({name}): {error.str()}"
