"""What a rep's activity means for clock, place and turn."""

from typing import Literal, get_args

import pytest

from schemas.crm import Activity
from streams.rules.activity import closes_to, gives_turn_back, stops_clock


@pytest.mark.parametrize(
    ("activity", "satisfied_by", "stops"),
    [("attempted", "attempted", True), ("attempted", "contacted", False),
     ("contacted", "contacted", True), ("no_show", "attempted", True),
     ("no_show", "contacted", False), ("accepted", "attempted", False),
     ("returned", "attempted", False), ("won", "contacted", True)],
)  # fmt: skip
def test_the_policy_says_what_counts_as_contact(
    activity: Activity, satisfied_by: Literal["attempted", "contacted"], *, stops: bool
) -> None:
    """Decisions, Contacted: an attempt, or only a two-way contact."""
    assert stops_clock(activity, satisfied_by) is stops


def test_a_two_way_contact_is_an_attempt_too() -> None:
    """Whatever satisfies the strict clock satisfies the mild one."""
    for activity in get_args(Activity):
        if stops_clock(activity, "contacted"):
            assert stops_clock(activity, "attempted"), activity


def test_what_closes_a_lead_and_what_leaves_it_open() -> None:
    """Every activity has its answer; an opportunity is still open."""
    closing = {activity: closes_to(activity) for activity in get_args(Activity)}
    assert {activity: place for activity, place in closing.items() if place} == {
        "won": "converted",
        "lost": "lost",
        "rejected": "disqualified",
        "unqualified": "disqualified",
        "junk": "disqualified",
        "duplicate": "disqualified",
    }


def test_only_junk_duplicates_and_no_shows_give_the_turn_back() -> None:
    """Decisions, Charge."""
    given = [activity for activity in get_args(Activity) if gives_turn_back(activity)]
    assert sorted(given) == ["duplicate", "junk", "no_show"]
