"""Settings for a command, or a sentence that names the variable which is wrong."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agents.command_line.ending import Refused
from agents.leaving import StayDown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from agents.kafka.registry import Registry
    from agents.settings import Settings
    from schemas.codec import Codec
    from streams.stage import Stage

SECRET_CHARACTERS_MIN = 16
ENV = Path(".env")
FORMS = {
    "prefix": "letters, digits, dots, hyphens and underscores, 64 of them at most",
    "security_protocol": "plaintext, ssl, sasl_plaintext or sasl_ssl",
    "sasl_mechanism": "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
    "instance": "letters, digits, dots, hyphens and underscores, 64 of them at most",
    "log_level": "debug, info, warning or error",
    "schema_registry": "a URL that begins with http:// or https://",
    "otlp_endpoint": "a URL that begins with http:// or https://",
}
"""What a setting with a pattern must be, in words."""


def settings() -> "Settings":
    """All settings from the environment and `.env`. Raises `Refused` for one that is invalid."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from agents.settings import Settings

    _tell_of_strangers()
    try:
        return Settings()
    except ValidationError as error:
        # Only what is wrong, never what was given: it may be a secret.
        details = error.errors(include_input=False, include_url=False)
        raise Refused(*map(_sentence, details)) from None
    except SettingsError as error:
        reason = f"a setting cannot be read ({error}): set LEADSTREAM_ variables one by one"
        raise Refused(reason) from None


def _tell_of_strangers() -> None:
    """Says on stderr which variables are no settings: most likely a name is misspelt.

    The command goes on, since other programs' variables may begin like ours.
    """
    from agents.settings import names
    from streams.policy.problems import closest

    known = names()
    for place, given in (("the environment", os.environ), (".env", _in_file())):
        for name in sorted(set(given) - known):
            if name.upper().startswith("LEADSTREAM_") and name.upper() not in known:
                near = closest(name.upper(), known)
                meant = f"; {near} may be meant" if near else ""
                print(f"leadstream: {name} in {place} is not a setting{meant}", file=sys.stderr)


def _in_file() -> Mapping[str, str | None]:
    """What `.env` sets. Raises `Refused` where it is something else than a file of settings."""
    from dotenv.parser import parse_stream

    if ENV.is_dir():
        raise Refused("the folder .env stands where settings are looked for: rename it")
    if not ENV.exists():
        return {}
    try:
        with ENV.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeError):
        raise Refused("the file .env cannot be read: make it UTF-8 text of yours") from None
    for binding in bindings:
        if binding.error:
            line = binding.original.line
            raise Refused(f".env line {line} is not of the form NAME=VALUE: put it right")
    return {binding.key: binding.value for binding in bindings if binding.key}


def _sentence(detail: "ErrorDetails") -> str:
    if detail["type"] == "sasl_in_part":
        return f"LEADSTREAM_SECURITY_PROTOCOL: {detail['msg']}; set them in the environment or .env"
    name = "_".join(("LEADSTREAM", *(str(part) for part in detail["loc"]))).upper()
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    if detail["type"] in {"too_short", "string_too_short"}:
        message = f"it needs at least {detail['ctx']['min_length']} characters"
    if detail["type"] == "string_pattern_mismatch":
        message = f"it must be {FORMS[str(detail['loc'][-1])]}"
    return f"{name}: {message}; put it right in the environment or in .env"


def codec(found: "Settings") -> "Codec":
    """How events are written: with the registry's ids where one is set."""
    from schemas.codec import Codec

    return Codec(registry(found))


def registry(found: "Settings") -> "Registry | None":
    """The schema registry, where one is set."""
    url = found.edges.schema_registry
    if url is None:
        return None
    from agents.kafka.registry import Registry

    return Registry(url)


def chosen(stages: "Sequence[Stage]", names: Sequence[str]) -> "tuple[Stage, ...]":
    """The stages of the given names, all where none is named. Raises `Refused` for an unknown."""
    from agents import worker

    try:
        return worker.chosen(stages, names)
    except StayDown as error:
        raise Refused(str(error)) from None


def stages_not_run(found: "Settings") -> "tuple[Stage, ...]":
    """Every stage, for what it is called and what it reads: so any secret does."""
    from agents.settings import PUBLIC_SECRET
    from streams.pipeline import pipeline

    return pipeline(PUBLIC_SECRET.encode(), codec(found))


def secret_of(found: "Settings") -> bytes:
    """The key of the hashes that stand for persons. Raises `StayDown` where it is not set."""
    secret = found.identity.secret
    given = "" if secret is None else secret.get_secret_value()
    if len(given) < SECRET_CHARACTERS_MIN:
        msg = (
            f"LEADSTREAM_SECRET needs at least {SECRET_CHARACTERS_MIN} characters, the same on "
            "every worker: it keys the hashes that stand for persons; set it in the environment or "
            "in .env"
        )
        raise StayDown(msg)
    return given.encode()
