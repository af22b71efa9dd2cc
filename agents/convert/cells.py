"""One cell: what is around its text, what means empty, and what a reader makes of it."""

import re
import unicodedata
from typing import NamedTuple

_AROUND = (
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200e\u200f\u2060\ufeff"
)
"""All blanks of Unicode, and marks that show nothing."""
_EMPTY = frozenset(
    {"", "n/a", "#n/a", "-", "--", "\u2013", "\u2014", "null", "(null)", "none", "(none)",
     "(blank)", "[blank]"}
)  # fmt: skip
_LONGEST_EMPTY = 7
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_TEXT_MARK = re.compile(r"'(?=[-+=@\d])")
LONGEST_TEXT = 32_768
"""Characters that a message's text may have (schemas.record)."""


class Reading(NamedTuple):
    """What was understood of a cell."""

    value: object
    """None: nothing."""
    warning: str = ""
    """What is odd about the cell; never its content."""
    keep: bool = False
    """The value says less than the text, so the text is kept in `extra` too."""


def clean(text: str) -> str:
    """The text without what spreadsheets put around it; "" for every way to say "nothing".

    Excel's text marker (a leading apostrophe before a number or sign) and `="0012"` are undone.
    """
    text = text.strip(_AROUND)
    if text[:1] == "'":
        text = _TEXT_MARK.sub("", text, count=1)
    elif text[:2] == '="':
        text = _FORMULA_TEXT.sub(r"\1", text).strip(_AROUND)
    if len(text) <= _LONGEST_EMPTY and text.casefold() in _EMPTY:
        return ""
    return text


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as their ordinary forms (NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def read_text(text: str) -> Reading:
    """The text as it is."""
    return Reading(text)


def read_code(text: str) -> Reading:
    """A postal code or the like, with ordinary digits and letters."""
    return Reading(narrow(text))
