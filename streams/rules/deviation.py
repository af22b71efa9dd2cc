"""How far somebody is from the share that a rotation owes him, and how far he may be (promise 5).

In leads; where a rotation shares the points of leads, in points.
"""

import math
from functools import lru_cache
from typing import Final

HUNDREDTHS: Final = 100
"""Of a lead: the unit in which both are compared. Finer would be the rounding of whole numbers."""


def owed(start: int, deadline: int, time: int) -> int:
    """Hundredths of a lead owed, at a virtual time, to the rep whose turn it is; under 0: ahead.

    Rounded towards 0: what whole numbers lose from lead to lead breaks no limit.
    """
    distance = HUNDREDTHS * abs(time - start) // (deadline - start)
    return distance if time >= start else -distance


def remaining(leads: int, hundredths: int) -> int:
    """Of so many turns given (under 0: taken) those that still show in what is owed."""
    if leads > 0:
        return min(leads, max(hundredths, 0) // HUNDREDTHS)
    return max(leads, -(max(-hundredths, 0) // HUNDREDTHS))


def steady(dearest: int) -> int:
    """The limit while members, weights and eligibility stand still: a lead, the dearest one."""
    return HUNDREDTHS * dearest


@lru_cache(maxsize=1024)
def changing(members: int, dearest: int) -> int:
    """The limit across changes: 1 + ln(n) leads for n members; hundredths, rounded up."""
    return math.ceil(HUNDREDTHS * dearest * (1 + math.log(members)))


def text(hundredths: int) -> str:
    """Leads with two places, as people read them."""
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
