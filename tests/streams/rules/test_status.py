"""A lead's status: marketing's ladder, then sales' word."""

import pytest

from streams.rows.status import Sales
from streams.rules.status import after, earned, said


@pytest.mark.parametrize(
    ("score", "engaged", "customer", "expected"),
    [(0, False, False, "new"), (0, True, False, "engaged"), (50, False, False, "mql"),
     (49, True, False, "engaged"), (90, True, True, "customer")],
)  # fmt: skip
def test_marketing_earns_new_engaged_mql_and_customers_stay_customers(
    *, score: int, engaged: bool, customer: bool, expected: str
) -> None:
    """A lead is an MQL from the policy's score on."""
    assert earned(score=score, mql_score=50, engaged=engaged, customer=customer) == expected


@pytest.mark.parametrize(
    ("before", "activity", "expected"),
    [("", "accepted", "sal"), ("", "contacted", "sal"), ("sal", "meeting_booked", "sql"),
     ("sql", "contacted", "sql"), ("sql", "no_show", "sql"), ("nurture", "contacted", "sal"),
     ("sql", "returned", "sql"), ("", "returned", "")],
)  # fmt: skip
def test_sales_climbs(before: Sales, activity: str, expected: str) -> None:
    """A call after the proposal is no step back (LIFE-03)."""
    assert after(before, outcome="placed", place="assigned", reason=activity) == expected


@pytest.mark.parametrize(
    ("before", "reason", "expected"),
    [("", "attempted", "sal"), ("sql", "attempted", "sql"), ("", "meeting_booked", "sql")],
)
def test_who_tries_has_accepted_the_lead(before: Sales, reason: str, expected: str) -> None:
    """Outcome `contacted`: the contact that the clock waited for."""
    assert after(before, outcome="contacted", place="assigned", reason=reason) == expected


@pytest.mark.parametrize(
    ("place", "reason", "expected"),
    [("converted", "won", "customer"), ("lost", "lost", "nurture"),
     ("disqualified", "junk", "disqualified"), ("disqualified", "by_hand", "disqualified"),
     ("archived", "no_engagement", "nurture")],
)  # fmt: skip
def test_closing_follows_the_reason_then_the_place(place: str, reason: str, expected: str) -> None:
    """The rep's reason says more than where the lead went; a verdict always counts."""
    assert after("sql", outcome="closed", place=place, reason=reason) == expected


@pytest.mark.parametrize(
    ("before", "place", "expected"),
    [("", "assigned", ""), ("sal", "waiting", "sal"), ("sal", "converted", "sql"),
     ("customer", "converted", "customer"), ("", "nurture", "nurture"),
     ("nurture", "pooled", ""), ("disqualified", "assigned", ""), ("sql", "assigned", "sql")],
)  # fmt: skip
def test_where_the_lead_is_says_the_rest(before: Sales, place: str, expected: str) -> None:
    """Nurture is a verdict; where a lead is worked on again, verdicts are taken back."""
    assert after(before, outcome="placed", place=place, reason="territory") == expected


def test_sales_word_comes_before_what_marketing_earned() -> None:
    """LIFE-01."""
    assert said("sal", "mql") == "sal"
    assert said("", "mql") == "mql"
