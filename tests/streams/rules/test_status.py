"""A lead's status: marketing's ladder, then sales' word."""

import pytest

from streams.rules.status import (
    Sales,
    after_activity,
    after_closing,
    after_contact,
    after_reopening,
    earned,
)


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
    ("before", "activity", "after"),
    [("", "attempted", ""), ("", "contacted", "sal"), ("sal", "meeting_booked", "sql"),
     ("sql", "contacted", "sql"), ("sql", "won", "customer"), ("sql", "junk", "disqualified"),
     ("sal", "lost", "nurture"), ("nurture", "contacted", "sal"), ("sal", "returned", "sal")],
)  # fmt: skip
def test_sales_climbs_and_judges(before: Sales, activity: str, after: str) -> None:
    """A call after the proposal is no step back; a verdict always counts (LIFE-03)."""
    assert after_activity(before, activity) == after


def test_contact_accepts_the_lead() -> None:
    """Whoever answered it has accepted it."""
    assert after_contact("") == "sal"
    assert after_contact("sql") == "sql"


@pytest.mark.parametrize(
    ("place", "reason", "after"),
    [("converted", "won", "customer"), ("converted", "opportunity_created", "sql"),
     ("lost", "lost", "nurture"), ("disqualified", "junk", "disqualified"),
     ("disqualified", "by_hand", "disqualified"), ("archived", "stale", "nurture")],
)  # fmt: skip
def test_closing_follows_the_reason_then_the_place(place: str, reason: str, after: str) -> None:
    """The rep's reason says more than where the lead went."""
    assert after_closing("sal", place, reason) == after


def test_reopening_takes_a_verdict_back_and_keeps_progress() -> None:
    """A lead that is worked on again is not disqualified."""
    assert after_reopening("disqualified") == ""
    assert after_reopening("nurture") == ""
    assert after_reopening("sql") == "sql"
