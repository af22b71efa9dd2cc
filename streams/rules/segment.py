"""Segments: groups of leads that are treated and measured alike (SEG-05, SEG-07)."""


def size_of(employees: int, enterprise: int, mid_market: int) -> str:
    """The segment of a company by its employees; the policy has the two limits."""
    if employees >= enterprise:
        return "enterprise"
    return "mid_market" if employees >= mid_market else "smb"


def segments(
    *, size: str | None, industry: str | None, customer: bool, named: bool
) -> tuple[str, ...]:
    """All segments of a lead, in a fixed order; what is not known makes none."""
    found = (
        size,
        f"industry:{industry}" if industry else None,
        "customer" if customer else None,
        "named_account" if named else None,
    )
    return tuple(segment for segment in found if segment is not None)
