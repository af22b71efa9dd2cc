"""A pipeline of its own on the broker given, with workers of its own; gone at the end."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agents.bench import machine
from agents.demo.policy import around_the_clock, default_policy, with_room
from agents.kafka import clients, policies, topics
from agents.settings import PUBLIC_SECRET, Kafka
from schemas.codec import Codec
from streams.pipeline import pipeline
from streams.policy.release import release
from streams.stage import Stage

STOP_S = 30.0
DELETE_S = 30.0
WORKER = (sys.executable, "-m", "agents.command_line.main", "worker")
ROOM = 10_000
"""No rep may be full: a waiting room would be measured, too."""
NO_SETTINGS = ("LEADSTREAM_SCHEMA_REGISTRY", "LEADSTREAM_HEALTH_PORT", "LEADSTREAM_ENRICHMENT_FILE")
"""Of the caller's: a registry would keep our subjects, and workers cannot share a port."""


class WorkerEnded(Exception):
    """A worker has ended by itself."""


class Course:
    """Topics and a policy behind a prefix, and the workers that run on them."""

    def __init__(self, kafka: Kafka, folder: Path, command: Sequence[str] = WORKER) -> None:
        """`kafka` has the prefix; `folder` takes the workers' logs and lock files.

        `command` is what is run as a worker.
        """
        self.kafka, self._folder, self._command = kafka, folder, command
        self._workers: list[subprocess.Popen[bytes]] = []

    def start(self, count: int) -> None:
        """Starts so many workers with all agents."""
        for number in range(count):
            with (self._folder / f"worker-{number}.log").open("ab") as log:
                worker = subprocess.Popen(  # noqa: S603 - our own program
                    self._command,
                    env=self._environment(f"bench-{number}"),
                    cwd=self._folder,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self._workers.append(worker)

    def _environment(self, instance: str) -> dict[str, str]:
        """The caller's, with what must be ours; nothing comes from a `.env`."""
        kafka = self.kafka
        own = {
            "LEADSTREAM_BROKER": kafka.broker,
            "LEADSTREAM_PREFIX": kafka.prefix,
            "LEADSTREAM_SECURITY_PROTOCOL": kafka.security_protocol,
            "LEADSTREAM_SASL_MECHANISM": kafka.sasl_mechanism,
            "LEADSTREAM_SESSION_TIMEOUT_MS": str(kafka.session_timeout_ms),
            "LEADSTREAM_FETCH_WAIT_MS": str(kafka.fetch_wait_ms),
            "LEADSTREAM_INSTANCE": instance,
            "LEADSTREAM_DATA": str(self._folder),
            "LEADSTREAM_SECRET": PUBLIC_SECRET,
        }
        if kafka.sasl_username and kafka.sasl_password:
            own["LEADSTREAM_SASL_USERNAME"] = kafka.sasl_username
            own["LEADSTREAM_SASL_PASSWORD"] = kafka.sasl_password.get_secret_value()
        if kafka.ssl_ca_location:
            own["LEADSTREAM_SSL_CA_LOCATION"] = str(Path(kafka.ssl_ca_location).resolve())
        path = os.pathsep.join(entry for entry in sys.path if entry)
        kept = {name: value for name, value in os.environ.items() if name not in NO_SETTINGS}
        return kept | own | {"PYTHONPATH": path}

    def stop(self) -> None:
        """Ends the workers in good order."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            try:
                worker.wait(STOP_S)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        self._workers.clear()

    def kill(self) -> None:
        """Ends the workers as `kill -9` does."""
        for worker in self._workers:
            worker.kill()
            worker.wait()
        self._workers.clear()

    def refuse_ended(self) -> None:
        """Raises `WorkerEnded` with its last words if a worker runs no more."""
        for number, worker in enumerate(self._workers):
            if worker.poll() is not None:
                log = (self._folder / f"worker-{number}.log").read_text(errors="replace")
                last = log.strip().rpartition("\n")[2]
                msg = f"a worker ended with exit code {worker.returncode}: {last}"
                raise WorkerEnded(msg)

    def cpu_s(self) -> float | None:
        """Seconds of CPU that the running workers have used; None where nobody tells."""
        used = [machine.cpu_s(worker.pid) for worker in self._workers]
        known = [each for each in used if each is not None]
        return sum(known) if len(known) == len(used) else None

    def memory_mb(self) -> float | None:
        """Memory of the largest worker."""
        sizes = [machine.memory_mb(worker.pid) for worker in self._workers]
        return max((size for size in sizes if size is not None), default=None)


@contextmanager
def course(
    kafka: Kafka, command: Sequence[str] = WORKER, stages: tuple[Stage, ...] | None = None
) -> Iterator[Course]:
    """A course behind a prefix of its own; its topics are deleted at the end.

    `stages` are those whose changelogs are made: the pipeline's, if not given.
    """
    own = kafka.model_copy(update={"prefix": f"{kafka.prefix}bench-{uuid.uuid4().hex[:8]}-"})
    codec = Codec()
    wanted = topics.wanted(own.prefix, stages or pipeline(PUBLIC_SECRET.encode(), codec))
    with tempfile.TemporaryDirectory() as folder:
        made = Course(own, Path(folder), command)
        try:
            topics.create(own, wanted)
            document = with_room(around_the_clock(default_policy()), ROOM)
            policies.publish(own, codec, release(document))
            yield made
        finally:
            made.stop()
            _delete(own, [one.name for one in wanted])


def _delete(kafka: Kafka, names: list[str]) -> None:
    """Deletes what is there; a broker that is gone has nothing to tidy."""
    admin = clients.admin(kafka)
    there = admin.list_topics(timeout=DELETE_S).topics
    found = [name for name in names if name in there]
    if found:
        for future in admin.delete_topics(found, operation_timeout=DELETE_S).values():
            future.result(DELETE_S)
