"""Settings from the environment; secrets stay where they are."""

import re
import traceback
from pathlib import Path

import pytest
import structlog
from pydantic import ValidationError

from agents.kafka import clients
from agents.settings import Edges, Identity, Kafka, Settings, Worker
from tests.house.checks import ROOT

SECRET = "s3cret-of-sixteen-or-more"  # noqa: S105 - planted to be looked for
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of the developer's reaches a test."""
    monkeypatch.chdir(tmp_path)
    for name in ("BROKER", "PREFIX", "SECRET", "INSTANCE"):
        monkeypatch.delenv(f"LEADSTREAM_{name}", raising=False)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.env` is for what the environment does not say; unknown names are left alone."""
    (tmp_path / ".env").write_text(
        "LEADSTREAM_BROKER=file:1\nLEADSTREAM_PREFIX=p-\nLEADSTREAM_NOBODYS=x\n", encoding="utf-8"
    )
    monkeypatch.setenv("LEADSTREAM_BROKER", "environment:2")
    settings = Settings()
    assert (settings.kafka.broker, settings.kafka.prefix) == ("environment:2", "p-")


def test_no_secret_is_ever_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither by repr nor str nor a log line nor a dump of all settings."""
    monkeypatch.setenv("LEADSTREAM_SECRET", SECRET)
    monkeypatch.setenv("LEADSTREAM_SASL_PASSWORD", SECRET)
    monkeypatch.setenv("LEADSTREAM_SASL_USERNAME", "user")
    settings = Settings()
    structlog.get_logger("test").info("settings", all=settings, kafka=settings.kafka)
    said = capsys.readouterr()
    texts = [repr(settings), str(settings), settings.model_dump_json(), said.out, said.err]
    assert not [text for text in texts if SECRET in text]


def test_a_secret_that_was_printed_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: the secret is really in the settings, and reaches librdkafka."""
    monkeypatch.setenv("LEADSTREAM_SASL_PASSWORD", SECRET)
    monkeypatch.setenv("LEADSTREAM_SASL_USERNAME", "user")
    assert clients.connection(Kafka())["sasl.password"] == SECRET


def test_a_refused_secret_is_not_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pydantic repeats refused input by default; ours does not."""
    monkeypatch.setenv("LEADSTREAM_SECRET", "too-short")
    with pytest.raises(ValidationError, match="16") as caught:
        Identity()
    assert "too-short" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEADSTREAM_PREFIX", "a b"),
        ("LEADSTREAM_REPLICATION", "0"),
        ("LEADSTREAM_SECURITY_PROTOCOL", "tls"),
        ("LEADSTREAM_SASL_MECHANISM", "plain"),
        ("LEADSTREAM_SESSION_TIMEOUT_MS", "5"),
        ("LEADSTREAM_INSTANCE", "a/b"),
        ("LEADSTREAM_HEALTH_PORT", "70000"),
        ("LEADSTREAM_LOG_LEVEL", "loud"),
        ("LEADSTREAM_OTLP_ENDPOINT", "collector:4318"),
        ("LEADSTREAM_SCHEMA_REGISTRY", "registry:8081"),
        ("LEADSTREAM_TRACE_RATIO", "1.5"),
    ],
)
def test_what_makes_no_sense_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start, not by librdkafka in the middle."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_health_is_for_this_host_only_by_default() -> None:
    """No authentication, hence localhost; and off unless asked for."""
    worker = Worker()
    assert (worker.health_host, worker.health_port) == ("127.0.0.1", 0)


def example_settings(text: str) -> dict[str, str]:
    """The variables of an example file, the commented ones too, with what stands behind `=`."""
    return dict(re.findall(r"^(?:# )?(LEADSTREAM_\w+)=(.*)$", text, re.MULTILINE))


def missing_from_the_example(text: str) -> list[str]:
    """Settings that an example file does not have."""
    found = example_settings(text)
    wanted = [name for group in (Kafka, Worker, Identity, Edges) for name in group.model_fields]
    return [name for name in wanted if f"LEADSTREAM_{name.upper()}" not in found]


def test_the_example_has_every_setting_and_no_other() -> None:
    """`.env.example` is what people copy: what is not in it is not found."""
    assert missing_from_the_example(EXAMPLE) == []
    groups = (Kafka, Worker, Identity, Edges)
    known = {f"LEADSTREAM_{name.upper()}" for group in groups for name in group.model_fields}
    assert sorted(set(example_settings(EXAMPLE)) - known) == []


def test_the_examples_numbers_are_the_defaults() -> None:
    """A commented line shows what holds without it."""
    found = example_settings(EXAMPLE)
    for group in (Kafka, Worker):
        for name, field in group.model_fields.items():
            default = field.default
            text = str(default).lower() if isinstance(default, bool) else str(default or "")
            wanted = "0" if default == 0 and not isinstance(default, bool) else text
            assert found[f"LEADSTREAM_{name.upper()}"] == wanted, name


def test_a_setting_left_out_of_the_example_is_noticed() -> None:
    """The twin."""
    shorter = EXAMPLE.replace("LEADSTREAM_FETCH_WAIT_MS", "LEADSTREAM_PATIENCE")
    assert missing_from_the_example(shorter) == ["fetch_wait_ms"]
