"""Segment first, distribute second: teams and pools by what is known about a lead."""

from collections import Counter
from typing import Any

import pytest

from schemas.outputs import LeadPooled
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench, recount
from tests.streams.steps.test_route import assigned, bench

HOURS = policies.BASE["teams"]["field"]["hours"]
SEGMENTS: dict[str, Any] = {
    "desks": {
        "main": {
            "teams": ["senior", "inside", "sdr"],
            "default_team": "inside",
            "team_rules": [
                {"when": "score < 30", "team": "sdr"},
                {"when": "employees >= 500", "team": "senior"},
            ],
            "pools": [
                {"pool": "enterprise", "when": "employees >= 500"},
                {"pool": "smb", "when": "employees < 500"},
            ],
            "fallback_pool": "smb",
        }
    },
    "teams": {
        "field": None,
        "senior": {"manager": "eve", "zone": "UTC", "hours": HOURS},
        "sdr": {
            "manager": "eve", "zone": "UTC", "hours": HOURS, "push": {"all": True},
        },
    },
    "reps": {
        "eve": {"team": "senior", "weight": 300},
        "fay": {"team": "senior", "weight": 100},
        "sam": {"team": "sdr"},
        "sue": {"team": "sdr"},
    },
}  # fmt: skip
"""SEG-03 as a policy: senior reps by weight, inside reps in turn, development reps for the rest."""


def segmented(version: int = 1, **overrides: Any) -> DeskBench:
    """A desk with these segments."""
    return DeskBench(policies.policy(version, **(SEGMENTS | overrides)))


def taken(desk: DeskBench, count: int, **fields: Any) -> Counter[str]:
    """Who took so many leads of a kind."""
    return Counter(assigned(desk.lead(**fields)).rep_id for _ in range(count))


def test_leads_are_segmented_first_and_distributed_second() -> None:
    """SEG-01, SEG-03: each segment goes round by itself, however the others come."""
    desk, found = segmented(), Counter[str]()
    for _ in range(12):
        found += taken(desk, 1, employees=900)
        found += taken(desk, 1, employees=20)
        found += taken(desk, 1, score=10, grade="E", employees=900, source="webinar")
    assert found == {"eve": 9, "fay": 3, "ann": 4, "bob": 4, "cay": 4, "sam": 6, "sue": 6}
    recount(desk)


def test_one_list_for_all_would_be_noticed() -> None:
    """Twin: without team rules the same leads do not end with the same reps."""
    desks = {"main": SEGMENTS["desks"]["main"] | {"team_rules": []}}
    desk, found = segmented(desks=desks), Counter[str]()
    for _ in range(12):
        found += taken(desk, 1, employees=900)
        found += taken(desk, 1, employees=20)
    assert found == {"ann": 8, "bob": 8, "cay": 8}


@pytest.mark.parametrize(
    ("when", "fields"),
    [
        ("score >= 80", {"score": 80}),
        ('grade == "A" && status == "mql"', {"grade": "A"}),
        ("employees >= 50 && employees < 500", {"employees": 50}),
        ('country == "DE"', {"country": "DE"}),
        ('sales_region == "emea"', {"country": "DE"}),
        ('industry == "healthcare"', {"industry": "healthcare"}),
        ('product_interest == "platform"', {"product_interest": "platform"}),
    ],
)
def test_whatever_is_known_about_a_lead_can_make_its_segment(
    when: str, fields: dict[str, Any]
) -> None:
    """SEG-02: score and priority, size, geography, industry, product interest."""
    rules = {"main": {"team_rules": [{"when": when, "team": "field"}]}}
    desk = bench(desks=rules, regions={"emea": ["DE", "FR"]})
    assert assigned(desk.lead(**fields)).team == "field"
    assert assigned(desk.lead(country="US")).team == "inside"


def test_pools_are_kept_apart_by_segment() -> None:
    """SEG-04: equal counts must not hide unequal quality."""
    desk = segmented()
    desk.lead("large", employees=500, source="webinar")
    desk.lead("small", employees=499, source="webinar")
    pools = {event.lead_id: event.pool for event in desk.events(LeadPooled)}
    assert pools == {"large": "enterprise", "small": "smb"}


def test_a_segment_follows_what_is_newly_known() -> None:
    """SEG-12, decisions, Re-decision: a pooled lead moves with its data, a rep's lead stays."""
    desk = segmented()
    desk.lead("pooled", employees=20, source="webinar")
    desk.lead("held", employees=20)
    for lead, source in (("pooled", "webinar"), ("held", "demo_request")):
        desk.lead(lead, kind="update", employees=900, source=source)
    assert [event.pool for event in desk.events(LeadPooled)] == ["smb", "enterprise"]
    assert desk.owners() == {"held": "ann"}
    recount(desk)


def test_a_segments_limits_and_reps_are_policy() -> None:
    """SEG-06: another version, other limits, and every decision after it follows."""
    desk = segmented()
    assert assigned(desk.lead(employees=400)).team == "inside"
    rules = [{"when": "employees >= 400", "team": "senior"}]
    desks = {"main": SEGMENTS["desks"]["main"] | {"team_rules": rules}}
    desk.publish(policies.policy(2, **(SEGMENTS | {"desks": desks})))
    assert assigned(desk.lead(employees=400)).team == "senior"


def test_what_is_urgent_is_pushed_and_the_rest_waits_to_be_claimed() -> None:
    """ROUT-16: push for high-priority leads, pull for low-priority ones."""
    desk = segmented()
    assert assigned(desk.lead("hot", hot=True, source="webinar")).method == "round_robin"
    (event, *_) = desk.lead("cold", score=40, source="content_download")
    assert isinstance(event, LeadPooled)


def test_an_unknown_industry_is_routed_by_place_and_without_one_in_turn() -> None:
    """FALL-04: by geography, or round robin."""
    inside = {
        "territories": [
            {"territory": "banks", "countries": ["US"], "industries": ["bank"], "reps": ["ann"]},
            {"territory": "us", "countries": ["US"], "reps": ["bob"]},
        ],
        "rotation": ["cay"],
    }
    desk = bench(inside=inside)
    assert assigned(desk.lead(country="US", industry="bank")).rep_id == "ann"
    assert assigned(desk.lead(country="US")).rep_id == "bob"
    assert assigned(desk.lead()).rep_id == "cay"
