"""The list of metrics, what a receiver gets of each, and what README says about them."""

import re
from collections import Counter
from collections.abc import Callable

import orjson
import pytest

from agents import instruments as known
from agents.clock import wall_ms
from agents.instruments import INSTRUMENTS, Instrument
from agents.ledger.happened import Aborted, Committed, Moved, Restored, Stands
from agents.ledger.records import Incoming, Sent
from agents.metering import Meter
from schemas.codec import Codec
from schemas.outputs import Alert
from tests.agents.otlp import Measured, Receiver
from tests.agents.test_telemetry import LEAD
from tests.agents.traced import TRACE_ID, Pipeline, parent_header
from tests.test_readme import README

STANDS = Stands("route", {("routing.inbox", 3): 17}, Counter({"received": 5, "place:waiting": 2}))

ALARM = Alert(
    event_id="a", caused_by="b", at=0, kind="waiting", severity="info",
    subject="team", value="1", limit="0", detail="d",
)  # fmt: skip
ALARMED = Sent("alerts", None, b"team", b"", (), ALARM, Incoming("t", 0, 0, 0, None, b""))


def measured(receiver: Receiver, ran: Pipeline) -> dict[str, list[Measured]]:
    """What a receiver gets of a pipeline that ran, and of everything else that may happen."""
    with Meter(receiver.endpoint, "worker-0", "t-", Codec()) as meter:
        for batch in ran.committed():
            if batch.sent:
                meter.note(batch)
        meter.note(Aborted("route", 7, 0.3))
        meter.note(Moved("route", gained=True, partitions=2))
        meter.note(Moved("route", gained=False, partitions=1))
        meter.note(Restored("route", 2, 4_000, 1.5))
        meter.note(STANDS)
        meter.note(Committed("route", 1, [ALARMED], 0.1, 0.1))
    found: dict[str, list[Measured]] = {}
    for each in receiver.points():
        found.setdefault(each.name, []).append(each)
    return found


def a_lead_and_garbage(flags: str = "01") -> Pipeline:
    """A lead that a rep gets, bytes that are no event, and a step that fails."""
    ran = Pipeline()
    ran.feed("leads.raw", orjson.dumps(LEAD), parent_header(flags), at=wall_ms() - 2_000)
    ran.feed("leads.raw", b"no json")
    ran.feed("identity.inbox", b"no event of ours")
    return ran


def shown(found: list[Measured], attribute: str) -> dict[str, float]:
    """Totals by one attribute."""
    totals: Counter[str] = Counter()
    for each in found:
        totals[str(each.attributes.get(attribute))] += each.total  # type: ignore[assignment]  # seconds
    return dict(totals)


def test_every_metric_of_the_list_is_exported_with_its_unit_and_attributes(
    receiver: Receiver,
) -> None:
    """Issue 5, Being watched: what README's table says is what a receiver gets."""
    found = measured(receiver, a_lead_and_garbage())
    assert sorted(found) == sorted(one.name for one in INSTRUMENTS)
    for one in INSTRUMENTS:
        assert {each.unit for each in found[one.name]} == {one.unit}
        attributes = {name for each in found[one.name] for name in each.attributes}
        assert attributes == set(one.attributes), one.name


def test_leads_in_and_out_by_outcome(receiver: Receiver) -> None:
    """One lead in, one placed, two dead letters: refused input and a failed step."""
    found = measured(receiver, a_lead_and_garbage())
    assert shown(found["leadstream.leads.admitted"], known.SOURCE) == {"demo_request": 1}
    assert shown(found["leadstream.leads.placed"], known.OUTCOME) == {"assigned": 1}
    letters = found["leadstream.dead_letters"]
    assert shown(letters, known.REASON) == {"not_json": 1, "not_avro": 1}
    assert shown(letters, known.ERROR) == {"None": 1, "Unreadable": 1}


def test_the_latency_is_measured_to_the_commit_and_leads_to_a_trace(receiver: Receiver) -> None:
    """From the append of the raw record; the exemplar is the sampled lead's own trace."""
    (latency,) = measured(receiver, a_lead_and_garbage())["leadstream.lead.latency"]
    assert latency.attributes == {known.OUTCOME: "assigned"}
    assert 2 <= latency.total < 60
    assert latency.exemplars == (TRACE_ID,)


def test_a_lead_that_is_not_sampled_has_no_exemplar(receiver: Receiver) -> None:
    """Twin: a trace that nobody recorded leads nowhere."""
    (latency,) = measured(receiver, a_lead_and_garbage("00"))["leadstream.lead.latency"]
    assert (latency.number, latency.exemplars) == (1, ())


def test_a_lead_that_no_rep_gets_has_a_latency_too(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its capture stands in the event that was decided."""
    monkeypatch.setitem(LEAD, "source", "seo")
    found = measured(receiver, a_lead_and_garbage())
    (latency,) = found["leadstream.lead.latency"]
    assert latency.attributes != {known.OUTCOME: "assigned"}
    assert 2 <= latency.total < 60


def test_what_happens_to_a_stage_is_counted(receiver: Receiver) -> None:
    """Rebalances, aborted transactions, restores, lag, and where leads are."""
    found = measured(receiver, a_lead_and_garbage())
    assert shown(found["leadstream.rebalances"], known.CHANGE) == {"gained": 1, "lost": 1}
    assert shown(found["leadstream.transaction.duration"], known.OUTCOME)["aborted"] == 0.3
    assert [each.total for each in found["leadstream.restore.duration"]] == [1.5]
    assert [each.total for each in found["leadstream.restore.rows"]] == [4_000]
    (lag,) = found["leadstream.partition.lag"]
    assert lag.total == 17
    assert lag.attributes == {
        known.STAGE: "route",
        known.TOPIC: "t-routing.inbox",
        known.PARTITION: "3",
    }
    assert shown(found["leadstream.leads.counted"], known.COUNT) == {"received": 5}
    assert shown(found["leadstream.leads.standing"], known.PLACE) == {"waiting": 2}


def test_batches_are_measured(receiver: Receiver) -> None:
    """Size, wait, deciding and committing, by stage."""
    batch = Committed("qualify", 12, [], 0.25, 0.5, 3.0)
    with Meter(receiver.endpoint, "worker-0", "", Codec()) as meter:
        meter.note(batch)
    found = {each.name: each.total for each in receiver.points()}
    assert found == {
        "leadstream.batch.size": 12,
        "leadstream.batch.wait": 3.0,
        "messaging.process.duration": 0.25,
        "leadstream.transaction.duration": 0.5,
        "messaging.client.consumed.messages": 12,
    }


def row(one: Instrument) -> str:
    """A metric as README's table has it."""
    attributes = ", ".join(f"`{name}`" for name in one.attributes)
    return f"| `{one.name}` | {one.kind}, {one.unit} | {attributes} | {one.meaning} |"


def rows(text: str) -> list[str]:
    """The rows of README's table of metrics."""
    return re.findall(r"^\| `(?:leadstream|messaging)\.[a-z_.]+` \|.*$", text, re.MULTILINE)


def test_readme_has_every_metric_and_no_other() -> None:
    """The table is the list."""
    assert rows(README) == [row(one) for one in INSTRUMENTS]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(
            "`leadstream.rebalances` | counter", "`leadstream.moves` | counter"
        ),
        lambda text: text.replace("| counter, {lead}", "| histogram, {lead}"),
    ],
)
def test_another_table_would_be_noticed(change: Callable[[str], str]) -> None:
    """Twin: one word changed."""
    assert rows(change(README)) != [row(one) for one in INSTRUMENTS]


def test_names_follow_opentelemetry() -> None:
    """Lower case, dots between namespaces; no unit in a name; counters count things."""
    for one in INSTRUMENTS:
        assert re.fullmatch(r"(leadstream|messaging)(\.[a-z_]+)+", one.name)
        assert not one.name.endswith(("_s", "seconds", "total"))
        assert bool(one.boundaries) == (one.kind == "histogram")
        assert one.unit == "s" or one.unit.startswith("{")
