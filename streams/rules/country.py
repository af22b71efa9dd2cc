"""Countries: ISO 3166-1 alpha-2 from what people write."""

import unicodedata
from functools import cache

import pycountry

_ALIASES = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "u.k.": "GB", "usa": "US", "u.s.": "US", "u.s.a.": "US",
    "america": "US", "united states of america": "US", "the united states": "US",
    "korea": "KR", "south korea": "KR", "republic of korea": "KR", "north korea": "KP",
    "turkey": "TR", "türkiye": "TR", "turkiye": "TR", "russia": "RU", "holland": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "ivory coast": "CI", "cape verde": "CV",
    "swaziland": "SZ", "macedonia": "MK", "burma": "MM", "vatican": "VA", "uae": "AE",
    "u.a.e.": "AE", "laos": "LA", "syria": "SY", "brunei": "BN", "palestine": "PS",
    "congo kinshasa": "CD", "dr congo": "CD", "hong kong sar": "HK", "macau": "MO",
    "deutschland": "DE", "españa": "ES", "espana": "ES", "italia": "IT", "österreich": "AT",
    "schweiz": "CH", "suisse": "CH", "nederland": "NL", "brasil": "BR", "méxico": "MX",
    "polska": "PL", "sverige": "SE", "norge": "NO", "danmark": "DK", "suomi": "FI",
    "belgique": "BE", "belgië": "BE", "日本": "JP", "日本国": "JP", "米国": "US",
    "アメリカ": "US", "アメリカ合衆国": "US", "英国": "GB", "イギリス": "GB", "韓国": "KR",
    "大韓民国": "KR", "中国": "CN", "中华人民共和国": "CN", "台湾": "TW", "臺灣": "TW",
    "香港": "HK", "한국": "KR", "대한민국": "KR", "ドイツ": "DE", "フランス": "FR",
    "シンガポール": "SG", "インド": "IN",
}  # fmt: skip
"""Spellings that ISO does not list. Plain Korea is the South, whose companies buy."""


def alpha2(text: str) -> str | None:
    """The country's two letters from a code, an official or common name, or a known alias.

    None for anything else: a guess would send the lead to the wrong territory.
    """
    return _by_name().get(_comparable(text))


def _comparable(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _by_name() -> dict[str, str]:
    """Every accepted spelling; our aliases win over ISO's names."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name", "alpha_3", "alpha_2"):
            spelling = getattr(country, field, None)
            if spelling:
                names[_comparable(spelling)] = country.alpha_2
    return names | {_comparable(alias): code for alias, code in _ALIASES.items()}
