"""Identify finds the person and the home, remembers repeats and parks the unknown."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.inner import CommandReceived, LeadQualified
from schemas.outputs import LeadRejected, LeadScored
from streams.policy.quantities import DAY_MS, MINUTE_MS
from streams.steps import directory, repeats
from tests.streams.policies import policy
from tests.streams.steps.journey import (
    NOON,
    Journey,
    account,
    activity,
    behaviour,
    captured,
    one,
)

RULES = policy()
REP_CHANGED = {"type": "rep.changed", "event_id": "r", "occurred_at": "2026-03-02T09:00:00Z"}


def homes(journey: Journey) -> list[str]:
    """The home of each admitted lead, in order."""
    return [event.home for event in journey.only(LeadQualified) if event.kind == "new"]


def test_a_company_domain_a_free_mail_address_and_a_phone_have_their_homes() -> None:
    """The domain names the company, else the person is the home, by a keyed hash."""
    journey = Journey(RULES)
    journey.send(captured("1", email="a@mail.acme.com"))
    journey.send(captured("2", email="a@gmail.com"))
    journey.send(captured("3", phone="+1 202 555 0123"))
    assert homes(journey)[0] == "domain:acme.com"
    for home in homes(journey)[1:]:
        assert re.fullmatch("person:[0-9a-f]{32}", home)


def test_the_directory_knows_accounts_by_domain_and_name() -> None:
    """An account's domains and name lead to its home; free mail with its name does too."""
    journey = Journey(RULES)
    journey.send(account("1", "A1", "acme.com", "acme.org", name="Acme Inc."))
    journey.send(captured("2", email="a@acme.org"))
    journey.send(captured("3", email="b@gmail.com", company="ACME"))
    assert homes(journey) == ["account:A1", "account:A1"]


def test_an_account_takes_the_home_that_its_domain_has() -> None:
    """Leads came before the CRM: their home stays, whoever names the domain later."""
    journey = Journey(RULES)
    journey.send(captured("1", email="a@acme.com"))
    journey.send(account("2", "enriched:acme.com", "acme.com"))
    journey.send(account("3", "A1", "acme.com", name="Acme"))
    journey.send(captured("4", email="b@gmail.com", company="Acme"))
    assert homes(journey) == ["domain:acme.com", "domain:acme.com"]


def test_a_persons_first_home_stays() -> None:
    """Joining two homes is another matter than moving a person about."""
    journey = Journey(RULES)
    journey.send(captured("1", email="a@gmail.com"))
    journey.send(captured("2", email="a@gmail.com", company="Acme", domain="acme.com"))
    assert journey.count("qualify", "admitted") == 1
    assert journey.count("qualify", "touched") == 1


def test_the_policys_free_mail_domains_name_no_company() -> None:
    """The built-in list cannot know every provider."""
    journey = Journey(policy(identity={"free_mail_domains": ["acme.com"]}))
    journey.send(captured("1"))
    assert homes(journey)[0].startswith("person:")


def test_identifiers_are_strong_in_order() -> None:
    """Lead id before e-mail before phone before company and name."""
    journey = Journey(RULES)
    person = {"last_name": "Doe", "company": "Acme"}
    journey.send(captured("1", lead_id="L1", email="a@acme.com", phone="+12025550123", **person))
    journey.send(captured("2", lead_id="L1", email="other@acme.com"))
    journey.send(captured("3", email="a@acme.com"))
    journey.send(captured("4", phone="+12025550123"))
    journey.send(captured("5", **person))
    journey.send(captured("6", email="other@acme.com"))
    assert (journey.count("qualify", "admitted"), journey.count("qualify", "touched")) == (1, 5)


def test_a_shared_phone_does_not_make_two_addresses_one_person() -> None:
    """Switchboard numbers: each e-mail is its own person, the number stays with the first."""
    journey = Journey(RULES)
    journey.send(captured("1", email="a@acme.com", phone="+12025550123"))
    journey.send(captured("2", email="b@acme.com", phone="+12025550123"))
    assert journey.count("qualify", "admitted") == 2
    scored = one(journey.send(behaviour("3", phone="+12025550123")), LeadScored)
    assert scored.lead_id == journey.only(LeadScored)[0].lead_id


def test_twin_without_the_switchboard_rule_two_people_would_be_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test above sees the rule."""
    monkeypatch.setattr(directory, "_has_email", lambda *_: False)
    with pytest.raises(AssertionError):
        test_a_shared_phone_does_not_make_two_addresses_one_person()


def test_a_phone_without_an_address_finds_its_person_and_learns_the_address() -> None:
    """Who called first and wrote later is one person."""
    journey = Journey(RULES)
    journey.send(captured("1", phone="+12025550123"))
    journey.send(captured("2", email="a@gmail.com", phone="+12025550123"))
    journey.send(captured("3", email="a@gmail.com"))
    assert journey.count("qualify", "admitted") == 1


def test_a_repeat_is_ignored_for_seven_days_and_behaviour_for_one() -> None:
    """The memory ends by itself, at most a minute late."""
    journey = Journey(RULES)
    journey.send(captured("1"))
    journey.send(behaviour("2", email="jane@acme.com"))
    assert journey.send(captured("1"), NOON + 7 * DAY_MS - 1) == []
    assert journey.send(behaviour("2", email="jane@acme.com"), NOON + DAY_MS - 1) == []
    assert journey.count("identify", "repeats") == 2
    journey.until(NOON + DAY_MS + MINUTE_MS)
    assert journey.send(behaviour("2", email="jane@acme.com"), NOON + DAY_MS + MINUTE_MS) != []
    journey.until(NOON + 7 * DAY_MS + MINUTE_MS)
    assert journey.send(captured("1"), NOON + 7 * DAY_MS + MINUTE_MS) != []


def test_forgetting_leaves_nothing_and_goes_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """One timer a minute of ids; a large minute does not stop the stage when it ends."""
    monkeypatch.setattr(repeats, "FORGOTTEN_AT_ONCE", 3)
    journey = Journey(RULES)
    for number in range(10):
        journey.send(captured(str(number)))
    assert len(list(journey.identify.seen.items())) == 10
    timers = [timer for _, timer in journey.identify.timers.items()]
    assert [timer.kind for timer in timers] == ["forget_repeats"]
    journey.until(timers[0].due)
    assert len(list(journey.identify.seen.items())) == 7
    journey.until(timers[0].due + 3 * repeats.PAUSE_MS)
    assert list(journey.identify.seen.items()) == []
    assert list(journey.identify.buckets.items()) == []
    assert list(journey.identify.timers.items()) == []


def test_a_dead_letter_sent_in_again_is_no_repeat() -> None:
    """It failed the first time; its lead keeps its id."""
    journey = Journey(RULES)
    journey.send(captured("1", lead_id="L1", email="a@acme.com"))
    assert journey.send(captured("1", lead_id="L1", email="a@acme.com"), replayed=True) != []


def test_an_event_about_a_rep_goes_to_the_reps_desk() -> None:
    """Straight to routing: no lead, no home."""
    sent = Journey(RULES).send(REP_CHANGED | {"rep_id": "bob", "available": False})
    command = one(sent, CommandReceived)
    assert (command.desk, command.type, command.lead_id) == ("main", "rep.changed", None)


@pytest.mark.parametrize(
    "event", [REP_CHANGED | {"rep_id": "zed"}, activity("1", "L1", rep_id="zed")]
)
def test_a_rep_that_the_policy_does_not_know_is_refused(event: dict[str, Any]) -> None:
    """The reason says which version does not know the rep."""
    journey = Journey(RULES)
    refusal = one(journey.send(event), LeadRejected)
    assert (refusal.reason, refusal.field, refusal.policy_version) == ("unknown_rep", "rep_id", 1)
    assert journey.count("identify", "rejected:unknown_rep") == 1


def test_no_key_and_no_directory_row_key_holds_personal_data() -> None:
    """Keys are keyed hashes; only values may show who somebody is."""
    journey = Journey(RULES)
    person = {"email": "jane@gmail.com", "phone": "+12025550123", "last_name": "Doe"}
    journey.send(captured("1", company="Acme", **person))
    journey.send(behaviour("2", email="other@gmail.com"))
    keys = [out.key or "" for out in journey.sent]
    for stage in ("identify", "qualify"):
        for table in vars(journey.tables[stage]).values():
            keys += [key for key, _ in table.items()]
    assert not [key for key in keys if re.search("jane|doe|other|2025550123", key, re.IGNORECASE)]


def test_rows_survive_the_changelog() -> None:
    """Every row of the directory is read back as it was written."""
    journey = Journey(RULES)
    journey.send(captured("1", lead_id="L1", email="a@acme.com"))
    journey.send(behaviour("2", email="b@acme.com"))
    for stage in ("identify", "qualify"):
        for table in vars(journey.tables[stage]).values():
            for row in [row for _, row in table.items()]:
                assert msgspec.msgpack.decode(msgspec.msgpack.encode(row), type=type(row)) == row


EVENTS = st.permutations(
    [
        captured("c1", email="jane@acme.com"),
        captured("c2", email="jane@acme.com", phone="+12025550123"),
        captured("c1", email="jane@acme.com"),
        captured("c3", email="JANE@acme.com", last_name="Doe", company="Acme"),
        behaviour("b1", email="jane@acme.com"),
        behaviour("b1", email="jane@acme.com"),
        behaviour("b2", "email_open", email="jane@acme.com"),
        account("a1", "A1", "acme.com"),
    ]
)


def admitted_once(events: list[dict[str, Any]]) -> bool:
    """One person, one lead, each distinct capture counted, whatever the order."""
    journey = Journey(RULES)
    for number, event in enumerate(events):
        journey.send(event, NOON + number)
    counts = [journey.count("qualify", name) for name in ("admitted", "touched", "sent")]
    new = [event for event in journey.only(LeadQualified) if event.kind == "new"]
    return counts == [1, 2, 1] and len(new) == 1 and journey.count("identify", "parked") == 0


@settings(max_examples=60)
@given(EVENTS)
def test_any_order_of_the_same_events_admits_the_lead_once(events: list[dict[str, Any]]) -> None:
    """Repeats never admit twice, and nothing is lost on the way."""
    assert admitted_once(events)


def test_twin_without_the_memory_of_repeats_the_count_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The property sees a repeat that got through."""
    monkeypatch.setattr(repeats, "is_repeat", lambda *_: False)
    assert not admitted_once([captured("c1"), captured("c1"), captured("c2"), captured("c3")])
