"""Certificates for a broker on localhost, made for one test run: an authority and what it signs."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAYS = 2


class Certificates(NamedTuple):
    """Files in PEM, as Kafka and librdkafka read them."""

    authority: Path
    """What clients trust."""
    broker: Path
    """The broker's key and certificate, one behind the other."""
    stranger: Path
    """Another authority, which has signed nothing."""


def made(folder: Path) -> Certificates:
    """Makes them in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Certificates(folder / "ca.pem", folder / "broker.pem", folder / "stranger.pem")
    key, authority = _authority("leadstream test authority")
    found.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    found.stranger.write_bytes(_authority("stranger")[1].public_bytes(Encoding.PEM))
    own, certificate = _signed(key, authority)
    private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    found.broker.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return found


def _authority(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    constraint = x509.BasicConstraints(ca=True, path_length=0)
    builder = _valid(subject, subject, key).add_extension(constraint, critical=True)
    return key, builder.sign(key, hashes.SHA256())


def _signed(
    key: ec.EllipticCurvePrivateKey, authority: x509.Certificate
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    here = ipaddress.ip_address("127.0.0.1")
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(here)])
    builder = _valid(subject, authority.subject, own).add_extension(names, critical=False)
    return own, builder.sign(key, hashes.SHA256())


def _valid(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=DAYS))
        .not_valid_after(now + timedelta(days=DAYS))
    )
