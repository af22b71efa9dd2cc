"""A real Kafka broker for tests, measurements and work by hand.

In a test take the fixture `broker` (one for the whole session) or `own_broker` (one that the test
may kill). By hand: `python -m tests.broker`, which prints `READY host:port` and runs until SIGTERM,
Ctrl-C or the end of its stdin.
"""

import argparse
import logging
import os
import secrets
import signal
import socket
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.broker_process import BrokerProcess, DockerContainer, JavaProcess, wait_until
from tests.kafka_jars import BrokerUnavailableError, fetch, obstacle

START_TIMEOUT_S = 180
PORT_ATTEMPTS = 3
STILL_S = 0.5
FIRST_PORT, LAST_PORT = 20_000, 32_000


class Broker:
    """One Kafka 4.3 node on 127.0.0.1; its port and data outlive every restart."""

    def __init__(
        self,
        process: BrokerProcess,
        port: int,
        connection: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Takes a process that is not started yet and the port where clients will find it.

        `connection`: what else a client needs to be let in.
        """
        self._process, self._connection = process, connection
        self.port = port
        self.bootstrap = f"127.0.0.1:{port}"

    def start(self) -> None:
        """Starts the broker and waits until it answers.

        Raises:
            BrokerUnavailableError: it ended or did not answer in time.
        """
        self._process.start()
        for _ in wait_until(START_TIMEOUT_S, self._process):
            if self._answers():
                return

    def stop(self) -> None:
        """Ends the broker in good order; `start` brings it back."""
        self._process.stop()

    def kill(self) -> None:
        """Ends the broker as `kill -9` does; `start` brings it back."""
        self._process.kill()

    def pause(self) -> None:
        """Freezes the broker: its connections stay and nothing answers (SIGSTOP)."""
        self._process.pause()

    def resume(self) -> None:
        """Lets a frozen broker go on (SIGCONT)."""
        self._process.resume()

    def restart(self) -> None:
        """Stops the broker if it runs, and starts it on the same port and data."""
        if self._process.alive():
            self.stop()
        self.start()

    def close(self) -> None:
        """Ends the broker and removes its data."""
        self._process.close()

    def _answers(self) -> bool:
        """Tells whether a client gets a list of brokers; asks the port first, which is quieter."""
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", self.port)) != 0:
                return False
        client = AdminClient(
            {"bootstrap.servers": self.bootstrap, **self._connection}, logger=silent()
        )
        try:
            return bool(client.list_topics(timeout=5).brokers)
        except KafkaException:
            return False


@contextmanager
def running_broker(
    port: int | None = None,
    *,
    quick: bool = True,
    changes: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Broker]:
    """Runs a broker for the time of a `with` block; its data are gone afterwards.

    Args:
        port: where clients find it; a free one when not given.
        quick: start faster at the cost of throughput; not for measurements.
        changes: settings instead of the template's; not with Docker.

    Raises:
        BrokerUnavailableError: no broker can run on this machine.
    """
    sentence = obstacle()
    if sentence is not None:
        raise BrokerUnavailableError(sentence)
    with tempfile.TemporaryDirectory(prefix="leadstream-broker-") as scratch:
        broker = _first_start(Path(scratch), port, changes, quick=quick)
        try:
            yield broker
        finally:
            broker.close()


@contextmanager
def standing_still(broker: Broker) -> Iterator[None]:
    """Freezes a broker for the time of a `with` block, and half a second longer."""
    broker.pause()
    try:
        yield
        time.sleep(STILL_S)
    finally:
        broker.resume()


def _first_start(
    scratch: Path, port: int | None, changes: Mapping[str, str], *, quick: bool
) -> Broker:
    """Starts a broker; takes other ports when somebody took the free ones in the meantime."""
    attempt = 1
    while True:
        client_port, controller_port = free_ports(2)
        client_port = port or client_port
        ports = (client_port, controller_port)
        process = _process(scratch / str(attempt), ports, changes, quick=quick)
        broker = Broker(process, client_port)
        try:
            broker.start()
        except BrokerUnavailableError:
            broker.close()
            if attempt == PORT_ATTEMPTS:
                raise
            attempt += 1
        else:
            return broker


def _process(
    folder: Path, ports: tuple[int, int], changes: Mapping[str, str], *, quick: bool
) -> BrokerProcess:
    """Takes Java where it can be had, else Docker. `ports`: for clients, and the controller's."""
    try:
        fetch()
    except BrokerUnavailableError:
        return DockerContainer(*ports)
    return JavaProcess(folder, *ports, quick=quick, changes=changes)


def free_ports(count: int) -> list[int]:
    """Finds free ports on 127.0.0.1, below those that the system gives to outgoing connections.

    A broker that is restarted must find its port free. One from the system's own range could have
    become the near end of a client's connection meanwhile, even of the client that waits for it.
    """
    candidate = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT - 1000)
    found: list[int] = []
    while len(found) < count:
        candidate += 1
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            found.append(candidate)
    return found


def silent() -> logging.Logger:
    """Gives a logger that keeps librdkafka's complaints about a starting broker to itself."""
    logger = logging.getLogger("tests.broker.probe")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


def _run(port: int | None) -> None:
    """Runs a broker until SIGTERM, SIGINT or the end of stdin, if stdin is more than /dev/null."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    with running_broker(port, quick=False) as broker:
        print(f"READY {broker.bootstrap}", flush=True)
        if sys.stdin is not None and _can_end(sys.stdin.fileno()):
            threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
        ended.wait()


def _can_end(descriptor: int) -> bool:
    """Tells whether an end of this stdin means something: a terminal or a pipe, not /dev/null."""
    mode = os.fstat(descriptor).st_mode
    return os.isatty(descriptor) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _wait_for_end(ended: threading.Event) -> None:
    """Reads stdin to its end."""
    for _line in sys.stdin:
        pass
    ended.set()


def main(arguments: list[str] | None = None) -> int:
    """Runs a broker for work by hand: `python -m tests.broker [--port 9092]`."""
    parser = argparse.ArgumentParser(prog="python -m tests.broker", description=main.__doc__)
    parser.add_argument("--port", type=int, help="where clients find it; a free one by default")
    try:
        _run(parser.parse_args(arguments).port)
    except BrokerUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
