"""What is known of a company."""

from streams.rules.known import either, missing


def test_the_leads_own_word_comes_first() -> None:
    """Zero is a word; only None is silence."""
    assert either("DE", "US") == "DE"
    assert either(None, "US") == "US"
    assert either(0, 5) == 0


def test_missing_keeps_the_policys_order() -> None:
    """Requests look the same whatever order the facts came in."""
    wanted = ("employees", "industry", "country")
    assert missing(wanted, {"country": None, "industry": "it"}) == ("employees", "country")
