"""Stream processors on the same two hops: `python -m tests.bench.peers [NAME ...]`.

One after the other on one broker that has run for a while, on the same cores, each with one
process, a session timeout of 6 s and, where it can have such, transactions of 5 s; `tests/peers/`
has the scripts and what they do. From the clock before a message is sent to its outcome read as
committed. Of the kill: 200 messages a second for 20 s, `kill -9` after 6 s, started again at once;
what was lost or came out twice is counted over everything that was sent.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from agents.bench import machine
from agents.bench.course import Course, WorkerEnded, course
from agents.kafka import names
from agents.kafka.scan import scan
from agents.kafka.stopwatch import Latency, Stopwatch, Unfinished
from agents.settings import Kafka
from tests.broker import running_broker
from tests.markdown import line, table
from tests.peers.ours import STAGES
from tests.peers.peer import PEERS, Peer
from tests.peers.quix_python import QuixUnavailableError
from tests.peers.work import HOPS, messages, name_of, number_in
from tests.warm_broker import warm

SESSION_MS = 6_000
WARM_UP, WARM_UP_RATE = 300, 100
RATES, SECONDS = (100, 1_000), 10
BACKLOG = 20_000
KILL_RATE, KILL_S, KILLED_AT_S = 200, 20, 6
HEAD = (
    "peer", "settings", "p50 / p99 ms at 100/s", "CPU", "at 1 000/s", "CPU",
    "longest wait, kill -9", "backlog, messages/s", "memory", "lost / doubled",
)  # fmt: skip


def measured(kafka: Kafka, peer: Peer) -> Iterator[str]:
    """The cells of a peer's row. Raises `QuixUnavailableError`, `Unfinished`, `WorkerEnded`."""
    with course(kafka, peer.command(), STAGES) as own:
        source, outcome = (names.topic(own.kafka.prefix, name) for name in (HOPS[0], HOPS[-1]))
        watch = Stopwatch(own.kafka, source, outcome, name_of)
        sent = 0
        try:
            own.start(1)
            watch.paced(list(messages(sent, WARM_UP)), WARM_UP_RATE)
            sent += WARM_UP
            for rate in RATES:
                before_s = own.cpu_s()
                latency = watch.paced(list(messages(sent, rate * SECONDS)), rate)
                sent += rate * SECONDS
                yield f"{latency.p50:.0f} / {latency.p99:.0f}"
                yield _cpu(before_s, own.cpu_s())
            killed = _killed(own, watch, sent)
            sent += KILL_RATE * KILL_S
            own.stop()
            yield f"{killed.longest / 1000:.1f} s" if killed else "never done"
            backlog = list(messages(sent, BACKLOG))
            sent += BACKLOG
            took = watch.backlog(backlog, lambda: own.start(1))
            yield f"{BACKLOG / took.first_to_last:.0f}"
            yield f"{own.memory_mb() or 0:.0f} MB"
            own.stop()
            yield lost_and_doubled(own.kafka, HOPS[-1], sent)
        except Unfinished:
            own.refuse_ended()
            raise
        finally:
            watch.close()


def _killed(own: Course, watch: Stopwatch, sent: int) -> Latency | None:
    """How long the messages around a kill -9 took; None where some never came out."""
    with ThreadPoolExecutor(1) as pool:
        batch = list(messages(sent, KILL_RATE * KILL_S))
        latency = pool.submit(watch.paced, batch, KILL_RATE)
        time.sleep(KILLED_AT_S)
        own.kill()
        own.start(1)
        with suppress(Unfinished):  # told as what it is: the rest of the row is still of interest
            return latency.result()
    return None


def lost_and_doubled(kafka: Kafka, topic: str, sent: int) -> str:
    """What a reader of committed records finds of everything that was sent to a catalogue topic."""
    records = scan(kafka, topic, lambda _read, _all: None)
    found = Counter(number_in(record.value) for record in records)
    del found[b""]
    return f"{sent - len(found)} / {found.total() - len(found)}"


def _cpu(before_s: float | None, after_s: float | None) -> str:
    if before_s is None or after_s is None:
        return "not told here"
    return f"{(after_s - before_s) / SECONDS * 100:.0f} %"


def main() -> None:
    """Prints a row for each peer whose name has one of the words given, or for all."""
    words = [word.lower() for word in sys.argv[1:]]
    print(machine.description())
    print(table(HEAD, []))
    with running_broker(quick=False) as broker:
        kafka = Kafka(broker=broker.bootstrap, session_timeout_ms=SESSION_MS)
        warm(kafka)
        for peer in PEERS:
            if words and not any(word in peer.name.lower() for word in words):
                continue
            cells = [peer.name, peer.settings]
            try:
                cells.extend(measured(kafka, peer))
            except (QuixUnavailableError, Unfinished, WorkerEnded) as error:
                cells.append(str(error))
            print(line(cells), flush=True)


if __name__ == "__main__":
    main()
