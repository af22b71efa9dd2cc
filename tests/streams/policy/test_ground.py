"""What the analyses know about territories is what the rule knows."""

from typing import Any

from hypothesis import given

from streams.policy.document import Territory
from streams.policy.ground import CRITERIA, deciding, finder, wanted, within
from tests.streams.policy.territories import MANY, every_lead, territory


def test_every_list_of_a_territory_is_a_criterion() -> None:
    """A criterion that is added to the policy must be added here: one line."""
    lists = {name for name in Territory.model_fields if name not in {"territory", "reps"}}
    every = Territory.model_construct(**dict[str, Any]({name: (name,) for name in lists}))
    assert {value for _, values in CRITERIA for value in values(every)} == lists


def test_the_finder_is_the_rule() -> None:
    """The first of equals, the more specific, none."""
    whole, part = territory("whole", countries=["US"]), territory("part", states=["US-CA"])
    find = finder((whole, part))
    assert find({"country": "US", "state": "US-CA"}) is part
    assert find({"country": "US"}) is whole
    assert find({"country": "CA"}) is None


def test_a_lead_is_in_one_country() -> None:
    """A state says which; another country beside it is nowhere."""
    assert within({"state": "US-CA"}) == {"state": "US-CA", "country": "US"}
    assert within({"state": "US-CA", "country": "CA"}) is None


@given(MANY)
def test_territories_that_tie_share_something_that_decides(
    territories: tuple[Territory, ...],
) -> None:
    """Held against every lead there is: the look-up of pairs leaves none out."""
    for first in territories:
        for second in territories:
            either, other = finder((first, second)), finder((second, first))
            tied = [lead for lead in every_lead() if either(lead) is not other(lead)]
            if tied and first is not second:
                assert deciding(first) & deciding(second)
                assert any(either(lead) is not other(lead) for lead in wanted(first, second))
