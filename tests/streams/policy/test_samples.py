"""Leads made up from the text of conditions."""

import pytest

from streams.policy.samples import samples, team_of
from tests.streams import policies


def test_samples_begin_with_a_lead_of_whom_nothing_is_known() -> None:
    """The simplest example comes first; places are left to the caller."""
    found = samples(['employees >= 500 || country == "FR"'])
    assert found[0] == {}
    assert {"employees": 500} in found
    assert all("country" not in each for each in found)


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
    assert sample in samples([condition])


def test_a_pattern_is_not_tried() -> None:
    """It says what fits, but no text that does."""
    assert samples(['title.matches("(?i)chief")']) == [{}]
