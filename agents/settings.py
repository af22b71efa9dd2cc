"""Settings from the environment and `.env`, in groups; the one place that reads either.

Every variable begins with `LEADSTREAM_`. Secrets are `SecretStr` and are never printed.
"""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

PUBLIC_SECRET = "leadstream-public"  # noqa: S105 - not secret: `simulate` and `demo` must repeat
"""The key under which `simulate` and `demo` hash identifiers: known to all, so runs compare."""


class Group(BaseSettings):
    """A group of settings; unknown variables are left to others."""

    model_config = SettingsConfigDict(
        env_prefix="LEADSTREAM_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )


class Kafka(Group):
    """Where the broker is and how to speak to it."""

    broker: str = "127.0.0.1:9092"
    """Bootstrap servers, `host:port` separated by commas."""
    prefix: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,64}$")
    """Before every topic, group and transactional id: several pipelines on one cluster."""
    replication: int = Field(default=1, ge=1, le=9)
    """Replicas of topics that `topics create` makes; 3 in production."""
    security_protocol: str = Field(
        default="plaintext", pattern="^(plaintext|ssl|sasl_plaintext|sasl_ssl)$"
    )
    """plaintext, ssl, sasl_plaintext or sasl_ssl."""
    sasl_mechanism: str = Field(
        default="SCRAM-SHA-512", pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$"
    )
    """PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."""
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_ca_location: str | None = None
    """File with the certificates that sign the broker's; None: the system's."""
    session_timeout_ms: int = Field(default=10_000, ge=6_000, le=1_800_000)
    """After so long without a heartbeat a worker's partitions go to others (design, section 4)."""
    static_membership: bool = True
    """A restart under the same name moves nothing. Off where scaling down must be instant."""
    embedded: bool = False
    """The broker is librdkafka's mock cluster: no topic settings, serial stages on partition 0."""
    fetch_wait_ms: int = Field(default=100, ge=1, le=10_000)
    """How long the broker may hold a fetch open that has nothing to answer."""

    @model_validator(mode="after")
    def _sasl_is_whole(self) -> Self:
        """SASL without name or password would be refused by the broker alone, and not clearly."""
        missing = [
            f"LEADSTREAM_{name.upper()}"
            for name in ("sasl_username", "sasl_password")
            if not getattr(self, name)
        ]
        if self.security_protocol.startswith("sasl") and missing:
            raise PydanticCustomError(
                "sasl_in_part",
                "{protocol} also needs {missing}",
                {"protocol": self.security_protocol, "missing": " and ".join(missing)},
            )
        return self


class Worker(Group):
    """Who this worker is and what it keeps."""

    instance: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,64}$")
    """Stable name, such as the pod's ordinal; None: host name and the first free slot."""
    data: Path = Path(".leadstream")
    """Folder for lock files."""
    health_host: str = "127.0.0.1"
    """Where liveness and readiness are answered; without authentication, hence localhost."""
    health_port: int = Field(default=0, ge=0, le=65_535)
    """0: no health endpoint."""
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")


class Identity(Group):
    """How persons are named in keys."""

    secret: SecretStr | None = Field(default=None, min_length=16)
    """Key of the HMAC that names persons; at least 16 characters, the same on every worker."""


class Edges(Group):
    """What the pipeline asks outside."""

    schema_registry: str | None = Field(default=None, pattern=r"^https?://[^/]+(/.*)?$")
    """URL of a Confluent-compatible registry; None: Avro single-object encoding."""
    enrichment_file: Path | None = None
    """JSON lines of companies for the file provider; None: nothing is asked."""
    otlp_endpoint: str | None = Field(default=None, pattern=r"^https?://[^/]+(/.*)?$")
    """Where traces and metrics go (OTLP over HTTP), without `/v1/traces`; None: nowhere."""
    trace_ratio: float = Field(default=0.01, ge=0, le=1)
    """Share of new traces that are sampled; a sender's own `traceparent` decides for its leads.

    A lead has some ten spans: one lead in a hundred shows where time goes, at next to no cost.
    """


class Settings(Group):
    """All groups."""

    kafka: Kafka = Field(default_factory=Kafka)
    worker: Worker = Field(default_factory=Worker)
    identity: Identity = Field(default_factory=Identity)
    edges: Edges = Field(default_factory=Edges)


def names() -> frozenset[str]:
    """Every variable that there is."""
    groups = (Kafka, Worker, Identity, Edges)
    return frozenset(
        f"LEADSTREAM_{name.upper()}" for group in groups for name in group.model_fields
    )
