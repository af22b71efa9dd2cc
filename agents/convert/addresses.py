"""E-mail addresses and web sites as people write them into a CRM."""

import re

from agents.convert.cells import Reading, narrow

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_BETWEEN = re.compile(r"[;,|\s]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LONGEST_LOCAL, _LONGEST_EMAIL, _LONGEST_HOST = 64, 254, 253
_NOT_A_COMPANY = frozenset(
    {"linkedin.com", "facebook.com", "instagram.com", "twitter.com", "x.com", "xing.com",
     "youtube.com", "tiktok.com", "wantedly.com", "note.com"}
)  # fmt: skip
"""Sites on which many companies have a page: taken as a domain they would make them one account."""


def read_email(text: str) -> Reading:
    """The first address in the cell; more than one, or none, is odd.

    Understands `mailto:`, `Name <a@b.com>`, full-width characters and stray punctuation.
    """
    words = [_bare(word) for word in _BETWEEN.split(narrow(text))]
    found = [word for word in words if is_email(word)]
    if not found:
        return Reading(None, "not an e-mail address")
    if any(other != found[0] for other in found):
        return Reading(found[0], "several e-mail addresses, the first is taken")
    return Reading(found[0])


def is_email(text: str) -> bool:
    """Whether the text has the form of an address (not whether mail arrives)."""
    if len(text) > _LONGEST_EMAIL or "@" not in text:
        return False
    return text.index("@") <= _LONGEST_LOCAL and _EMAIL.fullmatch(text) is not None


def read_domain(text: str) -> Reading:
    """The host of the first web address in the cell, without `www.`."""
    first = _BETWEEN.split(narrow(text))[0]
    host = re.split(r"[/?#:]", _SCHEME.sub("", first), maxsplit=1)[0].casefold().rstrip(".")
    host = host.rpartition("@")[2].removeprefix("www.")
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        return Reading(None, "not a web address")
    if ".".join(host.split(".")[-2:]) in _NOT_A_COMPANY:
        return Reading(None, "a page on a network, not the company's own site")
    return Reading(host)


def _bare(word: str) -> str:
    word = word.strip("<>()[]\"'=.:")
    if word[:7].casefold() == "mailto:":
        word = word[7:].partition("?")[0]
    return word
