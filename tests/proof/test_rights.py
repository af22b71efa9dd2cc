"""Rights on a broker that denies by default: the least set is enough, and one less is refused."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from agents import worker
from agents.kafka import clients, granted
from agents.kafka.granted import RightMissing
from agents.kafka.rights import Right, of_agent
from agents.leaving import STAY_DOWN
from agents.ledger.transaction import Transactions
from agents.settings import Kafka
from streams.stage import Stage
from tests.proof.guarded import PREFIX, STAGES, Guarded, Person, user_of
from tests.proof.made_leads import Made, expected, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places
from tests.secure_broker import SecureBroker

LEADS = 300
ENDS_S = 30.0


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


@pytest.mark.slow
def test_the_least_rights_are_enough_and_one_taken_away_ends_the_worker(
    secure: SecureBroker, guarded: Guarded, person: Person
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
    assert person("look", "explain", sent[0].lead_id) == (0, "")
    assert person("trace", "trace", sent[0].lead_id) == (0, "")
    assert person("trace", "record", "all.recording") == (0, "")


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
        name = f"{kafka.prefix}leadstream-{stage.name}-x"
        Transactions(lambda: clients.transactional_producer(kafka, name))
    except RightMissing as error:
        return str(granted.explained(error, kafka, needed))
    return ""


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


def test_the_whole_set_is_not_refused(secure: SecureBroker) -> None:
    """Twin of the test before: with every right nothing is said."""
    for name, stage in STAGES.items():
        assert refusal(secure.kafka(user_of(name), PREFIX), stage) == ""
