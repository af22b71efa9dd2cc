"""The most specific territory wins (TERR-01 to TERR-04)."""

import pytest

from streams.policy.territory import Employees, Territory
from streams.rules.territory import Listing, Map


def listing(name: str, place: str, industry: str = "", size: Employees | None = None) -> Listing:
    """A territory at one place."""
    territory = Territory(territory=name, employees=size, reps=("ann",))
    return Listing(territory, ((place, place),), ((industry, industry),) if industry else ())


MAP = Map(
    (
        listing("large", "US", size=Employees(least=500)),
        listing("medium", "US", size=Employees(least=50, most=499)),
        listing("thousand", "US", size=Employees(least=1000, most=1999)),
        listing("tiny", "US", size=Employees(most=9)),
        listing("rest", "US"),
        listing("second", "US"),
        listing("banks", "US", "banking"),
        listing("large-banks", "US", "banking", Employees(least=500)),
        listing("clinics", "", "health care"),
        listing("small-carers", "", "care", Employees(most=49)),
    )
)


@pytest.mark.parametrize(
    ("employees", "expected"),
    [
        (0, "tiny"), (9, "tiny"), (10, "rest"), (49, "rest"), (50, "medium"), (499, "medium"),
        (500, "large"), (999, "large"), (1000, "thousand"), (1999, "thousand"), (2000, "large"),
        (10**12, "large"), (None, "rest"),
    ],
)  # fmt: skip
def test_the_narrowest_range_of_employees_has_the_company(
    employees: int | None, expected: str
) -> None:
    """TERR-01, company size: both ends belong to the range; unknown fits only who does not ask."""
    found = MAP.find(("US",), (), employees)
    assert found is not None
    assert found[0].territory == expected


@pytest.mark.parametrize(
    ("places", "terms", "employees", "expected"),
    [
        (("US", ""), ("banking",), 5, ("banks", "US, industry banking")),
        (("US",), ("banking",), 500,
         ("large-banks", "US, industry banking, 500 employees or more")),
        (("US", ""), ("health care", "care"), 50, ("medium", "US, 50 to 499 employees")),
        (("",), ("health care", "care"), 5, ("clinics", "industry health care")),
        (("",), ("care",), 49, ("small-carers", "industry care, 0 to 49 employees")),
        (("",), ("care",), 50, None),
        (("",), ("care",), None, None),
        (("FR",), ("banking",), 5, None),
    ],
)  # fmt: skip
def test_place_before_industry_before_size(
    places: tuple[str, ...], terms: tuple[str, ...], employees: int | None,
    expected: tuple[str, str] | None,
) -> None:  # fmt: skip
    """TERR-03, TERR-04: and the words say everything that matched."""
    found = MAP.find(places, terms, employees)
    assert (found and (found[0].territory, found[1])) == expected


def test_of_equals_the_first_in_the_policy() -> None:
    """The order of the policy decides nothing else."""
    first, second = listing("first", "US"), listing("second", "US")
    for listed in ((first, second), (second, first)):
        found = Map(listed).find(("US",), (), None)
        assert found is not None
        assert found[0] is listed[0].territory
