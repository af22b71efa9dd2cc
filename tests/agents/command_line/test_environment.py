"""Settings as a user gets them wrong: a sentence that names the variable, and nobody's secret."""

from pathlib import Path

import pytest

from agents.command_line.environment import FORMS
from agents.settings import Edges, Identity, Kafka, Worker
from tests.agents.command_line.process import command

PASSWORD = "hush-hush"  # noqa: S105 - planted to be looked for
USER = "LEADSTREAM_SASL_USERNAME"
CODE = "LEADSTREAM_SASL_PASSWORD"
SASL = f"LEADSTREAM_SECURITY_PROTOCOL=sasl_ssl\n{CODE}={PASSWORD}\n"
REGISTRY = "LEADSTREAM_SCHEMA_REGISTRY=registry:8081\n"
NO_CERTIFICATE = {
    "LEADSTREAM_SECURITY_PROTOCOL": "ssl",
    "LEADSTREAM_SSL_CA_LOCATION": "nowhere.pem",
}
"""Ends a command when it makes its client: no broker is waited for."""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("LEADSTREAM_BROKER=a:1\nnothing at all\n", ".env line 2 is not of the form NAME=VALUE"),
        (SASL, f"LEADSTREAM_SECURITY_PROTOCOL: sasl_ssl also needs {USER}"),
        (REGISTRY, "LEADSTREAM_SCHEMA_REGISTRY: it must be a URL that begins with"),
    ],
)
def test_a_wrong_file_of_settings_is_refused(tmp_path: Path, content: str, expected: str) -> None:
    """Exit code 2 and one sentence with the place; never the value."""
    (tmp_path / ".env").write_text(content, encoding="utf-8")
    ran = command(tmp_path, "topics", "check")
    assert ran.code == 2, ran.err
    assert len(ran.said()) == 1
    assert expected in ran.err
    assert PASSWORD not in ran.err


def test_every_form_is_told_in_words() -> None:
    """A pattern would explain nothing to its reader."""
    groups = (Kafka, Worker, Identity, Edges)
    patterns = {
        name
        for group in groups
        for name, field in group.model_fields.items()
        if any(getattr(one, "pattern", None) for one in field.metadata)
    }
    assert patterns == set(FORMS)


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    """What Docker makes of a file that is mounted and not there."""
    (tmp_path / ".env").mkdir()
    ran = command(tmp_path, "topics", "check")
    assert (ran.code, len(ran.said())) == (2, 1), ran.err
    assert "the folder .env" in ran.err


def test_a_name_that_is_no_setting_is_told_with_what_may_be_meant(tmp_path: Path) -> None:
    """A misspelt name would else leave the default in force without a word; the command goes on."""
    (tmp_path / ".env").write_text("LEADSTREAM_PREFX=a-\n", encoding="utf-8")
    ran = command(
        tmp_path, "topics", "check", variables=NO_CERTIFICATE | {"LEADSTREAM_BROKERS": "x"}
    )
    assert ran.code == 1, ran.err
    first, second, third = ran.said()
    assert first.endswith(
        "LEADSTREAM_BROKERS in the environment is not a setting; LEADSTREAM_BROKER may be meant"
    )
    assert second.endswith(
        "LEADSTREAM_PREFX in .env is not a setting; LEADSTREAM_PREFIX may be meant"
    )
    assert "LEADSTREAM_SSL_CA_LOCATION" in third


def test_known_names_are_told_of_by_nobody(tmp_path: Path) -> None:
    """Twin: only the sentence about the certificate is left."""
    (tmp_path / ".env").write_text("LEADSTREAM_PREFIX=a-\n", encoding="utf-8")
    ran = command(tmp_path, "topics", "check", variables=NO_CERTIFICATE)
    assert len(ran.said()) == 1, ran.err


def test_an_argument_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A file name in another encoding arrives with its bytes as surrogates."""
    ran = command(tmp_path, "convert", "caf\udce9.csv")
    assert (ran.code, len(ran.said())) == (2, 1), ran.err
    assert "caf\\xe9.csv is not UTF-8 text" in ran.err


def test_a_missing_certificate_is_told_by_its_setting(tmp_path: Path) -> None:
    """The client refuses it when it is made; that is no traceback of ours."""
    ran = command(tmp_path, "topics", "check", variables=NO_CERTIFICATE)
    assert ran.code != 0
    assert len(ran.said()) == 1, ran.err
    assert "LEADSTREAM_SSL_CA_LOCATION" in ran.err
