"""Origins of leads."""

from typing import get_args

import pytest

from agents.convert.sources import KNOWN_SOURCES, SOURCES, source_key
from schemas.lead import Source


def test_the_names_are_those_of_the_contract() -> None:
    """A name that intake does not know would reject every lead of a file."""
    assert get_args(Source) == SOURCES
    assert set(KNOWN_SOURCES.values()) == set(SOURCES)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ORGANIC_SEARCH", "seo"), ("Organic search", "seo"), ("PAID_SEARCH", "paid_ad"),
        ("EMAIL_MARKETING", "outbound"), ("E-mail marketing", "outbound"),
        ("SOCIAL_MEDIA", "social"),
        ("Organic social", "social"), ("REFERRALS", "referral"), ("OFFLINE", "other"),
        ("Offline Sources", "other"), ("DIRECT_TRAFFIC", "website_visit"),
        ("PAID_SOCIAL", "paid_ad"),
        ("OTHER_CAMPAIGNS", "other"), ("Web", "web_form"), ("Phone Inquiry", "phone"),
        ("Partner Referral", "referral"), ("Purchased List", "purchased_list"),
        ("Trade Show", "event"), ("Webinar", "webinar"), ("Other", "other"),
        ("\u5c55\u793a\u4f1a", "event"), ("demo_request", "demo_request"),
    ],
)  # fmt: skip
def test_what_crms_call_a_source(text: str, source: str) -> None:
    """Internal values, display labels and the contract's own names."""
    assert KNOWN_SOURCES[source_key(text)] == source
