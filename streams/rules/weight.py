"""A rep's weight in rotations: base x performance x ramp, whole numbers only (decision 41, WGT-01).

The ramp gives a new hire a part of the weight until so many days have passed.
"""

WHOLE = 100
"""Percent of the weight that holds without a ramp, and behind its last step."""
Ramp = tuple[tuple[int, int], ...]
"""Until which instant (milliseconds, not part of it) how many percent hold, in ascending order."""


def weight(base: int, performance: int, ramp: int = WHOLE) -> int:
    """The weight; `performance` and `ramp` in percent. Rounded down, once."""
    return base * performance * ramp // (WHOLE * WHOLE)


def percent_at(ramp: Ramp, now: int) -> int:
    """Percent of the weight that hold at an instant."""
    return next((percent for until, percent in ramp if now < until), WHOLE)


def next_step(ramp: Ramp, now: int) -> int | None:
    """The next instant after `now` at which other percents hold; None: never again."""
    return next((until for until, _ in ramp if now < until), None)
