"""The two ways to run a Kafka broker for tests: a Java process, or a Docker container.

Both keep their data and their port from `start` to `close`, whatever happens in between.
"""

import os
import shutil
import signal
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Protocol

from tests.kafka_jars import ROOT, BrokerUnavailableError, fetch, java, kafka_version

PROPERTIES = ROOT / "deploy" / "broker" / "server.properties"
QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""What Java starts faster with, at the cost of throughput."""
STOP_TIMEOUT_S = 20


class BrokerProcess(Protocol):
    """What `tests.broker.Broker` asks of the thing that runs Kafka."""

    def start(self) -> None:
        """Starts it on its data, and returns at once."""

    def stop(self) -> None:
        """Ends it in good order, and waits for that."""

    def kill(self) -> None:
        """Ends it as `kill -9` does, and waits for that."""

    def pause(self) -> None:
        """Freezes it: connections stay open and nothing answers."""

    def resume(self) -> None:
        """Lets a frozen one go on."""

    def alive(self) -> bool:
        """Tells whether it runs (a frozen one does)."""

    def last_words(self) -> str:
        """Gives the end of its log, for the sentence of an error."""

    def close(self) -> None:
        """Ends it and removes its data."""


class JavaProcess:
    """Kafka from the Maven jars, in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        client_port: int,
        controller_port: int,
        *,
        quick: bool,
        changes: Mapping[str, str] = MappingProxyType({}),
        cluster: str | None = None,
        formatted: Sequence[str] = (),
    ) -> None:
        """Prepares the folder; `quick` halves the start and costs throughput.

        `changes`: settings instead of the template's, or beside them; `cluster`: the id of the
        cluster that it is a node of, where it is not alone; `formatted`: arguments for formatting.
        """
        self._libraries = fetch()
        self._folder = folder
        self._flags = ["-Xms256m", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
        self._flags += QUICK_START if quick else ()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "broker.log"
        folder.mkdir(parents=True, exist_ok=True)
        self._properties = folder / "server.properties"
        self._cluster, self._formatted = cluster or cluster_id(), formatted
        settings = rendered("127.0.0.1", client_port, controller_port, str(folder / "data"))
        settings = changed(settings, changes)
        self._properties.write_text(settings, encoding="utf-8")

    def start(self) -> None:
        """Formats the data folder at the first start, then starts Kafka."""
        if not (self._folder / "data" / "meta.properties").is_file():
            self._format()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_ends_with_parent(), *self._java("kafka.Kafka", str(self._properties))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
            )

    def _format(self) -> None:
        """Writes the metadata that KRaft wants to find in an empty data folder."""
        arguments = ("format", "-t", self._cluster, "-c", str(self._properties), *self._formatted)
        answer = subprocess.run(
            self._java("kafka.tools.StorageTool", *arguments),
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            raise BrokerUnavailableError(f"Kafka could not format its folder: {answer.stderr}")

    def _java(self, main_class: str, *arguments: str) -> list[str]:
        """Gives the command that runs one of Kafka's main classes."""
        path = java() or "java"
        return [path, *self._flags, "-cp", f"{self._libraries}/*", main_class, *arguments]

    def stop(self) -> None:
        """Sends SIGTERM (after SIGCONT: a frozen process would not read it) and waits."""
        self.resume()
        self._send(signal.SIGTERM)
        if self._process is not None:
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Sends SIGKILL and waits."""
        self._send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(STOP_TIMEOUT_S)

    def pause(self) -> None:
        """Sends SIGSTOP, and waits until no thread runs any more."""
        self._send(signal.SIGSTOP)
        if self._process is not None and self.alive():
            os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)

    def resume(self) -> None:
        """Sends SIGCONT."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        """Sends a signal, unless the process has ended already."""
        if self._process is not None and self.alive():
            self._process.send_signal(number)

    def alive(self) -> bool:
        """Tells whether the process has not ended."""
        return self._process is not None and self._process.poll() is None

    def last_words(self) -> str:
        """Gives the last twenty lines of what Kafka printed."""
        if not self._log.is_file():
            return ""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])

    def close(self) -> None:
        """Kills it, since nobody wants its data any more, and removes the folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class DockerContainer:
    """Kafka from the Apache image; the container keeps its data until `close`."""

    def __init__(self, client_port: int, controller_port: int) -> None:
        """Only names the container; the first `start` makes it."""
        self._name = f"leadstream-test-{uuid.uuid4().hex[:12]}"
        self._port = client_port
        # Inside the container Kafka listens on all addresses, or publishing the port is in vain.
        everywhere = "0.0.0.0"  # noqa: S104 - published on 127.0.0.1 only
        settings = rendered(everywhere, client_port, controller_port, "/var/lib/kafka/data")
        self._environment = [f"CLUSTER_ID={cluster_id()}", "KAFKA_HEAP_OPTS=-Xms256m -Xmx512m"]
        self._environment += list(as_environment(settings))
        self._made = False

    def start(self) -> None:
        """Makes the container at the first start, and starts the same one again later."""
        if self._made:
            self._docker("start", self._name)
            return
        variables = [part for line in self._environment for part in ("--env", line)]
        publish = f"127.0.0.1:{self._port}:{self._port}"
        image = f"apache/kafka:{kafka_version()}"
        self._docker(
            "run", "--detach", "--name", self._name, "--publish", publish, *variables, image
        )
        self._made = True

    def stop(self) -> None:
        """Asks it to end, after waking it: Docker refuses to stop a frozen container."""
        self.resume()
        self._docker("stop", "--time", str(STOP_TIMEOUT_S), self._name)

    def kill(self) -> None:
        """Kills it."""
        if self._state() == "paused":
            self._docker("unpause", self._name)
        if self.alive():
            self._docker("kill", self._name)
            self._docker("wait", self._name)

    def pause(self) -> None:
        """Freezes all of its processes."""
        self._docker("pause", self._name)

    def resume(self) -> None:
        """Lets them go on."""
        if self._state() == "paused":
            self._docker("unpause", self._name)

    def alive(self) -> bool:
        """Tells whether the container runs."""
        return self._state() in {"running", "paused"}

    def last_words(self) -> str:
        """Gives the last twenty lines of what Kafka printed."""
        return self._docker("logs", "--tail", "20", self._name, check=False)

    def close(self) -> None:
        """Removes the container and the volume with its data."""
        self._docker("rm", "--force", "--volumes", self._name, check=False)

    def _state(self) -> str:
        """Gives Docker's word for the state of the container, empty when there is none."""
        form = "{{.State.Status}}"
        return self._docker("inspect", "--format", form, self._name, check=False).strip()

    def _docker(self, *arguments: str, check: bool = True) -> str:
        """Runs one docker command.

        Raises:
            BrokerUnavailableError: it failed and `check` is set; carries Docker's own words.
        """
        answer = subprocess.run(
            ["docker", *arguments], capture_output=True, text=True, check=False, timeout=300
        )
        if check and answer.returncode != 0:
            words = answer.stderr.strip()
            raise BrokerUnavailableError(f"docker {arguments[0]} failed: {words}")
        return answer.stdout if answer.returncode == 0 else ""


def rendered(listen_host: str, client_port: int, controller_port: int, data_folder: str) -> str:
    """Fills in the template of the broker's settings."""
    return Template(PROPERTIES.read_text(encoding="utf-8")).substitute(
        listen_host=listen_host,
        client_port=client_port,
        controller_port=controller_port,
        data_folder=data_folder,
    )


def changed(settings: str, changes: Mapping[str, str]) -> str:
    """The settings with some of another value, or beside them."""
    lines = [line for line in settings.splitlines() if line.partition("=")[0] not in changes]
    return "\n".join([*lines, *(f"{name}={value}" for name, value in changes.items()), ""])


def as_environment(settings: str) -> Iterator[str]:
    """Turns settings into the variables that the Apache image reads (`a.b` -> `KAFKA_A_B`)."""
    for line in settings.splitlines():
        if line and not line.startswith("#"):
            name, value = line.split("=", 1)
            variable = name.replace("-", "___").replace("_", "__").replace(".", "_").upper()
            yield f"KAFKA_{variable}={value}"


def cluster_id() -> str:
    """Makes a cluster id in the form that Kafka wants: 16 random bytes in 22 letters.

    The first is no hyphen, which would make it an option of the command that is given it.
    """
    return "A" + urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]


def wait_until(deadline_s: float, process: BrokerProcess) -> Iterator[None]:
    """Yields until `deadline_s` seconds have passed; whoever iterates leaves when content.

    Raises:
        BrokerUnavailableError: the process ended, or the time is up; carries its last words.
    """
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if not process.alive():
            raise BrokerUnavailableError(f"Kafka ended at its start:\n{process.last_words()}")
        yield
        time.sleep(0.1)
    raise BrokerUnavailableError(
        f"Kafka gave no answer in {deadline_s:.0f} s:\n{process.last_words()}"
    )


def _ends_with_parent() -> list[str]:
    """Gives the prefix that ends Kafka with the tests, even when they are killed (Linux only)."""
    setpriv = shutil.which("setpriv") if os.uname().sysname == "Linux" else None
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []
