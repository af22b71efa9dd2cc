"""Text as people type it: trimmed for display, folded for comparison."""

import unicodedata


def trimmed(text: str | None) -> str | None:
    """Without white space around and runs of it inside; None if nothing is left."""
    if text is None:
        return None
    return " ".join(text.split()) or None


def folded(text: str | None) -> str | None:
    """Trimmed, NFKC and in lower case: for look-ups such as industry and language."""
    if text is None:
        return None
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()) or None


def person_name(first: str | None, last: str | None) -> str | None:
    """First and last name in comparable form; None without a last name, which alone says who."""
    family = folded(last)
    if family is None:
        return None
    return f"{folded(first) or ''} {family}".strip()
