"""An import on its way to the desk: let in once, whoever sends it again (contract, import)."""

from typing import Any

import pytest

from schemas.inner import EnrichmentRequested, EventIdentified, LeadQualified
from schemas.outputs import LeadRejected, LeadScored
from streams.steps import captured as step
from tests.streams.policies import policy
from tests.streams.steps.journey import NOON, Journey, account, activity, behaviour, captured, one

DAY = 86_400_000
RULES = policy()
FIELD_DESK = policy(
    desks={
        "main": {"teams": ["inside"], "team_rules": []},
        "outside": {
            "teams": ["field"],
            "default_team": "field",
            "pools": [{"pool": "any", "when": "score >= 0"}],
            "fallback_pool": "any",
        },
    }
)


def held(event_id: str = "record-1", held_by: str = "bob", **lead: Any) -> dict[str, Any]:
    """A lead that a rep has already: L1 of jane@acme.com where nothing else is said."""
    details = lead or {"lead_id": "L1", "email": "jane@acme.com"}
    return captured(event_id, "other", **details) | {"held_by": held_by}


def rows(journey: Journey) -> dict[str, Any]:
    """All that is kept, but for the memory of event ids and how often it was asked."""
    tables = journey.tables["qualify"]
    names = ("accounts", "homes", "pages", "persons", "aliases", "leads", "timers")
    kept = {name: sorted(getattr(tables, name).items()) for name in names}
    return kept | {name: sorted(getattr(journey.identify, name).items())
                   for name in ("people", "persons", "homes")}  # fmt: skip


def imported(*events: dict[str, Any]) -> Journey:
    """A journey after an import."""
    journey = Journey(RULES)
    for event in events or (held(),):
        journey.send(event)
    return journey


def test_an_imported_lead_is_admitted_with_who_has_it() -> None:
    """Scored as any other, so that the desk knows it; no provider is asked about it."""
    journey = imported(held(lead_id="L1", email="jane@acme.com", country="US"))
    qualified = one(journey.only(LeadQualified), LeadQualified)
    assert (qualified.kind, qualified.lead_id, qualified.held_by) == ("new", "L1", "bob")
    assert [event.lead_id for event in journey.only(LeadScored)] == ["L1"]
    assert journey.only(EnrichmentRequested) == []
    assert [journey.count("qualify", name) for name in ("admitted", "sent")] == [1, 1]
    assert journey.send(captured("2", "web_form", email="jane@acme.com"))
    assert journey.only(LeadQualified)[-1].held_by is None
    assert journey.only(EnrichmentRequested)


@pytest.mark.parametrize("later", [0, 8 * DAY])
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("lead", [{}, {"email": "jane@acme.com"}])
def test_an_import_that_is_run_again_changes_nothing(
    later: int, lead: dict[str, str], *, closed: bool
) -> None:
    """At once, when event ids are forgotten, when the lead is closed and forgotten too.

    Whether the file gives lead ids or not.
    """
    journey = imported(held(**lead))
    (lead_id,) = [event.lead_id for event in journey.only(LeadQualified)]
    if closed:
        journey.outcome(lead_id, "closed", "lost")
        journey.until(NOON + 8 * DAY)
        assert journey.qualify.leads.get(lead_id) is None
    journey.until(NOON + later)
    before, sent = rows(journey), len(journey.sent)
    assert journey.send(held(**lead), NOON + later) == []
    assert (rows(journey), len(journey.sent)) == (before, sent)
    assert journey.count("qualify", "admitted") == 1


def test_the_same_file_without_who_has_them_would_open_a_closed_lead_anew() -> None:
    """The twin: a capture is a person who asks, and a person who asks again is heard."""
    journey = imported()
    journey.outcome("L1", "closed", "lost")
    journey.until(NOON + 8 * DAY)
    again = captured("record-1", "other", lead_id="L1", email="jane@acme.com")
    assert journey.send(again, NOON + 8 * DAY)
    assert journey.count("qualify", "admitted") == 2


def test_a_second_record_of_a_person_is_the_same_lead_under_two_ids() -> None:
    """Decisions, A lead: one interest of one person; what the CRM says of either id finds it."""
    journey = imported()
    assert journey.send(held("record-2", "cay", lead_id="L2", email="jane@acme.com")) == []
    before = rows(journey)
    assert journey.send(held("record-2", "cay", lead_id="L2", email="jane@acme.com")) == []
    assert rows(journey) == before
    (command,) = journey.send(activity("3", "L2", "won"))
    assert command.values()["lead_id"] == "L1"


def test_a_lead_that_came_in_before_its_import_stays_where_it_is() -> None:
    """Nothing changes for a lead that is placed already: no touch, no word to its rep."""
    journey = Journey(RULES)
    journey.send(captured("1", "demo_request", email="jane@acme.com"))
    assert journey.send(held()) == []
    assert journey.count("qualify", "touched") == 0


def test_a_rep_whom_the_policy_does_not_know_is_a_rejected_lead() -> None:
    """Contract, section 2: with that reason; sent in again it is taken once he is known."""
    journey = imported(held(held_by="zoe"))
    letter = one(journey.only(LeadRejected), LeadRejected)
    assert (letter.reason, letter.field) == ("unknown_rep", "held_by")
    journey.policy = policy(2, reps={"zoe": {"team": "inside"}})
    assert one(journey.again(letter), LeadQualified).held_by == "zoe"


@pytest.mark.parametrize(("rep", "desk"), [("eve", "outside"), ("bob", "main")])
def test_it_goes_to_the_desk_of_who_has_it(rep: str, desk: str) -> None:
    """Whatever the account's owner and the rules of desks say: it stays with him."""
    journey = Journey(FIELD_DESK)
    other = {"eve": "bob", "bob": "eve"}[rep]
    journey.send(account("1", "acc-1", "acme.com", owner_rep_id=other))
    journey.send(held(held_by=rep))
    assert one(journey.only(LeadQualified), LeadQualified).desk == desk


@pytest.mark.parametrize("first", ["account", "lead"])
def test_the_account_may_come_before_its_lead_or_after_it(first: str) -> None:
    """They travel on two topics, so either may be read first: one home, one holder, one owner."""
    events = [account("1", "acc-1", "acme.com", owner_rep_id="cay"), held()]
    journey = imported(*(events if first == "account" else events[::-1]))
    journey.until(NOON + DAY)
    journey.send(behaviour("3", email="jane@acme.com"))
    told = journey.only(LeadQualified)
    assert {event.lead_id for event in told} == {"L1"}
    assert (told[0].held_by, told[-1].owner_rep_id) == ("bob", "cay")
    assert [event.kind for event in told if event.held_by] == ["new"]
    assert journey.count("qualify", "admitted") == 1


def test_a_name_with_spaces_around_is_the_same_rep() -> None:
    """As in every other event about a rep; blanks are nobody, and not nobody's lead."""
    assert imported(held(held_by=" bob ")).only(LeadQualified)[0].held_by == "bob"
    assert imported(held(held_by="  ")).only(LeadRejected)[0].reason == "unknown_rep"


def test_a_rerun_that_was_not_recognised_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a capture that is a touch whoever has the lead."""

    def forgets(tables: Any, event: EventIdentified, capture: Any, rules: Any, now: int) -> Any:
        plain = capture.model_copy(update={"held_by": None})
        return step.captured(tables, event, plain, rules, now)

    journey = imported()
    journey.until(NOON + 8 * DAY)
    monkeypatch.setattr(step, "_imported", forgets)
    assert one(journey.send(held(), NOON + 8 * DAY), LeadQualified).kind == "touch"
