"""What the broker grants us: asked at the start, and again when it refuses something."""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AclOperation, AdminClient

from agents.clock import steady_s
from agents.kafka import clients
from agents.kafka.rights import Right
from agents.leaving import StayDown
from agents.settings import Kafka

if TYPE_CHECKING:
    from concurrent.futures import Future

ANSWER_S = 10.0
AGAIN_S = 0.1
SHOWN = 3
"""So many missing rights are named in a sentence; the command it names lists all."""
REFUSALS = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    }
)
UNKNOWN = frozenset({KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.GROUP_ID_NOT_FOUND})
MOVING = frozenset(
    {
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    }
)


SUSPECTS = frozenset({KafkaError.INVALID_TXN_STATE, KafkaError._TIMED_OUT})  # noqa: SLF001 - no public name
"""In which a refusal may come as well: of a transaction's first partition, of another's group."""


class RightMissing(StayDown):
    """The broker refuses a right; a restart does not help."""

    def __init__(self, sentence: str, code: int | None = None) -> None:
        """`code` is the broker's own, where it has refused something already."""
        super().__init__(sentence)
        self.code = code


def refused(problem: KafkaError) -> RightMissing:
    """For the broker's own error, which does not name what it is about."""
    return RightMissing(
        f"the broker refuses this worker a right ({problem.name()}: {problem.str()}): grant it, "
        "then start again",
        problem.code(),
    )


def refuse_missing(kafka: Kafka, needed: Sequence[Right]) -> None:
    """Raises `RightMissing` that names what of this the broker does not grant.

    Transactional ids cannot be asked for; `init_transactions` tells at once.
    """
    absent = missing(kafka, needed)
    if absent:
        raise RightMissing(_sentence(kafka, absent))


def explained(error: Exception, kafka: Kafka, needed: Sequence[Right]) -> Exception:
    """The error; or instead of it the rights that are missing, where it may come of that."""
    code = _code_of(error)
    if code not in REFUSALS | SUSPECTS:
        return error
    try:
        absent = missing(kafka, needed)
    except KafkaException:
        return error
    if not absent and code == KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        absent = [each for each in needed if each.resource == "transactional-id"]
    return RightMissing(_sentence(kafka, absent), code) if absent else error


def missing(kafka: Kafka, needed: Sequence[Right]) -> list[Right]:
    """Which of these rights on topics and groups the broker does not grant, by its own word.

    A topic that is not there, and a broker that does not tell, hold nothing against us. Raises
    `KafkaException` where the broker does not answer.
    """
    admin = clients.admin(kafka)
    granted = {
        "topic": _granted(_names(needed, "topic"), partial(_topics, admin)),
        "group": _granted(_names(needed, "group"), partial(_groups, admin)),
    }
    return [
        each
        for each in needed
        if each.resource in granted and not _has(granted[each.resource][each.name], each.operation)
    ]


Answers = dict[str, "Future[Any]"]
Granted = dict[str, frozenset[str] | None]
"""Operations by name; None where the broker does not tell."""


def _topics(admin: AdminClient, names: list[str]) -> Answers:
    return admin.describe_topics(
        TopicCollection(names), include_authorized_operations=True, request_timeout=ANSWER_S
    )


def _groups(admin: AdminClient, names: list[str]) -> Answers:
    return admin.describe_consumer_groups(
        names, include_authorized_operations=True, request_timeout=ANSWER_S
    )


def _names(needed: Iterable[Right], resource: str) -> list[str]:
    return sorted({each.name for each in needed if each.resource == resource})


def _granted(names: list[str], ask: Callable[[list[str]], Answers]) -> Granted:
    """Asks again for groups whose coordinator is only just being found."""
    found: Granted = {}
    deadline = steady_s() + ANSWER_S
    while names:
        for name, future in ask(names).items():
            try:
                found[name] = _operations(future)
            except KafkaException as error:
                if error.args[0].code() not in MOVING or steady_s() > deadline:
                    raise
        names = [name for name in names if name not in found]
        if names:
            time.sleep(AGAIN_S)
    return found


def _operations(future: "Future[Any]") -> frozenset[str] | None:
    try:
        found: list[AclOperation] = future.result(ANSWER_S).authorized_operations or []
    except KafkaException as error:
        if error.args[0].code() in REFUSALS:
            return frozenset()
        if error.args[0].code() in UNKNOWN:
            return None
        raise
    return frozenset(each.name for each in found) or None


def _has(operations: frozenset[str] | None, operation: str) -> bool:
    return operations is None or operation in operations


def _code_of(error: Exception) -> int | None:
    """The broker's code behind an error."""
    if isinstance(error, KafkaException):
        return int(error.args[0].code())
    return error.code if isinstance(error, RightMissing) else None


def _sentence(kafka: Kafka, absent: Sequence[Right]) -> str:
    shown = ", ".join(map(str, absent[:SHOWN]))
    more = f" and {len(absent) - SHOWN} more" if len(absent) > SHOWN else ""
    who = f"user {kafka.sasl_username}" if kafka.sasl_username else "this worker"
    return (
        f"the broker at {kafka.broker} does not grant {who} {shown}{more}: grant what `leadstream "
        "topics rights` lists for the agent, then start again"
    )
