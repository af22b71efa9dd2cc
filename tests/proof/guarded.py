"""A pipeline on a broker that denies by default: a user for each agent and kind of people."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.kafka import policies, topics
from agents.kafka.rights import PEOPLE, of_agent, of_person
from agents.settings import PUBLIC_SECRET, Kafka
from schemas.codec import Codec
from streams.pipeline import pipeline
from streams.policy.release import release
from tests.proof.policies import roomy
from tests.proof.running import Pipeline
from tests.secure_broker import PASSWORD, SecureBroker

PREFIX = "sales-"
STAGES = {stage.name: stage for stage in pipeline(PUBLIC_SECRET.encode(), Codec())}
Person = Callable[..., tuple[int, str]]
"""Runs a command as a kind of people: exit code and what stands on stderr."""


@dataclass(slots=True)
class Guarded(Pipeline):
    """Workers that each run one agent under a user of its own, who has the agent's rights."""

    def environment(self, name: str) -> dict[str, str]:
        """With the user's name and password."""
        environment = Pipeline.environment(self, name)
        return environment | variables(self.kafka, user_of(name))


def user_of(who: str) -> str:
    """As `leadstream topics rights` calls them."""
    return f"leadstream-{who}"


def variables(kafka: Kafka, user: str) -> dict[str, str]:
    """What a process needs to come in as a user."""
    return {
        "LEADSTREAM_BROKER": kafka.broker,
        "LEADSTREAM_PREFIX": kafka.prefix,
        "LEADSTREAM_SECRET": PUBLIC_SECRET,
        "LEADSTREAM_SECURITY_PROTOCOL": kafka.security_protocol,
        "LEADSTREAM_SSL_CA_LOCATION": kafka.ssl_ca_location or "",
        "LEADSTREAM_SASL_USERNAME": user,
        "LEADSTREAM_SASL_PASSWORD": PASSWORD,
    }


def furnish(secure: SecureBroker) -> None:
    """Users with just their rights; then topics and a policy, brought by those who may do that."""
    stages = tuple(STAGES.values())
    wanted = {user_of(name): of_agent(PREFIX, stage) for name, stage in STAGES.items()}
    wanted |= {user_of(kind): of_person(PREFIX, kind, stages) for kind in PEOPLE}
    secure.add_users(*wanted)
    secure.grant_all(wanted)
    topics.create(secure.kafka(user_of("create"), PREFIX), topics.wanted(PREFIX, stages))
    publisher = secure.kafka(user_of("publish"), PREFIX)
    policies.publish(publisher, Codec(), release(roomy()))
