"""Brings the jars of the Kafka broker that tests run against: `python -m tests.kafka_jars`.

Maven copies them once into `.cache/kafka/VERSION`, by its own settings. Where Java or Maven is
missing, Docker's image serves instead; where that is missing too, this says so in one sentence.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POM = ROOT / "deploy" / "broker" / "pom.xml"
OLDEST_JAVA = 17


class BrokerUnavailableError(Exception):
    """This machine cannot run a Kafka broker; the text says what to install."""


def kafka_version() -> str:
    """Gives the version of Kafka that the pom names.

    Raises:
        BrokerUnavailableError: the pom names no such version.
    """
    found = re.search(
        r"<groupId>org\.apache\.kafka</groupId>\s*<artifactId>[^<]+</artifactId>"
        r"\s*<version>([^<]+)</version>",
        POM.read_text(encoding="utf-8"),
    )
    if found:
        return found[1]
    raise BrokerUnavailableError(f"{POM.relative_to(ROOT)} names no version of org.apache.kafka.")


def jar_folder() -> Path:
    """Gives the folder where the jars are, or will be."""
    return ROOT / ".cache" / "kafka" / kafka_version()


def java() -> str | None:
    """Gives the path of a Java that is new enough for the broker, or None."""
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    path = path or shutil.which("java")
    return path if path and _java_version(path) >= OLDEST_JAVA else None


@cache
def _java_version(path: str) -> int:
    """Gives the major version that this `java` reports, 0 when it does not run."""
    answer = subprocess.run([path, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', answer.stderr)
    return int(found[1]) if found else 0


@cache
def docker_answers() -> bool:
    """Tells whether a Docker engine answers on this machine."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    answer = subprocess.run([docker, "info"], capture_output=True, timeout=30, check=False)
    return answer.returncode == 0


def in_ci() -> bool:
    """Tells whether `CI=true`, where a broker test may not be skipped."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def fetch() -> Path:
    """Gives the folder with the jars; has Maven copy them into it at the first call.

    Raises:
        BrokerUnavailableError: Java or Maven is missing, or Maven failed.
    """
    if java() is None:
        raise BrokerUnavailableError(f"Java {OLDEST_JAVA} or newer is not installed.")
    folder = jar_folder()
    if not folder.is_dir():
        _copy_jars(folder)
    return folder


def _copy_jars(folder: Path) -> None:
    """Copies the jars beside their place and renames, so that nobody sees a half-filled folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerUnavailableError("Maven (mvn) is not installed.")
    print(f"Fetching Kafka {folder.name} with Maven (about 44 MB, once) ...", file=sys.stderr)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / folder.name
        command = [maven, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={fresh}"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            first = next(iter(answer.stdout.strip().splitlines()), "it gave no reason")
            raise BrokerUnavailableError(f"Maven could not fetch the jars of Kafka: {first}")
        if not folder.is_dir():
            fresh.rename(folder)


@cache
def obstacle(*, with_docker: bool = True) -> str | None:
    """Gives the sentence why no broker can run here, or None when one can."""
    try:
        fetch()
    except BrokerUnavailableError as error:
        if with_docker and docker_answers():
            return None
        return (
            f"No Kafka broker can run here: {error} Install Java {OLDEST_JAVA} with Maven, "
            "or start Docker, and run the tests again."
        )
    return None


def main() -> int:
    """Fetches the jars; fails under CI=true when no broker can run, else says so and goes on."""
    sentence = obstacle()
    if sentence is None:
        return 0
    ending = "" if in_ci() else " The broker tests will be skipped."
    print(sentence + ending, file=sys.stderr)
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
