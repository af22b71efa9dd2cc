"""Enrich, the pure part: answers become input events, failures become attempts."""

from typing import Any

import pytest

from schemas.codec import to_json
from schemas.inner import EnrichmentRequested, LeadQualified
from streams.steps.enrich import SENDER, answered, next_attempt
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, Journey, account, captured, one

REQUEST = EnrichmentRequested(
    event_id="e1",
    caused_by="c1",
    home="domain:acme.com",
    lead_id="L1",
    domain="acme.com",
    company="Acme",
    missing=("employees", "country"),
)


def test_an_answer_is_an_account_that_names_its_domain() -> None:
    """Only what was asked for; the same request gives the same event id."""
    answer = {"employees": 700, "country": "USA", "industry": "food", "secret": 1}
    event = answered(REQUEST, answer, NOON)
    assert event is not None
    assert (event.sender, event.account.account_id) == (SENDER, "enriched:acme.com")
    assert (event.account.employees, event.account.country) == (700, "US")
    assert (event.account.domains, event.account.industry) == (("acme.com",), None)
    assert event == answered(REQUEST, answer, NOON)


def test_a_known_account_keeps_its_id() -> None:
    """The CRM's id is the account's."""
    event = answered(REQUEST.model_copy(update={"account_id": "A1"}), {"employees": 7}, NOON)
    assert event is not None
    assert event.account.account_id == "A1"


@pytest.mark.parametrize(
    "answer",
    [{}, {"industry": "food"}, {"employees": "many"}, {"employees": True}, {"employees": -1},
     {"country": "Atlantis"}, {"employees": None, "country": ""}, {"country": 7}],
)  # fmt: skip
def test_nothing_usable_is_nothing(answer: dict[str, Any]) -> None:
    """A provider's surprise never becomes an invalid event."""
    assert answered(REQUEST, answer, NOON) is None


def test_an_answer_that_no_home_would_get_is_not_sent() -> None:
    """Without account and domain nobody knows whom it is about."""
    assert answered(REQUEST.model_copy(update={"domain": None}), {"employees": 7}, NOON) is None


def test_a_failed_provider_is_asked_again_up_to_the_limit() -> None:
    """Attempts are counted in the request itself, so the loop ends whoever runs it."""
    second = next_attempt(REQUEST.model_copy(update={"attempts": 2}))
    assert second is not None
    assert (second.attempt, second.caused_by) == (2, "e1")
    assert second.event_id != REQUEST.event_id
    assert next_attempt(second) is None


def test_the_answer_finds_the_leads_home_and_the_crm_finds_it_later() -> None:
    """The whole loop: request, answer, update; then the CRM names the domain with its own id."""
    journey = Journey(policy())
    request = one(journey.send(captured("1")), EnrichmentRequested)
    answer = answered(request, {"employees": 700, "industry": "Food"}, NOON)
    assert answer is not None
    update = one(journey.send(to_json(answer)), LeadQualified)
    assert (update.kind, update.employees, update.industry) == ("update", 700, "food")
    later = journey.send(account("2", "A1", "acme.com", owner_rep_id="bob"))
    assert one(later, LeadQualified).owner_rep_id == "bob"
    assert journey.send(to_json(answer)) == []
