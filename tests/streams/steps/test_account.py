"""What the CRM and data providers say about a company, and what it changes for its leads."""

from schemas.inner import EnrichmentRequested, LeadQualified
from schemas.outputs import LeadScored
from streams.policy.quantities import MINUTE_MS
from streams.steps import leads
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, Journey, account, captured, one
from tests.streams.steps.test_qualify import admitted

RULES = policy()


def test_what_the_account_knows_counts_for_its_leads() -> None:
    """ENR-01, ACCT-02: by the domain, size, owner and flags reach score and route at once."""
    journey = Journey(RULES)
    journey.send(account("1", "A1", "acme.com", employees=700, owner_rep_id="eve", named=True))
    qualified = one(journey.send(captured("2")), LeadQualified)
    assert (qualified.employees, qualified.owner_rep_id, qualified.named) == (700, "eve", True)
    assert one(journey.only(LeadScored), LeadScored).segments == ("enterprise", "named_account")


def test_an_account_that_changes_scores_its_open_leads_again() -> None:
    """Score and owner reach route as an update; the same data again say nothing."""
    journey = admitted()
    sent = journey.send(account("2", "A1", "acme.com", employees=700, owner_rep_id="eve"))
    update = one(sent, LeadQualified)
    assert (update.kind, update.score, update.owner_rep_id) == ("update", 70, "eve")
    again = journey.send(account("3", "A1", "acme.com", employees=700, owner_rep_id="eve"))
    assert again == []
    gone = one(journey.send(account("4", "A1", "acme.com")), LeadQualified)
    assert (gone.employees, gone.owner_rep_id) == (700, None)


def test_a_provider_only_fills_gaps() -> None:
    """The CRM's word is never overwritten by a purchased one."""
    journey = admitted()
    journey.send(account("2", "A1", "acme.com", employees=700, owner_rep_id="eve"))
    found = account("3", "enriched:acme.com", "acme.com", employees=5, industry="Food")
    update = one(journey.send(found | {"sender": "enrich"}), LeadQualified)
    assert (update.employees, update.industry, update.owner_rep_id) == (700, "food", "eve")
    row = journey.qualify.accounts.get("domain:acme.com")
    assert row is not None
    assert row.account_id == "A1"


def test_a_large_account_is_scored_again_page_by_page() -> None:
    """A hundred leads at once, the rest by timer, each exactly once; other accounts go on."""
    journey = Journey(RULES)
    for number in range(250):
        journey.send(captured(f"c{number}", email=f"p{number}@acme.com"))
    at_once = journey.send(account("a", "A1", "acme.com", employees=700))
    later = journey.until(NOON + MINUTE_MS)
    updates = [event for event in at_once if isinstance(event, LeadQualified)]
    assert len(updates) == leads.PAGE_LEADS
    updates += [event for event in later if isinstance(event, LeadQualified)]
    assert len({event.lead_id for event in updates}) == len(updates) == 250
    assert not [timer for _, timer in journey.qualify.timers.items() if timer.kind == "rescore"]


def test_a_provider_is_asked_once_for_what_is_missing() -> None:
    """Once per home and set of missing fields, whoever of the company comes."""
    journey = Journey(RULES)
    request = one(
        journey.send(captured("1", email="a@acme.com", country="US")), EnrichmentRequested
    )
    assert (request.domain, request.missing) == ("acme.com", ("employees", "industry"))
    assert (request.attempt, request.home) == (1, "domain:acme.com")
    more = journey.send(captured("2", email="b@acme.com"))
    assert one(more, EnrichmentRequested).missing == ("employees", "industry", "country")
    journey.send(captured("3", email="c@acme.com"))
    journey.send(captured("4", email="d@gmail.com"))
    assert len(journey.only(EnrichmentRequested)) == 2
