"""docker-compose.yml, as far as it can be checked without an engine.

Its form is checked against the Compose Specification's JSON schema, which the development
dependency check-jsonschema carries; its content against our own names and the broker's template.
"""

import copy
import json
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.broker_process import as_environment, rendered
from tests.house.checks import ROOT

WORKERS = {"intake", "identify", "qualify", "enrich", "route"}
# What the product relies on; the other settings of the template concern tests on one machine.
BROKER_PROMISES = (
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE",
    "KAFKA_MESSAGE_MAX_BYTES",
    "KAFKA_REPLICA_FETCH_MAX_BYTES",
    "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS",
)


@pytest.fixture
def compose() -> dict[str, Any]:
    """The file, its anchors and merges resolved."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = YAML(typ="safe").load(text)
    return loaded


def complaints(compose: dict[str, Any]) -> list[str]:
    """Gives what the Compose Specification's schema says against a file."""
    carrier = distribution("check-jsonschema")
    vendored = carrier.locate_file("check_jsonschema/builtin_schemas/vendor/compose-spec.json")
    schema = json.loads(Path(str(vendored)).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [error.message for error in validator.iter_errors(compose)]


def test_the_file_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    """Every key is one that Compose knows, and has a value of its type."""
    assert complaints(compose) == []


def test_a_misspelt_key_would_be_noticed(compose: dict[str, Any]) -> None:
    """Twin: the schema refuses a key that Compose does not know."""
    broken = copy.deepcopy(compose)
    broken["services"]["broker"]["enviroment"] = {}
    assert complaints(broken) != []


def test_every_agent_has_one_worker_with_a_name_of_its_own(compose: dict[str, Any]) -> None:
    """Design, section 4: stable identity, restart by the supervisor, readiness, a data folder."""
    services = compose["services"]
    for name in WORKERS:
        service = services[name]
        assert service["command"] == ["worker", name]
        assert service["environment"]["LEADSTREAM_INSTANCE"] == f"{name}-0"
        assert service["restart"].startswith("on-failure")
        assert "http://127.0.0.1:8080/ready" in service["healthcheck"]["test"][-1]
        assert f"{name}:/data" in service["volumes"]


def test_ports_are_published_on_localhost_only(compose: dict[str, Any]) -> None:
    """Nothing here asks for a password, so nothing may be reached from outside."""
    published = [
        port for service in compose["services"].values() for port in service.get("ports", ())
    ]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_broker_keeps_what_the_product_relies_on(compose: dict[str, Any]) -> None:
    """The composed broker and the tests' broker agree where a promise hangs on it."""
    composed = compose["services"]["broker"]["environment"]
    template = dict(line.split("=", 1) for line in as_environment(rendered("127.0.0.1", 1, 2, "d")))
    assert {name: composed[name] for name in BROKER_PROMISES} == {
        name: template[name] for name in BROKER_PROMISES
    }


def test_the_secret_has_no_default(compose: dict[str, Any]) -> None:
    """A key that everybody can read here would name nobody safely."""
    for name in (*WORKERS, "topics", "policy"):
        secret = compose["services"][name]["environment"]["LEADSTREAM_SECRET"]
        assert secret.startswith("${LEADSTREAM_SECRET:?")


def test_every_setting_is_one_that_the_product_reads(compose: dict[str, Any]) -> None:
    """A misspelt LEADSTREAM_ variable would be ignored in silence."""
    known = (ROOT / ".env.example").read_text(encoding="utf-8")
    used = {
        variable
        for service in compose["services"].values()
        for variable in service.get("environment", ())
        if variable.startswith("LEADSTREAM_")
    }
    assert used
    assert sorted(variable for variable in used if f"{variable}=" not in known) == []


def test_files_that_the_composition_mounts_are_there(compose: dict[str, Any]) -> None:
    """Docker would make an empty folder in the place of a missing file."""
    mounted = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", ())
        if volume.startswith("./")
    ]
    assert [name for name in mounted if not (ROOT / name).is_file()] == []
    assert len(mounted) > 4
    assert (ROOT / "deploy" / "compose" / "companies.jsonl").is_file()
    assert (ROOT / compose["services"]["route"]["build"]["dockerfile"]).is_file()


def test_image_and_makefile_take_the_same_uv() -> None:
    """One lock file, one version of the tool that reads it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    version = makefile.split("UV_VERSION := ")[1].split()[0]
    assert f"uv=={version}" in (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
