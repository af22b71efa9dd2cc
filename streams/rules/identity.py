"""Names for events, leads and people that hold no personal data."""

import hashlib
import hmac

LEAD_DIGITS = 20
HASH_BYTES = 16


def event_id(sender: str, given: str) -> str:
    """The inner id of an input event: 32 hexadecimal digits; event ids are unique per sender."""
    return hashlib.blake2b(f"{sender}\x00{given}".encode(), digest_size=16).hexdigest()


def derived_lead_id(inner_event_id: str) -> str:
    """The lead id of a capture that names none, or whose lead is closed."""
    return f"lead-{inner_event_id[:LEAD_DIGITS]}"


def keyed_hash(secret: bytes, kind: str, value: str) -> str:
    """A key for a personal identifier that cannot be guessed without the deployment's secret.

    HMAC-SHA256, 16 bytes, in hexadecimal. `kind` keeps a phone number from being an account id.
    """
    digest = hmac.digest(secret, f"{kind}\x00{value}".encode(), "sha256")
    return digest[:HASH_BYTES].hex()
