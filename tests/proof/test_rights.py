"""Rights on a broker that denies by default: the least set is enough, and one less is refused."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents import worker
from agents.kafka import clients, granted, policies, topics
from agents.kafka.granted import RightMissing
from agents.kafka.rights import PEOPLE, Right, of_agent, of_person
from agents.leaving import STAY_DOWN
from agents.ledger.transaction import Transactions
from agents.settings import PUBLIC_SECRET, Kafka
from schemas.codec import Codec
from streams.pipeline import pipeline
from streams.policy.release import release
from streams.stage import Stage
from tests.agents.command_line.process import Ran, command
from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places
from tests.proof.test_faults import expected
from tests.secure_broker import PASSWORD, SecureBroker, running_secure_broker

PREFIX = "sales-"
LEADS = 300
STAGES = {stage.name: stage for stage in pipeline(PUBLIC_SECRET.encode(), Codec())}
ENDS_S = 30.0


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


@pytest.fixture(scope="module")
def secure() -> Iterator[SecureBroker]:
    """A broker with topics and a policy, both brought by users who may just do that."""
    with running_secure_broker() as broker:
        stages = tuple(STAGES.values())
        wanted = {user_of(name): of_agent(PREFIX, stage) for name, stage in STAGES.items()}
        wanted |= {user_of(kind): of_person(PREFIX, kind, stages) for kind in PEOPLE}
        broker.add_users(*wanted)
        broker.grant_all(wanted)
        topics.create(broker.kafka(user_of("create"), PREFIX), topics.wanted(PREFIX, stages))
        document = release(roomy())
        policies.publish(broker.kafka(user_of("publish"), PREFIX), Codec(), document)
        yield broker


@pytest.fixture
def guarded(secure: SecureBroker, tmp_path: Path) -> Iterator[Guarded]:
    """The pipeline, seen by the administrator; its workers end with the test."""
    made = Guarded(secure.kafka(prefix=PREFIX), tmp_path)
    yield made
    made.stop()


def as_user(secure: SecureBroker, who: str, folder: Path, *arguments: str) -> Ran:
    """Runs a command as one kind of people."""
    kafka = secure.kafka(prefix=PREFIX)
    return command(folder, *arguments, variables=variables(kafka, user_of(who)))


def start(guarded: Guarded, *agents: str) -> None:
    """Starts a worker for each agent and waits until it takes records."""
    for name in agents:
        guarded.start(name, name)
    for name in agents:
        guarded.wait_ready(name)


class Sent:
    """Leads sent by a user who may just send, and what becomes of them."""

    def __init__(self, secure: SecureBroker, guarded: Guarded) -> None:
        """Nothing is sent yet."""
        self._pipeline = Pipeline(secure.kafka(user_of("send"), PREFIX), guarded.folder)
        self._sent: list[Made] = []
        self.places = Places(guarded.kafka)

    def send(self, batch: list[Made]) -> None:
        """Sends some more."""
        self._sent += batch
        self._pipeline.send(batch)

    def wait(self) -> None:
        """Returns once everything that was sent came out."""
        self.places.wait(*expected(self._sent), timeout_s=60)


def left_with(guarded: Guarded, name: str) -> tuple[int, str]:
    """The exit code of a worker that must end by itself, and its last line."""
    try:
        code = guarded.workers[name].wait(ENDS_S)
    except subprocess.TimeoutExpired:
        pytest.fail(f"{name} goes on:\n{guarded.log(name).read_text()[-2000:]}")
    return code, guarded.log(name).read_text().splitlines()[-1]


TAKEN = {
    "route": Right("topic", f"{PREFIX}leads.lifecycle", "WRITE"),
    "qualify": Right("transactional-id", f"{PREFIX}leadstream-qualify-", "WRITE", prefixed=True),
    "identify": Right("topic", f"{PREFIX}identity.inbox", "READ"),
    "intake": Right("group", f"{PREFIX}leadstream-intake", "READ"),
}
"""A right of each kind, taken from workers while they run: the last of the way first."""
BATCHES = 1 + len(TAKEN)


@pytest.mark.timeout(180)
@pytest.mark.slow
def test_the_least_rights_are_enough_and_one_taken_away_ends_the_worker(
    secure: SecureBroker, guarded: Guarded
) -> None:
    """Leads flow under five users; four lose a right, leave and say which; no lead is lost."""
    sent = list(made_leads(LEADS, seed=21))
    size = -(-len(sent) // BATCHES)
    batches = [sent[begin : begin + size] for begin in range(0, len(sent), size)]
    out = Sent(secure, guarded)
    start(guarded, *STAGES)
    out.send(batches[0])
    out.wait()

    for batch, (name, right) in zip(batches[1:], TAKEN.items(), strict=True):
        secure.take(user_of(name), right)
        out.send(batch)
        code, sentence = left_with(guarded, name)
        assert (code, f"{right}: grant what" in sentence) == (STAY_DOWN, True), sentence
    for name, right in TAKEN.items():
        secure.grant(user_of(name), [right])
        guarded.start(name, name)
    out.wait()
    out.places.close()
    guarded.stop()
    assert findings(sent, read(guarded.kafka)) == []


def short_of_one() -> dict[str, tuple[Stage, Right]]:
    """A user for each right of each agent, who has all of the agent's rights but that one."""
    return {
        f"{name}-{number}": (stage, right)
        for name, stage in STAGES.items()
        for number, right in enumerate(of_agent(PREFIX, stage))
    }


def refusal(kafka: Kafka, stage: Stage) -> str:
    """What a worker says that starts under this user; nothing if it may go on."""
    needed = of_agent(kafka.prefix, stage)
    try:
        worker.refuse_unfit(kafka, [stage])
        producer = clients.transactional_producer(kafka, f"{kafka.prefix}leadstream-{stage.name}-x")
        Transactions(producer)
    except RightMissing as error:
        return str(granted.explained(error, kafka, needed))
    return ""


@pytest.mark.timeout(120)
def test_each_right_less_is_refused_at_the_start_by_its_name(secure: SecureBroker) -> None:
    """Every right of every agent, one at a time: the broker is asked, and the worker stays down."""
    users = short_of_one()
    secure.add_users(*users)
    secure.grant_all(
        {
            user: [each for each in of_agent(PREFIX, stage) if each != right]
            for user, (stage, right) in users.items()
        }
    )
    with ThreadPoolExecutor(8) as pool:
        said = dict(
            zip(
                users,
                pool.map(lambda user: refusal(secure.kafka(user, PREFIX), users[user][0]), users),
                strict=True,
            )
        )
    wrong = [
        f"without {right}: {said[user]!r}"
        for user, (_, right) in users.items()
        if f"does not grant user {user} {right}: grant what" not in said[user]
    ]
    assert len(users) > 60
    assert wrong == []


@pytest.mark.timeout(60)
def test_the_whole_set_is_not_refused(secure: SecureBroker) -> None:
    """Twin of the test before: with every right nothing is said."""
    for name, stage in STAGES.items():
        assert refusal(secure.kafka(user_of(name), PREFIX), stage) == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"LEADSTREAM_SASL_PASSWORD": "wrong"}, "does not let user leadstream-enrich in"),
        ({"LEADSTREAM_SSL_CA_LOCATION": "stranger"}, "certificate verify failed"),
        ({"LEADSTREAM_SECURITY_PROTOCOL": "plaintext"}, "speaks TLS"),
        ({"LEADSTREAM_SASL_MECHANISM": "SCRAM-SHA-256"}, "supported mechanisms: SCRAM-SHA-512"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_who_is_not_let_in_is_told_in_one_sentence(
    changes: dict[str, str], told: str, secure: SecureBroker, tmp_path: Path
) -> None:
    """A worker's exit code is 78: another start would change nothing."""
    settings = variables(secure.kafka(prefix=PREFIX), user_of("enrich")) | changes
    if "LEADSTREAM_SSL_CA_LOCATION" in changes:
        settings["LEADSTREAM_SSL_CA_LOCATION"] = str(secure.certificates.stranger)
    ran = command(tmp_path, "worker", "enrich", variables=settings)
    assert (ran.code, len(ran.said())) == (STAY_DOWN, 1), ran.err
    assert told in ran.err
    assert next(iter(changes)) in ran.err
    assert PASSWORD not in ran.err
