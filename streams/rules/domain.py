"""Internet domains: the part that somebody registered."""

from functools import lru_cache

import idna
import tldextract

MOST_CHARACTERS = 2048
"""The longest address of a page that is looked at."""
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
"""Only the public suffix list in the package: the policy carries its fingerprint."""


@lru_cache(maxsize=16_384)
def registrable(text: str) -> str | None:
    """The registrable domain, in ASCII and lower case, of a host, an e-mail domain or a URL.

    `https://www.Acme.co.uk/shop` gives `acme.co.uk`. None where there is none: an IP address, a
    bare word, a public suffix alone.
    """
    address = text.strip()
    if not address or len(address) > MOST_CHARACTERS:
        return None
    found = _extract(address)
    if not found.domain or not found.suffix:
        return None
    return _ascii(f"{found.domain}.{found.suffix}")


def _ascii(domain: str) -> str | None:
    """The spelling of the domain name system, so that both spellings of a name are one."""
    lower = domain.lower()
    if lower.isascii() and "xn--" not in lower:
        return lower
    try:
        encoded = idna.encode(lower, uts46=True)
    except (idna.IDNAError, UnicodeError):
        return None
    return encoded.decode("ascii")
