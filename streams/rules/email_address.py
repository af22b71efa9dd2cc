"""E-mail addresses: one spelling for one mailbox, or nothing."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

MOST_CHARACTERS = 254
"""RFC 5321: a longer address cannot be delivered."""


_PLAIN = re.compile(r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)")
"""What nearly every address looks like: valid wherever its domain is."""
_LOCAL_CHARACTERS = 64
"""RFC 5321: the longest part before the @."""


def normalised(text: str) -> str | None:
    """The address in lower case with its domain in Unicode, or None if it cannot be one.

    Nothing is looked up: whether the mailbox exists is not asked. Lower case because every mail
    system of note ignores case, and two spellings would be two people.
    """
    address = text.strip().lower()
    if not address or len(address) > MOST_CHARACTERS:
        return None
    plain = _PLAIN.fullmatch(address)
    if plain is None or len(plain[1]) > _LOCAL_CHARACTERS:
        return _validated(address)
    # Validating costs as much as everything else that intake does to a lead; domains come again.
    domain = _domain(plain[2])
    return f"{plain[1]}@{domain}" if domain else None


@lru_cache(maxsize=16_384)
def _domain(given: str) -> str | None:
    address = _validated(f"a@{given}")
    return host(address) if address else None


def _validated(address: str) -> str | None:
    try:
        found = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return found.normalized.lower()


def host(address: str) -> str:
    """The part of a normalised address behind its last @."""
    return address.rpartition("@")[2]
