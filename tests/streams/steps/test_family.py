"""The owner of a parent account stands in for an owner that an account lacks (Match order)."""

import json
from typing import Any

import pytest

from schemas.inner import LeadQualified
from schemas.outputs import RepAssigned
from streams.steps import family
from tests import verifier
from tests.streams.policies import policy, text
from tests.streams.steps.journey import NOON, Journey, account, captured, one
from tests.streams.steps.test_route import assigned, bench

PARENT = account("parent", "P", "parent.com", owner_rep_id="eve")
CHILD = account("child", "C", "child.com", "child.org", parent_id="P")


def said(*events: dict[str, Any]) -> Journey:
    """What was said, in order."""
    journey = Journey(policy())
    for event in events:
        journey.send(event)
    return journey


def owner_of(journey: Journey, email: str = "jane@child.com") -> tuple[str | None, bool]:
    """Who owns the account of a lead that comes now, and whether by its parent."""
    qualified = one(journey.send(captured(f"of-{email}", email=email)), LeadQualified)
    return qualified.owner_rep_id, qualified.owner_of_parent


@pytest.mark.parametrize("order", [(PARENT, CHILD), (CHILD, PARENT)])
def test_an_account_without_an_owner_has_its_parents(order: tuple[dict[str, Any], ...]) -> None:
    """ACCT-01: whichever of them is known first, by any domain of the account."""
    journey = said(*order)
    assert owner_of(journey) == ("eve", True)
    assert owner_of(journey, "joe@child.org") == ("eve", True)
    assert owner_of(journey, "ann@parent.com") == ("eve", False)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"owner_rep_id": "bob"}, ("bob", False)),
        ({"opportunity_owner_rep_id": "cay"}, ("cay", False)),
        ({"owner_rep_id": "bob", "opportunity_owner_rep_id": "cay"}, ("cay", False)),
        ({}, ("eve", True)),
    ],
)
def test_the_open_opportunitys_owner_then_the_accounts_then_the_parents(
    own: dict[str, Any], expected: tuple[str, bool]
) -> None:
    """ACCT-01: in this order."""
    child = account("child", "C", "child.com", parent_id="P", **own)
    assert owner_of(said(PARENT, child)) == expected


def test_open_leads_follow_the_parents_owner() -> None:
    """ACCT-02: whenever he is another, or the account has another parent; the same is no news."""
    journey = said(PARENT, CHILD)
    owner_of(journey)

    def news(event: dict[str, Any]) -> list[str | None]:
        sent = [each for each in journey.send(event) if isinstance(each, LeadQualified)]
        return [each.owner_rep_id for each in sent]

    assert news(account("2", "P", "parent.com", owner_rep_id="bob")) == ["bob"]
    assert news(account("3", "P", "parent.com", owner_rep_id="bob", employees=7)) == []
    assert news(account("4", "P", "parent.com")) == [None]
    assert news(account("5", "Q", "other.com", owner_rep_id="cay")) == []
    assert news(account("6", "C", "child.com", parent_id="Q")) == ["cay"]
    assert news(account("7", "P", "parent.com", owner_rep_id="eve")) == []
    assert news(account("8", "C", "child.com")) == [None]


def test_the_twin_children_that_are_forgotten_keep_the_old_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing else tells them."""
    monkeypatch.setattr(family, "_children", lambda *_: [])
    assert owner_of(said(CHILD, PARENT)) == (None, False)


def test_a_provider_says_nothing_of_families() -> None:
    """What it found leaves owner and parent as they are."""
    journey = said(PARENT, CHILD, account("found", "C", "child.com") | {"sender": "enrich"})
    assert owner_of(journey) == ("eve", True)


def test_only_the_parent_is_asked_not_his_own() -> None:
    """Nor is anybody his own parent, and two that name each other are no trouble."""
    top = account("top", "T", "top.com", owner_rep_id="eve", parent_id="C")
    middle = account("middle", "P", "parent.com", parent_id="T")
    journey = said(top, middle, CHILD)
    assert owner_of(journey) == (None, False)
    assert owner_of(journey, "a@parent.com") == ("eve", True)
    itself = account("itself", "S", "self.com", parent_id="S")
    assert owner_of(said(itself), "a@self.com") == (None, False)


def test_a_family_of_hundreds_is_told_each_once() -> None:
    """Each child by itself, in the same step."""
    children = [account(f"c{n}", f"C{n}", f"c{n}.com", parent_id="P") for n in range(300)]
    journey = said(*children)
    for number in range(300):
        owner_of(journey, f"a@c{number}.com")
    told = [each for each in journey.send(PARENT, NOON) if isinstance(each, LeadQualified)]
    assert len({each.home for each in told}) == len(told) == 300


def test_the_record_says_whose_owner_it_is() -> None:
    """AUD-02: and the verifier derives him."""
    desk = bench()
    given = assigned(desk.lead(owner_rep_id="bob", owner_of_parent=True))
    assert (given.rep_id, given.method) == ("bob", "account")
    assert given.explanation.path[-1].why == "owner bob of the parent account"
    (record,) = desk.events(RepAssigned)
    verifier.verify(record.model_dump(mode="json", by_alias=True), json.loads(text()))
