"""Head counts and amounts of money."""

import re
from decimal import Decimal, InvalidOperation

from agents.convert.cells import Reading, narrow

_GROUPED = r"\d{1,3}(?:[,.'\u2019 \u00a0]\d{3})+|\d+"
_PEOPLE = r"(?:\s*(?:employees?|people|staff|mitarbeiter|\u4eba|\u540d))?"
_COUNT = re.compile(rf"[~=+]?\s*({_GROUPED})(?:[.,]0+)?{_PEOPLE}", re.IGNORECASE)
_RANGE = re.compile(
    rf"({_GROUPED})\s*(?:-|\u2010|\u2013|\u2014|~|\u301c|to|bis|\.\.)\s*({_GROUPED}){_PEOPLE}",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(rf"(?:>=?\s*)?({_GROUPED})\s*(?:\+|or more)?{_PEOPLE}", re.IGNORECASE)
_DATE_LIKE = re.compile(r"\d{1,2}[-. ][a-z]{3,}\.?|[a-z]{3,}[-. ]\d{1,2}", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"\D")
_MONEY = re.compile(r"[+]?\d[\d.,' \u00a0\u2019]*(?:[eE][+]?\d{1,2})?")
_CURRENCY = re.compile(
    r"^[A-Z]{0,3}\s*[$\u20ac\u00a3\u00a5]?\s*|\s*(?:[A-Z]{3}|[$\u20ac\u00a3\u00a5\u5186])$"
)
_MOST_PEOPLE = 10_000_000
_MOST_DIGITS = 18


def read_employees(text: str) -> Reading:
    """A whole number of people. Of a range the lower end: the company is at least that large.

    The text of a range stays in `extra`, since the number says less.
    """
    text = narrow(text).strip()
    if single := _COUNT.fullmatch(text):
        return _people(single.group(1), keep=False)
    if span := _RANGE.fullmatch(text):
        if _digits(span.group(1)) > _digits(span.group(2)):
            return Reading(None, "a range of employees that ends before it starts")
        return _people(span.group(1), keep=True)
    if least := _AT_LEAST.fullmatch(text):
        return _people(least.group(1), keep=True)
    if _DATE_LIKE.fullmatch(text):
        return Reading(None, "a spreadsheet has turned a range of employees into a date")
    return Reading(None, "not a number of employees")


def read_amount(text: str) -> Reading:
    """An amount of money, whatever its currency; `1.234,50` and `1,234.50` are the same."""
    text = _CURRENCY.sub("", narrow(text).strip())
    if not _MONEY.fullmatch(text) or len(_NOT_DIGIT.sub("", text)) > _MOST_DIGITS:
        return Reading(None, "not an amount of money")
    try:
        amount = Decimal(_with_point(re.sub(r"['\u2019 \u00a0]", "", text)))
    except InvalidOperation:
        return Reading(None, "not an amount of money")
    whole = amount == amount.to_integral_value() and amount < 10**_MOST_DIGITS
    return Reading(int(amount) if whole else float(amount))


def _people(digits: str, *, keep: bool) -> Reading:
    count = _digits(digits)
    if not 0 < count <= _MOST_PEOPLE:
        return Reading(None, f"a number of employees outside 1 to {_MOST_PEOPLE:,}")
    return Reading(count, keep=keep)


def _digits(text: str) -> int:
    # More digits than this are no head count, and very many would be slow to convert.
    return int(_NOT_DIGIT.sub("", text)[:_MOST_DIGITS])


def _with_point(text: str) -> str:
    """Thousands taken out; the last sign before other than three digits is the decimal point."""
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return text
    sign, other = text[last], "." if text[last] == "," else ","
    after = re.match(r"\d*", text[last + 1 :])
    grouping = text.count(sign) > 1 or (
        other not in text and after is not None and len(after.group()) == len("000")
    )
    whole = text[:last].replace(",", "").replace(".", "")
    return f"{whole}{text[last + 1 :]}" if grouping else f"{whole}.{text[last + 1 :]}"
