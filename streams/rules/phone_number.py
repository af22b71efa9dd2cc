"""Phone numbers: E.164, or nothing."""

from functools import lru_cache
from typing import NamedTuple

import phonenumbers

MOST_CHARACTERS = 64
"""No number with its extension is longer; parsing time grows with the length."""
_REGION_OF_LANGUAGE = {
    "cs": "CZ", "da": "DK", "de": "DE", "fi": "FI", "fr": "FR", "hu": "HU", "it": "IT",
    "ja": "JP", "ko": "KR", "nb": "NO", "nl": "NL", "no": "NO", "pl": "PL", "sv": "SE",
    "th": "TH", "tr": "TR", "uk": "UA", "vi": "VN",
}  # fmt: skip
"""Where most speakers live in one country. English, Spanish, Portuguese, Chinese say too little."""


class Number(NamedTuple):
    """A valid number and the extension behind it."""

    e164: str
    extension: str | None


@lru_cache(maxsize=4096)
def normalised(text: str, country: str | None = None, language: str | None = None) -> Number | None:
    """The number, or None if it is not valid where it belongs.

    `country` (ISO alpha-2), else `language` (such as `ja` or `de-AT`), says what a number without
    country code means. Letters on the keypad (1-800-FLOWERS) count as their digits. Invalid
    numbers are refused rather than kept, because 000 0000 would make one person of many.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        parsed = phonenumbers.parse(text, country or _region(language))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Number(e164, parsed.extension)


def _region(language: str | None) -> str | None:
    """The country that a language tag names (de-AT) or mostly means (ja)."""
    parts = (language or "").replace("_", "-").split("-")
    regions = [part.upper() for part in parts[1:] if len(part) == 2 and part.isalpha()]  # noqa: PLR2004 - ISO alpha-2
    return regions[0] if regions else _REGION_OF_LANGUAGE.get(parts[0].lower())
