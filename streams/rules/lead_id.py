"""Lead ids as senders give them: keys of topics and tables, so no personal data may be in them."""

import re

_TELEPHONE = re.compile(r"\+?[\d\s().-]{7,}")
_WRITTEN_AS_ONE = re.compile(r"\+|[\s().]")


def usable(text: str | None) -> str | None:
    """The id, trimmed; None where there is none or where it is an e-mail address or a phone number.

    A plain row of digits is an id: most CRMs number their leads. With a plus sign, blanks, brackets
    or full stops between the digits it is a number to call.
    """
    if text is None:
        return None
    trimmed = " ".join(text.split())
    if not trimmed or "@" in trimmed:
        return None
    is_telephone = _TELEPHONE.fullmatch(trimmed) and _WRITTEN_AS_ONE.search(trimmed)
    return None if is_telephone else trimmed
