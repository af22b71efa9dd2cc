"""Telephone numbers, and what spreadsheets do to them."""

import re

from agents.convert.cells import Reading, narrow

SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_BETWEEN = re.compile(r"\s*[;|\n]\s*|,|\s/\s|\s(?:or|oder|ou|und|and)\s", re.IGNORECASE)
_NUMBER = re.compile(
    r"\+?[\d\s().\-/\u2010-\u2015\u2212]+(?:\s*(?:ext\.?|extension|x|#|\u5185\u7dda)\s*\d{1,7})?",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?:ext|x|#|\u5185\u7dda)", re.IGNORECASE)
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15


def read_phone(text: str) -> Reading:
    """The first number in the cell as it is written; intake gives it its international form.

    A number in scientific notation has lost its last digits for good and is refused.
    """
    text = narrow(text).lstrip("=").strip()
    if SCIENTIFIC.fullmatch(text):
        return Reading(None, "a spreadsheet has rounded this telephone number, digits are lost")
    parts = [part for part in (_bare(part) for part in _BETWEEN.split(text)) if part]
    numbers = [part for part in parts if _is_phone(part)]
    if not numbers:
        return Reading(None, "not a telephone number")
    if len(parts) > 1:
        return Reading(numbers[0], "several telephone numbers, the first is taken")
    return Reading(numbers[0])


def _bare(part: str) -> str:
    part = part.strip().removeprefix("tel:").strip()
    # A program that took the column for numbers wrote 819012345678.0.
    return part[:-2] if re.fullmatch(r"\d{7,}\.0", part) else part


def _is_phone(part: str) -> bool:
    if not _NUMBER.fullmatch(part):
        return False
    main: str = _EXTENSION.split(part, maxsplit=1)[0]
    digits = sum(sign.isdigit() for sign in main)
    return _FEWEST_DIGITS <= digits <= _MOST_DIGITS
