"""Company names: one comparable form for `Acme, Inc.` and `ACME incorporated`."""

import unicodedata
from functools import lru_cache

from cleanco import basename

MOST_CHARACTERS = 200
"""A longer text is no name; cleaning time grows with the length."""
_JAPANESE_FORMS = ("株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "(株)", "(有)")
"""They stand before or behind the name without a space, where cleanco does not look."""


@lru_cache(maxsize=16_384)
def comparable(name: str) -> str | None:
    """The name without its legal form, in folded case, or None if nothing is left of it."""
    text = unicodedata.normalize("NFKC", name[:MOST_CHARACTERS])
    for form in _JAPANESE_FORMS:
        text = text.removeprefix(form).removesuffix(form)
    text = " ".join(text.split())
    return (basename(text) or text).casefold().strip(" .,") or None
