"""States and provinces: ISO 3166-2 codes within a country."""

import unicodedata
from functools import cache

import pycountry


def code(text: str, country: str | None) -> str | None:
    """The ISO 3166-2 code (US-CA) from a code, its local part (CA) or a name (California).

    Without a country only a whole code is understood: many countries have a `CA`.
    """
    spelling = _comparable(text)
    whole = _codes().get(spelling)
    if whole is not None:
        return whole if country is None or whole.startswith(f"{country}-") else None
    if country is None:
        return None
    return _codes().get(f"{country.casefold()}-{spelling}") or _by_name(country).get(spelling)


def country_of(whole: str) -> str:
    """The country of an ISO 3166-2 code."""
    return whole.partition("-")[0]


def _comparable(text: str) -> str:
    """Lower case without accents, so that `Île-de-France` and `Ile-de-France` are one place."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", plain).split())


@cache
def _codes() -> dict[str, str]:
    return {part.code.casefold(): part.code for part in pycountry.subdivisions}


@cache
def _by_name(country: str) -> dict[str, str]:
    """Names of one country's parts. The larger part wins: New York the state, not a county."""
    parts = [part for part in pycountry.subdivisions if part.country_code == country]
    ordered = sorted(parts, key=lambda part: (part.parent_code is not None, part.code))
    names: dict[str, str] = {}
    for part in ordered:
        names.setdefault(_comparable(part.name), part.code)
    return names
