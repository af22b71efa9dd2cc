"""Lead ids as senders give them: keys of topics and tables, so no personal data may be in them."""

from schemas.sent import reaches_somebody


def usable(text: str | None) -> str | None:
    """The id, trimmed; None where there is none or where it is an e-mail address or a phone number.

    Decision 0020.
    """
    trimmed = " ".join((text or "").split())
    return trimmed if trimmed and not reaches_somebody(trimmed) else None
