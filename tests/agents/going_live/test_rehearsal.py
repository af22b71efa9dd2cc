"""An import is decided in a copy first: each row that cannot be taken over is found (contract)."""

import json
from typing import Any

import pytest

from agents.going_live.rehearsal import NotTaken, Rehearsal
from agents.going_live.rows import ACCOUNTS, LEADS, Row
from agents.settings import PUBLIC_SECRET
from agents.simulation.trial import Trial
from schemas.codec import Codec
from streams.pipeline import pipeline
from tests.streams.policies import policy

NOON = 1_772_452_800_000
DAY = 86_400_000
SECRET = PUBLIC_SECRET.encode()


class Copy(Trial):
    """A pipeline in memory, under the small policy."""

    def __init__(self) -> None:
        """In which nothing has happened yet."""
        super().__init__(pipeline(SECRET, Codec()), Codec())
        self.pipeline.publish(policy(1), NOON)

    def live(self, kind: str, number: int = 1, topic: str = "crm.events", **fields: Any) -> None:
        """Something that happened before the import."""
        value = {"type": kind, "sender": "live", "event_id": f"live-{number}"} | fields
        value["occurred_at"] = "2026-03-02T09:00:00Z"
        self.fed(topic, json.dumps(value).encode(), NOON)


def row(number: int, held_by: object = "bob", **changes: Any) -> Row:
    """A lead of the file: its line number is its event id and its lead id."""
    lead = {"lead_id": f"L{number}", "email": f"p{number}@acme.example"} | changes.pop("lead", {})
    value = {
        "type": "lead.captured",
        "sender": "crm",
        "event_id": f"e{number}",
        "occurred_at": "2026-03-02T09:00:00Z",
        "source": "other",
        "lead": {name: part for name, part in lead.items() if part is not None},
        "held_by": held_by,
    } | changes
    return Row(f"f, line {number}", LEADS, json.dumps(value).encode(), value)


def account(number: int, **fields: Any) -> Row:
    """An account of the file."""
    value = {
        "type": "account.changed",
        "event_id": f"a{number}",
        "occurred_at": "2026-03-02T09:00:00Z",
        "account": {"account_id": f"A{number}", "domains": ["acme.example"]} | fields,
    }
    return Row(f"f, line {number}", ACCOUNTS, json.dumps(value).encode(), value)


def rehearsal(copy: Copy | None = None, now: int = NOON) -> Rehearsal:
    """On an empty pipeline, or on the one given."""
    return Rehearsal(copy or Copy(), SECRET, now)


def refused(*rows: Row, copy: Copy | None = None) -> list[str]:
    """Why rows are refused, one after the other."""
    taken, found = rehearsal(copy), []
    for each in rows:
        try:
            taken.take(each)
        except NotTaken as error:
            found.append(f"{each.place}: {error}")
    assert taken.taken == len(rows) - len(found)
    return found


def test_rows_that_can_be_taken_over_are_counted_with_each_reps_open_leads() -> None:
    """Counts are right afterwards, and are known before."""
    taken = rehearsal()
    rows = [account(1, owner_rep_id="cay"), row(2), row(3), row(4, "eve")]
    assert [taken.take(each) for each in rows] == [True] * 4
    assert taken.counts == {"accounts": 1, "leads": 3}
    assert taken.open_leads() == {"bob": 2, "eve": 1}


@pytest.mark.parametrize("later", [0, 10 * DAY])
def test_the_same_import_again_knows_every_lead(later: int) -> None:
    """A rerun changes nothing, whether event ids are remembered or not."""
    copy = Copy()
    first = rehearsal(copy)
    rows = [row(1), row(2, lead={"lead_id": None}), row(3, lead={"email": "p1@acme.example"})]
    rows += [account(4)]
    assert [first.take(each) for each in rows] == [True] * 4
    assert first.counts == {"leads": 2, "same_person": 1, "accounts": 1}
    again = rehearsal(copy, NOON + later)
    assert [again.take(each) for each in rows] == [False] * 4
    assert again.counts == {"known_leads": 3, "known_accounts": 1, "elsewhere": 0}
    assert again.open_leads() == first.open_leads() == {"bob": 2}


def test_old_data_do_not_take_the_place_of_newer_ones() -> None:
    """An account that is here is the CRM's to change; an id of its own is what it is known by."""
    copy = Copy()
    value = {"account_id": "A1", "domains": ["acme.example"], "owner_rep_id": "cay"}
    copy.live("account.changed", account=value)
    assert not rehearsal(copy).take(account(1, owner_rep_id="bob"))
    assert rehearsal(copy).take(account(2, owner_rep_id="bob"))


def test_a_lead_that_is_known_under_another_id_is_sent_for_that_id() -> None:
    """The form was faster than the import: then the CRM's id finds the lead too."""
    copy = Copy()
    copy.live("lead.captured", 1, "leads.raw", source="demo_request", lead={"email": "x@y.example"})
    old = row(2, "eve", lead={"email": "x@y.example"})
    for expected in (True, False):
        again = rehearsal(copy)
        assert again.take(old) is expected
        assert again.counts == {"known_leads": 1, "elsewhere": 1}


def test_leads_that_somebody_else_has_by_now_are_counted() -> None:
    """Nothing changes for them; who runs the import hears how many there are."""
    copy = Copy()
    rehearsal(copy).take(row(1))
    who = {"lead_id": "L1", "rep_id": "cay"}
    copy.live("lead.owner_changed", 1, "crm.events", by="user-1", reason="knows her", **who)
    again = rehearsal(copy)
    assert not again.take(row(1))
    assert again.counts == {"known_leads": 1, "elsewhere": 1}
    assert again.open_leads() == {"cay": 1}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(1, "zoe"), "held_by: policy version 1 has no rep zoe; add him to the policy"),
        (row(1, 77), "held_by: policy version 1 has no rep 77"),
        (row(1, "z@y.example"), "held_by: policy version 1 has no rep of this name"),
        (row(1, "Anna Schmidt"), "held_by: policy version 1 has no rep of this name"),
        (row(1, {"id": "bob"}), "held_by: "),
        (row(1, "ann"), "held_by: ann has left; name who works the lead now"),
        (row(1, lead={"consent": {"contact": False}}), "the person forbade contact"),
        (row(1, source="fax"), "source: "),
        (row(1, lead={"lead_id": None, "email": "x"}), "nothing else says who is meant"),
        (row(1, event_id=None), "event_id: "),
        (account(1, owner_rep_id="zoe"), "owner_rep_id: policy version 1 has no rep zoe"),
        (account(1, named_owner_rep_id="zoe"), "named_owner_rep_id: policy version 1 has no rep"),
        (account(1, domains="acme"), "account.domains: "),
    ],
)
def test_a_row_that_cannot_be_taken_over_is_named_with_what_to_do(bad: Row, reason: str) -> None:
    """Before anything is sent; what it does to the copy is nobody's."""
    copy = Copy()
    copy.live("rep.changed", topic="reps.events", rep_id="ann", status="left")
    (sentence,) = refused(bad, row(2), copy=copy)
    assert sentence.startswith("f, line 1: ")
    assert reason in sentence
    assert "@" not in sentence
    assert "Anna" not in sentence


def test_two_rows_of_one_person_must_agree_who_has_him() -> None:
    """A person has one open lead, so one of two reps would go without."""
    (sentence,) = refused(row(1, "bob"), row(2, "cay", lead={"email": "p1@acme.example"}))
    assert "the person of f, line 1, whom another rep has there" in sentence


def test_two_rows_with_one_event_id_are_a_mistake() -> None:
    """The pipeline would take the second for a repeat and its lead would be missing."""
    (sentence,) = refused(row(1), row(2, event_id="e1"))
    assert "the event_id of f, line 1" in sentence
    assert refused(row(1), row(2, event_id="e1", sender="other")) == []


def test_two_rows_of_one_account_are_a_mistake() -> None:
    """Which of the two holds would depend on the order of the files."""
    second = {"account_id": "A1"}
    (sentence,) = refused(account(1), account(2, **second))
    assert "the account of f, line 1; keep one of the two rows" in sentence


def test_a_lead_that_was_refused_before_is_not_said_to_be_known() -> None:
    """Its event id is remembered, so sending it again would be in vain."""
    copy = Copy()
    unknown = row(1, "zoe")
    copy.fed(unknown.topic, unknown.value, NOON)
    (sentence,) = refused(row(1), copy=copy)
    assert "`leadstream deadletters replay` sends it in again" in sentence


def test_what_else_falls_due_meanwhile_is_no_rows_fault() -> None:
    """The copy's clock goes on with the first row: timers fire, what waits in vain is rejected."""
    copy = Copy()
    copy.live("lead.captured", 1, "leads.raw", source="demo_request", lead={"email": "x@y.example"})
    copy.live("lead.activity", 2, lead_id="nowhere", rep_id="bob", activity="won")
    taken = rehearsal(copy, NOON + DAY)
    assert [taken.take(row(number)) for number in (1, 2)] == [True, True]
    assert taken.counts == {"leads": 2}
