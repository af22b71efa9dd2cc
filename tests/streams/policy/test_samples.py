"""Leads made up from the text of conditions."""

from typing import Any

import pytest

from streams.policy.samples import samples, team_of
from tests.streams import policies

COUNTRIES = ("DE", "FR", "US")


def found(*conditions: str) -> list[Any]:
    """The leads made up for conditions, behind those of whom at most the country is known."""
    leads = list(samples(conditions, COUNTRIES))
    assert leads[:4] == [{}, *({"country": country} for country in COUNTRIES)]
    return leads[4:]


def test_leads_are_from_the_countries_that_a_condition_names() -> None:
    """From all where it names none, or names those that it does not mean."""
    assert found('employees >= 500 && country == "FR"')[:2] == [
        {"employees": 500},
        {"employees": 500, "country": "FR"},
    ]
    for condition in ("employees >= 500", 'employees >= 500 && country != "FR"'):
        assert {"employees": 500, "country": "US"} in found(condition)


def test_a_sample_has_the_team_that_the_rules_name() -> None:
    """Desk first, then its team rules, then its default team."""
    found = policies.policy()
    assert team_of(found, {"employees": 500}) == "field"
    assert team_of(found, {}) == "inside"


@pytest.mark.parametrize(
    ("condition", "sample"),
    [
        ("employees >= 500 && employees < 900", {"employees": 899}),
        ("deal_size > 10.5", {"deal_size": 11.5}),
        ('language == "fr"', {"language": "fr"}),
        ("industry in ['bank', 'steel']", {"industry": "steel"}),
        ("!named", {"named": False}),
        ('customer && source != "phone"', {"customer": True, "source": "phone"}),
    ],
)
def test_what_a_condition_compares_is_tried(condition: str, sample: dict[str, object]) -> None:
    """Numbers on both sides of the mark, texts, lists, truths."""
    assert sample in found(condition)


def test_a_pattern_is_not_tried() -> None:
    """It says what fits, but no text that does."""
    assert {name for lead in found('industry.matches("(?i)bank")') for name in lead} == {"country"}


def test_many_conditions_have_few_samples_each() -> None:
    """A long policy is looked at in seconds; each condition still has one that it holds for."""
    leads = found(*(f"employees > {number}" for number in range(0, 4000, 10)))
    assert len(leads) == 400 * 4
    assert {"employees": 3991} in leads
