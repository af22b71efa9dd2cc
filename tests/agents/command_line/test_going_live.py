"""`leadstream import` on a real broker: counts are right, nobody hears, a rerun is harmless."""

import io
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.agents.command_line.process import Ran, command
from tests.broker import Broker
from tests.import_verifier import Told, verify_import
from tests.proof import oracle
from tests.proof.made_leads import Made
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places, make

LEADS = 120
FULL = ("rep-200", "rep-201", "rep-202", "rep-203")
"""The team that the import fills to the last place."""
OTHERS = ("rep-100", "rep-101", "rep-300", "rep-400")
EACH = LEADS // (len(FULL) + len(OTHERS))
SETTLED_S = 60


def rules() -> str:
    """Everybody at work, and no room in one team for more than the import brings."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    document: dict[str, Any] = yaml.load(roomy())
    for rep_id in FULL:
        document["reps"][rep_id]["open_limit"] = EACH
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


@pytest.fixture
def live(broker: Broker, tmp_path: Path) -> Iterator[Pipeline]:
    """Topics and these rules; no worker runs yet."""
    made = make(broker.bootstrap, tmp_path, rules())
    yield made
    made.stop()


def event(kind: str, event_id: str, **fields: Any) -> dict[str, Any]:
    """An event's value."""
    common = {"type": kind, "sender": "old-crm", "event_id": event_id}
    return common | {"occurred_at": "2026-03-01T09:00:00Z"} | fields


def write(file: Path, *lines: tuple[str, dict[str, Any]]) -> None:
    """A file of input lines."""
    text = (json.dumps({"topic": topic, "value": value}) + "\n" for topic, value in lines)
    file.write_text("".join(text))


def old_leads(folder: Path) -> dict[str, str]:
    """The files of a company that goes live; who has which lead."""
    reps = [rep for rep in (*FULL, *OTHERS) for _ in range(EACH)]
    random.Random(7).shuffle(reps)  # noqa: S311 - a test that can be run again, no secret
    held = {f"old-{number}": rep for number, rep in enumerate(reps)}
    leads = [
        event(
            "lead.captured",
            f"record-{lead_id}",
            source="other",
            lead={"lead_id": lead_id, "email": f"{lead_id}@firm{number % 30}.com", "country": "DE"},
            held_by=rep,
        )
        for number, (lead_id, rep) in enumerate(held.items())
    ]
    accounts = [
        event("account.changed", f"acc-{number}",
              account={"account_id": f"acc-{number}", "domains": [f"firm{number}.com"]})
        for number in range(30)
    ]  # fmt: skip
    write(folder / "leads.jsonl", *(("leads.bulk", value) for value in leads))
    write(folder / "accounts.jsonl", *(("crm.events", value) for value in accounts))
    return held


def imported(live: Pipeline, *arguments: str) -> Ran:
    """Runs the command."""
    return command(live.folder, "import", *arguments, variables=live.environment("import"))


def numbers(ran: Ran) -> dict[str, Any]:
    """The JSON object at the end."""
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    return found


def loads(seen: oracle.Seen) -> dict[str, int]:
    """Open leads by rep, as the rows have them."""
    return {rep: row[0] for rep, row in oracle.rows_of(seen, "route", "loads").items()}


def ids(seen: oracle.Seen, topic: str) -> list[str]:
    """Every event of a topic; partitions are read in any order."""
    return sorted(event["event_id"] for event in seen.events[topic])


def told(seen: oracle.Seen) -> list[Told]:
    """What others read: places, then assignments."""
    topics = ("leads.lifecycle", "assignments.rep")
    return [(topic, value) for topic in topics for value in seen.events[topic]]


def until(live: Pipeline, reached: Callable[[oracle.Seen], bool]) -> oracle.Seen:
    """Everything on the broker once something is so."""
    deadline = time.monotonic() + SETTLED_S
    while not reached(seen := oracle.read(live.kafka)):
        assert time.monotonic() < deadline, dict(oracle.counts(seen, "route"))
        time.sleep(0.3)
    return seen


def send(live: Pipeline, topic: str, key: str, value: dict[str, Any]) -> None:
    """Something happens."""
    live.send([Made(key, json.dumps(value).encode(), "repeat")], topic)


@pytest.mark.slow
def test_a_company_goes_live(live: Pipeline) -> None:
    """Issue 4, going live, from an empty cluster to won leads; contract, `import`."""
    held = old_leads(live.folder)
    files = ("leads.jsonl", "accounts.jsonl", "--json")
    first = numbers(imported(live, *files))
    assert (first["acknowledged"], first["accounts"], first["leads"]) == (LEADS + 30, 30, LEADS)
    assert first["open_leads"] == Counter(held.values())
    live.start("all")
    places = Places(live.kafka)
    places.wait(LEADS, 0, SETTLED_S)
    places.close()
    seen = oracle.read(live.kafka)
    verify_import(held, told(seen))
    assert loads(seen) == Counter(held.values())
    assert seen.events["assignments.rep"] == seen.events["alerts"] == []

    again = numbers(imported(live, *files))
    assert (again["sent"], again["known_leads"], again["known_accounts"]) == (0, LEADS, 30)
    assert (again["elsewhere"], again["open_leads"]) == (0, first["open_leads"])
    for file in files[:2]:
        ran = command(live.folder, "produce", file, variables=live.environment("produce"))
        assert ran.code == 0, ran.err
    repeated = until(live, lambda now: oracle.counts(now, "identify")["repeats"] == LEADS + 30)
    outputs = [topic for topic in oracle.EVENT_TOPICS if not topic.endswith(".inbox")]
    for topic in outputs:
        assert ids(repeated, topic) == ids(seen, topic)
    for table in ("places", "loads", "leads", "turns", "rotations", "taken"):
        assert oracle.rows_of(repeated, "route", table) == oracle.rows_of(seen, "route", table)

    _life_goes_on(live, held)


def _life_goes_on(live: Pipeline, held: dict[str, str]) -> None:
    """The full team gets nothing until one of its old leads is done; who asks again is heard."""
    lead = {"lead_id": "new-1", "email": "new@new.com", "country": "DE", "employees": 100}
    send(live, "leads.raw", "n", event("lead.captured", "n-1", source="demo_request", lead=lead))
    until(live, lambda now: _place(now, "new-1") == "waiting")
    won = next(lead_id for lead_id, rep in held.items() if rep in FULL)
    done = event("lead.activity", "w-1", lead_id=won, rep_id=held[won], activity="won")
    send(live, "crm.events", won, done)
    seen = until(live, lambda now: _place(now, "new-1") == "assigned")
    assert [each["rep_id"] for each in seen.events["assignments.rep"]] == [held[won]]
    asks = next(lead_id for lead_id, rep in held.items() if rep in OTHERS)
    lead = {"lead_id": asks}
    send(live, "leads.raw", "a", event("lead.captured", "a-1", source="demo_request", lead=lead))
    seen = until(live, lambda now: _alerts(now, "asked_again") != [])
    assert [each["subject"] for each in _alerts(seen, "asked_again")] == [held[asks]]
    assert loads(seen) == Counter(held.values())
    assert [*oracle.open_counts_are_right(seen), *oracle.no_id_twice(seen)] == []
    story = command(live.folder, "explain", asks, variables=live.environment("explain"))
    assert f"{held[asks]} had it before and has it on" in story.out


def _alerts(seen: oracle.Seen, kind: str) -> list[dict[str, Any]]:
    return [each for each in seen.events["alerts"] if each["kind"] == kind]


def _place(seen: oracle.Seen, lead_id: str) -> str | None:
    way = [each["to"] for each in seen.events["leads.lifecycle"] if each["lead_id"] == lead_id]
    return way[-1] if way else None


@pytest.mark.slow
def test_accounts_come_from_csv_and_their_owners_get_their_leads(live: Pipeline) -> None:
    """A CRM's export with names of owners; again it changes nothing; one bad row stops all.

    A child account without an owner has its parent's (decision 0056).
    """
    (live.folder / "m.yaml").write_text(
        "layout: salesforce\nheld_by: Lead Owner\nreps: {Anna Schmidt: rep-300}\n"
    )
    good = (
        "Account ID,Account Name,Website,Account Owner,Parent Account ID\n"
        "B1,Subsidiary,https://child.com,,A1\nA1,Firm,https://firm.com,Anna Schmidt,\n"
    )
    (live.folder / "accounts.csv").write_text(good + "A2,Other,other.com,nobody we know,\n")
    arguments = ("accounts.csv", "--mapping", "m.yaml", "--json")
    refused = imported(live, *arguments)
    assert refused.code == 2
    assert "accounts.csv, line 4: column 'Account Owner': no rep id" in refused.err
    (live.folder / "accounts.csv").write_text(good)
    first = numbers(imported(live, *arguments))
    assert (first["acknowledged"], first["accounts"]) == (2, 2)
    live.start("all")
    until(live, lambda now: len(oracle.rows_of(now, "qualify", "accounts")) == 2)
    for name in ("firm", "child"):
        lead = {"lead_id": name, "email": f"p@{name}.com", "country": "DE", "employees": 100}
        said = event("lead.captured", f"n-{name}", source="demo_request", lead=lead)
        send(live, "leads.raw", "n", said)
    seen = until(live, lambda now: {_place(now, "firm"), _place(now, "child")} == {"assigned"})
    given = {each["lead_id"]: each for each in seen.events["assignments.rep"]}
    assert {each["rep_id"] for each in given.values()} == {"rep-300"}
    why = given["child"]["explanation"]["path"][-1]["why"]
    assert why == "owner rep-300 of the parent account"
    again = numbers(imported(live, *arguments))
    assert (again["sent"], again["known_accounts"]) == (0, 2)


def test_all_rows_are_checked_before_any_is_sent(live: Pipeline) -> None:
    """Nothing half: exit code 2, each row with line and remedy; or the others, when asked to."""
    good, stranger = (
        event("lead.captured", f"e{number}", source="other", held_by=rep,
              lead={"email": f"p{number}@firm.com"})
        for number, rep in enumerate(("rep-100", "rep-999"))
    )  # fmt: skip
    nobody = {name: part for name, part in good.items() if name != "held_by"} | {"event_id": "e2"}
    write(live.folder / "f", *(("leads.bulk", value) for value in (good, stranger, nobody)))
    ran = imported(live, "f")
    assert ran.code == 2
    first, second, last = sorted(ran.said())
    assert "2 rows cannot be taken over, so nothing was sent" in first
    assert "f, line 2: held_by: policy version 0 has no rep rep-999; add him to" in second
    assert "f, line 3: nobody has this lead" in last
    assert list(oracle.records(live.kafka, "leads.bulk")) == []
    found = numbers(imported(live, "f", "--leave-out", "--json"))
    assert (found["sent"], found["refused"], found["open_leads"]) == (1, 2, {"rep-100": 1})
    ((*_, value),) = oracle.records(live.kafka, "leads.bulk")
    assert json.loads(value or b"") == good


def test_an_export_is_imported_with_its_owners(live: Pipeline) -> None:
    """CSV with a mapping, as `convert` has it; a table of who will have how many."""
    (live.folder / "m.yaml").write_text(
        "layout: hubspot\nheld_by: Contact owner\nreps: {Anna Schmidt: rep-201}\n"
    )
    (live.folder / "f.csv").write_text(
        "Record ID,Email,Contact owner,Lifecycle Stage\n"
        "1,a@firm.com,Anna Schmidt,lead\n"
        "2,b@firm.com,rep-300,lead\n"
    )
    ran = imported(live, "f.csv", "--mapping", "m.yaml")
    assert ran.code == 0, ran.err
    assert "2 rows sent and acknowledged.\n2 leads new, with the rep who has it.\n" in ran.out
    for rep in ("rep-201", "rep-300"):
        assert f"│ {rep} │ 1" in ran.out


@pytest.mark.parametrize(
    ("arguments", "content", "said"),
    [
        ((), "", "import needs the name of a file"),
        (("-",), "", "import needs the name of a file"),
        (("gone",), "", "gone is not there: check the name"),
        (("f",), "{", "f, line 1: not one complete JSON object"),
        (("f",), "a,b\n1,2\n", "describe them with --mapping"),
    ],
)
def test_a_mistake_in_the_files_needs_no_broker(
    tmp_path: Path, arguments: tuple[str, ...], content: str, said: str
) -> None:
    """One sentence, exit code 2."""
    (tmp_path / "f").write_text(content)
    ran = command(tmp_path, "import", *arguments)
    assert (ran.code, len(ran.said())) == (2, 1)
    assert said in ran.err
