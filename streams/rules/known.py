"""What is known of a company when the lead itself does not say: the lead's own word first."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def either(own: T | None, account: T | None) -> T | None:
    """The lead's own value, else the account's: the form is newer than the file."""
    return account if own is None else own


def missing(wanted: Iterable[str], values: Mapping[str, object]) -> tuple[str, ...]:
    """Which of the wanted fields nobody knows, in the policy's order."""
    return tuple(name for name in wanted if values.get(name) is None)
