"""The desk: which set of teams decides on a lead."""

from collections.abc import Callable, Iterable


def chosen(
    owners: str | None,
    desks: Iterable[tuple[str, str | None]],
    holds: Callable[[str], bool],
    default: str,
) -> str:
    """The account owner's desk, else the first desk whose condition holds, else the default.

    `desks` in the policy's order, each with its condition; a desk without one takes only what it
    is the default for (decisions, Desk and team).
    """
    if owners is not None:
        return owners
    for desk, when in desks:
        if when is not None and holds(when):
            return desk
    return default
