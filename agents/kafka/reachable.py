"""Whether the broker lets us in, and if not, why: librdkafka tells causes only by the way."""

import socket
import ssl

from confluent_kafka import KafkaError, KafkaException

from agents.clock import steady_s
from agents.kafka import clients
from agents.leaving import StayDown
from agents.settings import Kafka

LOOK_S = 0.5
HANDSHAKE_S = 2.0
CREDENTIALS = (
    "LEADSTREAM_SASL_USERNAME, LEADSTREAM_SASL_PASSWORD and LEADSTREAM_SASL_MECHANISM must be "
    "those of a user whom the broker knows"
)
CERTIFICATE = (
    "LEADSTREAM_SSL_CA_LOCATION must be the authority that signed the broker's certificate, and "
    "LEADSTREAM_SECURITY_PROTOCOL what the broker speaks"
)

CUT_OFF = ("Disconnected", "transport error", "unexpected eof")


class Unreachable(StayDown):
    """No broker answers."""


class NotLetIn(StayDown):
    """A broker answers and refuses us, or we refuse it."""


def check_reachable(kafka: Kafka, timeout_s: float = 10.0) -> None:
    """Returns once the broker has answered.

    Raises `NotLetIn` as soon as it is known that user, password, certificate or protocol are not
    the broker's, `Unreachable` where nobody answers; both with a remedy.
    """
    heard: list[KafkaError] = []
    probe = clients.admin(kafka, heard.append)
    deadline = steady_s() + timeout_s
    while True:
        try:
            probe.list_topics(timeout=min(LOOK_S, timeout_s))
        except KafkaException as error:
            probe.poll(0)
            for each in heard:
                _refuse_certain(kafka, each)
            _refuse_plaintext(kafka, heard)
            if steady_s() > deadline:
                raise _nobody(kafka, error.args[0], heard) from None
        else:
            return


def _refuse_certain(kafka: Kafka, heard: KafkaError) -> None:
    """What another try would not change; a broker on its way up or down may cut anything off."""
    if any(word in heard.str() for word in CUT_OFF):
        return
    if heard.code() == KafkaError._AUTHENTICATION:  # noqa: SLF001 - no public name
        raise NotLetIn(
            f"the broker at {kafka.broker} does not let user {kafka.sasl_username} in "
            f"({_cause(heard)}): {CREDENTIALS}"
        )
    if heard.code() == KafkaError._SSL:  # noqa: SLF001 - no public name
        raise NotLetIn(f"no TLS with the broker at {kafka.broker} ({_cause(heard)}): {CERTIFICATE}")


def _refuse_plaintext(kafka: Kafka, heard: list[KafkaError]) -> None:
    """A broker with TLS says nothing at all to who has none, so it is asked."""
    plain = not kafka.security_protocol.endswith("ssl")
    if plain and _hung_up(heard) and speaks_tls(kafka.broker):
        raise NotLetIn(
            f"the broker at {kafka.broker} speaks TLS and LEADSTREAM_SECURITY_PROTOCOL is "
            f"{kafka.security_protocol}: set it to sasl_ssl, or ssl"
        )


def _hung_up(heard: list[KafkaError]) -> bool:
    """Whether somebody took every connection and gave no reason for ending it."""
    return bool(heard) and all(each.code() == KafkaError._ALL_BROKERS_DOWN for each in heard)  # noqa: SLF001 - no public name


def _nobody(kafka: Kafka, last: KafkaError, heard: list[KafkaError]) -> Unreachable:
    if _hung_up(heard):
        return Unreachable(
            f"whoever is at {kafka.broker} hangs up: LEADSTREAM_SECURITY_PROTOCOL "
            f"({kafka.security_protocol}) may not be what the broker speaks there"
        )
    return Unreachable(
        f"no Kafka broker answers at {kafka.broker} ({last.name()}): start it, or set "
        "LEADSTREAM_BROKER to its host:port"
    )


def speaks_tls(brokers: str) -> bool:
    """Whether the first of these brokers takes a TLS handshake, whatever its certificate says."""
    host, _, port = brokers.partition(",")[0].rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is said there but hello
    try:
        with (
            socket.create_connection((host, int(port)), HANDSHAKE_S) as connection,
            context.wrap_socket(connection),
        ):
            return True
    except (OSError, ValueError):
        return False


def _cause(heard: KafkaError) -> str:
    """Librdkafka's text without its address and its state."""
    text = heard.str().partition(": ")[2]
    return text.partition(" (after ")[0].removeprefix("SASL authentication error: ")
