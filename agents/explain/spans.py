"""Spans of time and parts of leads, written for people."""

from fractions import Fraction

LEAD = 1 << 40
"""Units of virtual time in one lead at weight 1 (design, section 5)."""
_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"))


def span_text(span_ms: int) -> str:
    """A span of milliseconds in its two largest units, such as `2 h 5 min`, cut off."""
    parts, rest = [], span_ms
    for unit_ms, name in _UNITS:
        if rest >= unit_ms:
            parts.append(f"{rest // unit_ms} {name}")
            rest %= unit_ms
    return " ".join(parts[:2]) or f"{span_ms} ms"


def hundredths(value: Fraction) -> str:
    """A number with two digits behind the point, half to even; never `-0.00`."""
    rounded = round(value * 100)
    whole, part = divmod(abs(rounded), 100)
    return f"{'-' if rounded < 0 else ''}{whole}.{part:02d}"
