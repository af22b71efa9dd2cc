"""Which codes and keywords a lead's industry answers to (TERR-03)."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


class Vocabulary:
    """The codes and keywords that a policy lists."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Reads them once; made once per policy version."""
        self._listed = frozenset(map(spelling, entries))
        self._longest = max((entry.count(" ") + 1 for entry in self._listed), default=0)

    def terms(self, industry: str | None) -> list[str]:
        """Those that the industry answers to, as `spelling` has them.

        A keyword: its words stand there in a row. A code: a number there begins with it, as 6211
        does with 62. Longer ones first, equally long ones by alphabet.
        """
        if not industry or not self._listed:
            return []
        words = _words(industry)
        found = self._listed.intersection({*_rows(words, self._longest), *_beginnings(words)})
        return sorted(found, key=lambda term: (-len(term), term))


def spelling(entry: str) -> str:
    """A code or keyword of the policy as it is compared: its words in lower case; may be empty."""
    return " ".join(_words(entry))


def _rows(words: list[str], longest: int) -> Iterable[str]:
    """Up to so many words in a row."""
    return (
        " ".join(words[start : start + length])
        for length in range(1, min(longest, len(words)) + 1)
        for start in range(len(words) - length + 1)
    )


def _beginnings(words: list[str]) -> Iterable[str]:
    """Every beginning of every number."""
    numbers = (word for word in words if word.isdecimal())
    return (number[:length] for number in numbers for length in range(1, len(number)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
