"""Going live in the simulation: an import, the same import again, then life goes on (issue 4)."""

import json
import random
from collections import Counter
from typing import Any

import msgspec

from agents.inputs import key_of
from agents.recount import Recount
from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import Appended, Line, Simulation
from schemas.codec import Codec, to_json
from schemas.topics import OUTPUTS
from streams.pipeline import pipeline
from tests.import_verifier import Told, verify_import, verify_loads
from tests.streams.policies import policy

NOON = 1_772_452_800_000
DAY = 86_400_000
LEADS = 300
REPS = ("ann", "bob", "cay", "eve")
NAMES = frozenset(topic.name for topic in OUTPUTS)
MEMORY = ("seen", "buckets", "timers", "counts", "ledger.clock")
"""Tables that tell what was read and when, not what became of any lead."""


class Run:
    """The whole pipeline in memory, and everything that it says."""

    def __init__(self) -> None:
        """Under a small policy."""
        self.told: list[Told] = []
        self.simulation = Simulation(pipeline(PUBLIC_SECRET.encode(), Codec()), Codec(), self._note)
        self.simulation.publish(policy(0), NOON)

    def _note(self, appended: Appended) -> None:
        if appended.sent.topic in NAMES:
            self.told.append((appended.sent.topic, to_json(appended.sent.event)))

    def feed(self, lines: list[dict[str, Any]], at: int) -> list[Told]:
        """Input lines at an instant; what was said because of them."""
        self.simulation.run_until(at)
        before = len(self.told)
        for line in lines:
            value = json.dumps(line["value"]).encode()
            self.simulation.feed(Line(line["topic"], at, value, key_of(value)))
        return self.told[before:]

    def rows(self) -> dict[str, bytes]:
        """Every row of every partition as its changelog would have it, but for the memory."""
        return {
            f"{topic}/{number}/{name}/{key}": msgspec.msgpack.encode(row)
            for (topic, number), partition in self.simulation.partitions.items()
            for name, table in partition._by_name.items()
            if name not in MEMORY
            for key, row in table.items()
        }


def event(kind: str, event_id: str, **fields: Any) -> dict[str, Any]:
    """An event's value."""
    common = {"type": kind, "sender": "old-crm", "event_id": event_id}
    return common | {"occurred_at": "2026-03-01T09:00:00Z"} | fields


def old_leads() -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The file of a company that goes live, and who has which lead."""
    chance = random.Random(4)  # noqa: S311 - a test that can be run again, no secret
    held = {f"old-{number}": chance.choice(REPS) for number in range(LEADS)}
    lines = []
    for number, (lead_id, rep) in enumerate(held.items()):
        lead = {"lead_id": lead_id, "email": f"p{number}@firm{number % 40}.example"}
        value = event("lead.captured", f"record-{number}", source="other", lead=lead, held_by=rep)
        lines.append({"topic": "leads.bulk", "value": value})
    for number in range(40):
        account = {
            "account_id": f"acc-{number}",
            "domains": [f"firm{number}.example"],
            "owner_rep_id": chance.choice(REPS),
        }
        value = event("account.changed", f"account-{number}", account=account)
        lines.append({"topic": "crm.events", "value": value})
    chance.shuffle(lines)
    return lines, held


def test_counts_are_right_after_an_import_and_a_rerun_changes_nothing() -> None:
    """Issue 4, going live: in any order; again at once, and after the memory of repeats."""
    lines, held = old_leads()
    run = Run()
    verify_import(held, run.feed(lines, NOON))
    assert verify_loads(run.told) == Counter(held.values())
    for at in (NOON + 1, NOON + 10 * DAY):
        run.simulation.run_until(at)
        before = run.rows()
        assert run.feed(lines, at) == []
        assert run.rows() == before
    recount = Recount()
    for topic, value in run.told:
        recount.note(topic, value)
    totals = recount.totals(LEADS)
    assert (totals.captured, totals.assigned) == (LEADS, LEADS)
    assert (totals.lost, totals.duplicated) == (0, 0)


def test_life_goes_on_after_an_import() -> None:
    """Old leads are won and lost, their people ask again, reps leave; new ones come in between."""
    lines, held = old_leads()
    run = Run()
    run.feed(lines, NOON)
    chance = random.Random(5)  # noqa: S311 - a test that can be run again, no secret
    for number, (lead_id, rep) in enumerate(held.items()):
        run.feed([life(chance, number, lead_id, rep)], NOON + number * 60_000)
    left = event("rep.changed", "leaves", rep_id="ann", status="left")
    run.feed([{"topic": "reps.events", "value": left}], NOON + DAY)
    run.feed(lines, NOON + 12 * DAY)
    verify_import(held, run.told)
    loads = verify_loads(run.told)
    assert loads["ann"] == 0
    rows = {key.rpartition("/")[2]: row for key, row in run.rows().items() if "/loads/" in key}
    assert {rep: msgspec.msgpack.decode(row)[0] for rep, row in rows.items()} == loads


def life(chance: random.Random, number: int, lead_id: str, rep: str) -> dict[str, Any]:
    """Something that happens to an old lead, or a new one."""
    what = chance.choice(["won", "lost", "returned", "contacted", "again", "new", "crm"])
    if what in {"again", "new"}:
        known = f"p{number}@firm{number % 40}.example"
        lead = {"email": known if what == "again" else f"n{number}@new.example"}
        value = event("lead.captured", f"new-{number}", source="demo_request", lead=lead)
        return {"topic": "leads.raw", "value": value}
    if what == "crm":
        who = {"lead_id": lead_id, "rep_id": "cay", "by": "user-1", "reason": "knows her"}
        return {"topic": "crm.events", "value": event("lead.owner_changed", f"o-{number}", **who)}
    done = {"lead_id": lead_id, "rep_id": rep, "activity": what}
    return {"topic": "crm.events", "value": event("lead.activity", f"a-{number}", **done)}
