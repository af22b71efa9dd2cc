"""A real schema registry for tests: Apicurio, which speaks Confluent's REST API, from Maven.

In a test take the fixture `registry`. The compatibility that Confluent's registry has by default
(BACKWARD) is set at the start: Apicurio's own default is none.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from confluent_kafka.schema_registry import SchemaRegistryClient

from tests.broker import free_ports
from tests.broker_process import QUICK_START
from tests.kafka_jars import OLDEST_JAVA, ROOT, BrokerUnavailableError, java

VERSION = "3.0.9"
"""The newest that runs on Java 17."""
ARTIFACT = f"io.apicurio:apicurio-registry-app:{VERSION}:tar.gz:all"
FOLDER = ROOT / ".cache" / "apicurio" / VERSION
START_S = 180.0


def fetch() -> Path:
    """The folder with the registry; Maven brings it at the first call.

    Raises:
        BrokerUnavailableError: Maven is missing or failed.
    """
    if not FOLDER.is_dir():
        _unpack()
    return FOLDER


def _unpack() -> None:
    """Unpacks beside its place and renames, so that nobody sees a half-filled folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerUnavailableError("Maven (mvn) is not installed.")
    print(f"Fetching Apicurio {VERSION} with Maven (about 109 MB, once) ...", file=sys.stderr)
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as scratch:
        command = [maven, "-B", "-q", "dependency:copy", f"-Dartifact={ARTIFACT}"]
        command += [f"-DoutputDirectory={scratch}"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        archives = list(Path(scratch).glob("*.tar.gz"))
        if answer.returncode != 0 or not archives:
            first = next(iter(answer.stdout.strip().splitlines()), "it gave no reason")
            raise BrokerUnavailableError(f"Maven could not fetch Apicurio: {first}")
        fresh = Path(scratch) / VERSION
        with tarfile.open(archives[0]) as archive:
            archive.extractall(fresh, filter="data")
        fresh.rename(FOLDER)


@cache
def obstacle() -> str | None:
    """The sentence why no registry can run here, or None when one can."""
    if java() is None:
        return f"No schema registry can run here: Java {OLDEST_JAVA} or newer is not installed."
    try:
        fetch()
    except BrokerUnavailableError as error:
        return f"No schema registry can run here: {error}"
    return None


class Registry:
    """One registry on localhost; port and schemas outlive every restart."""

    def __init__(self, port: int, folder: Path) -> None:
        """Is not started yet; keeps its schemas in a folder."""
        self._port, self._folder = port, folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{port}/apis/ccompat/v7"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        jar = next(fetch().rglob("*-runner.jar"))
        self._process = subprocess.Popen(
            [
                java() or "java",
                "-Xmx256m",
                *QUICK_START,
                "-Dquarkus.http.host=127.0.0.1",
                f"-Dquarkus.http.port={self._port}",
                # Without it the same schema in other white space is another schema.
                "-Dapicurio.ccompat.use-canonical-hash=true",
                "-Dapicurio.storage.kind=sql",
                "-Dapicurio.storage.sql.kind=h2",
                f"-Dapicurio.datasource.url=jdbc:h2:file:{self._folder}/registry",
                "-jar",
                str(jar),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()
        with closing(SchemaRegistryClient({"url": self.url})) as client:
            client.set_compatibility(level="BACKWARD")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while not self._answers():
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise BrokerUnavailableError("The schema registry did not start.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/subjects", timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Ends it as `kill -9` does; `start` brings it back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


@contextmanager
def running_registry() -> Iterator[Registry]:
    """A registry for the time of a `with` block."""
    with tempfile.TemporaryDirectory(prefix="leadstream-registry-") as scratch:
        registry = Registry(free_ports(1)[0], Path(scratch))
        try:
            registry.start()
            yield registry
        finally:
            registry.kill()
