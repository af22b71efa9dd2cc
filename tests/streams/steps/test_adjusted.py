"""What the policy lets a company adjust: points, thresholds and what is handed to sales."""

from typing import Any

import pytest

from schemas.inner import LeadQualified
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.journey import Journey, captured, one


def judged(**scoring: Any) -> tuple[int, str, str]:
    """Score, grade and status of one and the same lead under a policy with this scoring."""
    journey = Journey(policies.policy(scoring=scoring))
    lead = one(journey.send(captured("1", "web_form")), LeadQualified)
    return lead.score, lead.grade, lead.status


def test_points_and_thresholds_are_the_policys() -> None:
    """CFG-04: points, the limits of the grades and from where on a lead is qualified."""
    assert judged() == (10, "E", "new")
    assert judged(source_points={"web_form": 60}) == (60, "B", "mql")
    cuts = [
        {"grade": grade, "score": score} for grade, score in zip("ABF", (10, 5, 0), strict=True)
    ]
    assert judged(grades=cuts) == (10, "A", "new")


@pytest.mark.parametrize(
    ("push", "owners"),
    [
        ({"sources": ["webinar"]}, {"lead-1": "ann"}),
        ({"sources": [], "when": 'grade == "C"'}, {"lead-1": "ann"}),
        ({"sources": [], "when": 'grade == "A"'}, {}),
    ],
)
def test_what_is_handed_to_sales_is_the_policys(
    push: dict[str, Any], owners: dict[str, str]
) -> None:
    """CFG-04: the same lead is given to a rep or waits in a pool, as the push list says."""
    desk = DeskBench(policies.policy(teams={"inside": {"push": push}}))
    desk.lead("lead-1", source="webinar", grade="C")
    assert desk.owners() == owners
