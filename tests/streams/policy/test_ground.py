"""What the analyses know about territories is what the rule knows."""

from typing import Any

import pytest
from hypothesis import given, settings

from streams.policy.document import Employees, Territory
from streams.policy.ground import Ground
from tests.streams.policy.territories import MANY, document, every_lead, territory

LISTS: dict[str, Any] = {
    "regions": ["west"], "countries": ["CA"], "states": ["US-NY"], "metropolitan_areas": ["bay"],
    "cities": ["London"], "postal_prefixes": ["94"], "industries": ["bank"],
    "employees": Employees(least=5, most=14),
}  # fmt: skip


def test_every_kind_of_list_is_tried() -> None:
    """A criterion that is added to the policy must be known to the analyses."""
    assert set(LISTS) == set(Territory.model_fields) - {"territory", "reps"}


@pytest.mark.parametrize("key", LISTS)
def test_a_territory_has_the_leads_that_are_made_up_for_it(key: str) -> None:
    """Whatever it lists, the rule gives it each of them."""
    one = territory("one", **{key: LISTS[key]})
    ground = Ground(document(one))
    leads = list(ground.leads(one))
    find, without = ground.finder((one,)), ground.finder(())
    assert leads
    assert all(find(lead) is one for lead in leads)
    assert all(without(lead) is None for lead in leads)


def test_the_finder_is_the_rule() -> None:
    """The first of equals, the more specific, none."""
    whole, part = territory("whole", countries=["US"]), territory("part", states=["US-CA"])
    find = Ground(document(whole, part)).finder((whole, part))
    assert find({"country": "US", "state": "US-CA"}) is part
    assert find({"country": "US"}) is whole
    assert find({"country": "CA"}) is None


def test_an_example_names_all_that_it_takes() -> None:
    """A state with its country, a city as the policy writes it, an industry, a size."""
    one = territory("one", states=["US-CA"], cities=["San José"], industries=["Bank"])
    assert list(Ground(document(one)).leads(one)) == [
        {"country": "US", "state": "US-CA", "city": "San José", "industry": "bank"}
    ]


@settings(max_examples=50)
@given(MANY)
def test_territories_that_tie_share_a_place_and_a_lead(territories: tuple[Territory, ...]) -> None:
    """Held against every lead there is: the look-up of pairs leaves none out."""
    leads, ground = every_lead(), Ground(document(*territories))
    for index, first in enumerate(territories):
        for second in territories[index + 1 :]:
            either, other = ground.finder((first, second)), ground.finder((second, first))
            if any(either(lead) is not other(lead) for lead in leads):
                assert ground.places(first).keys() & ground.places(second).keys()
                tied = ground.wanted(first, second)
                assert any(either(lead) is not other(lead) for lead in tied)
