"""Where in the funnel a lead is."""

from typing import get_args

from streams.rows.status import Status
from streams.rules.funnel import stage_of


def test_every_status_has_a_stage_and_hot_leads_decide_now() -> None:
    """QUAL-14, HOT-01: hand-over to sales is at the bottom of the funnel."""
    assert [stage_of(status, hot=False) for status in get_args(Status)] == [
        "tofu", "mofu", "mofu", "bofu", "bofu", "bofu", "mofu", "tofu",
    ]  # fmt: skip
    assert stage_of("new", hot=True) == "bofu"
    assert stage_of("disqualified", hot=True) == "tofu"
