"""What two policies say of the same leads, side by side, and where it is not the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from streams.stage import Beside, Comparison, Outgoing

Said = TypeVar("Said")


def side_by_side(
    beside: Beside,
    read: Callable[[Iterable[Outgoing]], Mapping[str, Said]],
    essence: Callable[[Said | None], object],
    told: Callable[[Beside, str | None, Said | None, Said | None], Outgoing],
) -> Comparison:
    """Every lead of which something else is said, and of how many leads either said anything.

    `read` gives what was said by lead id, `essence` what of it has to be the same, `told` the event
    about a difference. Where the candidate failed every lead differs, or one event has no lead.
    """
    live, shadow = read(beside.live), read(beside.shadow)
    if beside.error_type is not None:
        failed: Sequence[str | None] = list(live) or [None]
        alone = [told(beside, each, live.get(each or ""), None) for each in failed]
        return Comparison(len(live), alone)
    lead_ids = list(dict.fromkeys((*live, *shadow)))
    pairs = [(each, live.get(each), shadow.get(each)) for each in lead_ids]
    differing = [pair for pair in pairs if essence(pair[1]) != essence(pair[2])]
    return Comparison(len(pairs), [told(beside, *pair) for pair in differing])
