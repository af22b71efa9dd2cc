"""A Kafka broker that lets nobody in unasked: TLS, SCRAM, and no right without an ACL."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from agents.kafka.rights import Right
from agents.settings import Kafka
from tests.broker import Broker, free_ports, silent
from tests.broker_process import JavaProcess
from tests.certificates import Certificates, made

ADMIN = "admin"
PASSWORD = "only-for-this-test"  # noqa: S105 - a broker that lives as long as the test
ANSWER_S = 10.0


def settings(certificates: Certificates, client_port: int, controller_port: int) -> dict[str, str]:
    """Settings of the broker that differ from the other tests' brokers.

    The controller's listener is on loopback and has no TLS; so its user, who is nobody, may do
    everything.
    """
    login = "org.apache.kafka.common.security.scram.ScramLoginModule"
    return {
        "listeners": (
            f"SASL_SSL://127.0.0.1:{client_port},CONTROLLER://127.0.0.1:{controller_port}"
        ),
        "advertised.listeners": f"SASL_SSL://127.0.0.1:{client_port}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
        "inter.broker.listener.name": "SASL_SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(certificates.broker),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates.authority),
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            f'{login} required username="{ADMIN}" password="{PASSWORD}";'
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": f"User:{ADMIN};User:ANONYMOUS",
    }


class SecureBroker:
    """The broker and its administrator."""

    def __init__(self, folder: Path) -> None:
        """Starts it and waits until it lets the administrator in."""
        self.certificates = made(folder / "certificates")
        client, controller = free_ports(2)
        process = JavaProcess(
            folder / "kafka",
            client,
            controller,
            quick=True,
            changes=settings(self.certificates, client, controller),
            formatted=("--add-scram", f"SCRAM-SHA-512=[name={ADMIN},password={PASSWORD}]"),
        )
        self.bootstrap = f"127.0.0.1:{client}"
        self.broker = Broker(process, client, self._connection())
        self.broker.start()
        self.admin = AdminClient(
            {"bootstrap.servers": self.bootstrap, **self._connection()}, logger=silent()
        )

    def _connection(self) -> dict[str, str]:
        return {
            "security.protocol": "sasl_ssl",
            "ssl.ca.location": str(self.certificates.authority),
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": ADMIN,
            "sasl.password": PASSWORD,
        }

    def kafka(self, user: str = ADMIN, prefix: str = "") -> Kafka:
        """Settings with which a user gets in."""
        return Kafka.model_validate(
            {
                "broker": self.bootstrap,
                "prefix": prefix,
                "security_protocol": "sasl_ssl",
                "ssl_ca_location": str(self.certificates.authority),
                "sasl_username": user,
                "sasl_password": PASSWORD,
            }
        )

    def add_users(self, *names: str) -> None:
        """Makes users who have no right yet."""
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        wanted: list[UserScramCredentialAlteration] = [
            UserScramCredentialUpsertion(name, info, PASSWORD.encode()) for name in names
        ]
        for future in self.admin.alter_user_scram_credentials(wanted).values():
            future.result(ANSWER_S)

    def grant(self, user: str, rights: Iterable[Right]) -> None:
        """Gives rights."""
        self.grant_all({user: list(rights)})

    def grant_all(self, wanted: Mapping[str, Iterable[Right]]) -> None:
        """Gives rights to several users."""
        acls = [acl(user, right) for user, rights in wanted.items() for right in rights]
        for future in self.admin.create_acls(acls).values():
            future.result(ANSWER_S)

    def take(self, user: str, right: Right) -> None:
        """Takes one right away."""
        one = acl(user, right)
        found = AclBindingFilter(
            one.restype, one.name, one.resource_pattern_type, one.principal, one.host,
            one.operation, one.permission_type,
        )  # fmt: skip
        for future in self.admin.delete_acls([found]).values():
            assert len(future.result(ANSWER_S)) == 1


def acl(user: str, right: Right) -> AclBinding:
    """A right as the broker keeps it."""
    return AclBinding(
        ResourceType[right.resource.replace("-", "_").upper()],
        right.name,
        ResourcePatternType.PREFIXED if right.prefixed else ResourcePatternType.LITERAL,
        f"User:{user}",
        "*",
        AclOperation[right.operation],
        AclPermissionType.ALLOW,
    )


@contextmanager
def running_secure_broker() -> Iterator[SecureBroker]:
    """Runs one for the time of a `with` block.

    Raises:
        BrokerUnavailableError: Kafka's jars cannot be had, or Java.
    """
    with tempfile.TemporaryDirectory(prefix="leadstream-secure-") as scratch:
        secure = SecureBroker(Path(scratch))
        try:
            yield secure
        finally:
            secure.broker.close()
