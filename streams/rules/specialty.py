"""Which specialty a lead is about (SPEC-01 to SPEC-05)."""

from collections.abc import Callable, Iterable

from streams.policy.document import Specialty


def specialty_for(
    specialties: Iterable[Specialty], holds: Callable[[str], bool]
) -> Specialty | None:
    """The first specialty in the policy's order whose condition holds."""
    return next((each for each in specialties if holds(each.when)), None)
