"""Time zones by their IANA names, also as HubSpot spells them."""

import re
from functools import cache
from zoneinfo import available_timezones

from agents.convert.cells import Reading

_NAME = re.compile(r"[A-Za-z_]+/[A-Za-z_/+\-0-9]+|UTC\b")


@cache
def _known() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones())}


def zone_named(text: str) -> str | None:
    """The IANA name that the text has somewhere, in its official spelling."""
    spelled = text.replace("_slash_", "/").replace("_hyphen_", "-")
    known = _known()
    found = (known.get(name.casefold()) for name in reversed(_NAME.findall(spelled)))
    return next((name for name in found if name), None)


def read_zone(text: str) -> Reading:
    """A time zone, such as `Asia/Tokyo`, `UTC -05:00 America/New_York` or `europe_slash_berlin`."""
    name = zone_named(text)
    return Reading(name) if name else Reading(None, "not an IANA time zone")
