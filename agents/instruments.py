"""Every metric that a worker exports, as data: README, alert rules and dashboards are held to it.

Names, units and attributes follow OpenTelemetry; where the messaging conventions 1.44 have a
metric it is that one. Attributes hold names that are the product's own, and none of a person's.
"""

from typing import Literal, NamedTuple

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
WAITS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3_600.0, 14_400.0, 86_400.0, 259_200.0)
LATENCIES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 600.0)
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 5_000.0, 20_000.0)
LEADS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0, 50.0)

STAGE = "leadstream.stage"
SOURCE = "leadstream.source"
OUTCOME = "leadstream.outcome"
PLACE = "leadstream.place"
COUNT = "leadstream.count"
CHANGE = "leadstream.change"
REASON = "leadstream.reason"
METHOD = "leadstream.method"
ROTATION = "leadstream.rotation"
ALERT = "leadstream.alert"
ERROR = "error.type"
SYSTEM = "messaging.system"
OPERATION = "messaging.operation.name"
GROUP = "messaging.consumer.group.name"
TOPIC = "messaging.destination.name"
PARTITION = "messaging.destination.partition.id"


class Instrument(NamedTuple):
    """One metric."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    unit: str
    attributes: tuple[str, ...]
    meaning: str
    boundaries: tuple[float, ...] = ()


CONSUMED = Instrument(
    "messaging.client.consumed.messages",
    "counter",
    "{message}",
    (SYSTEM, OPERATION, GROUP, STAGE),
    "records decided, repeats and refused ones too",
)
SENT = Instrument(
    "messaging.client.sent.messages",
    "counter",
    "{message}",
    (SYSTEM, OPERATION, TOPIC, STAGE),
    "records sent and committed, by topic",
)
PROCESS = Instrument(
    "messaging.process.duration",
    "histogram",
    "s",
    (SYSTEM, OPERATION, GROUP, STAGE),
    "how long deciding a batch took",
    SECONDS,
)
ADMITTED = Instrument(
    "leadstream.leads.admitted",
    "counter",
    "{lead}",
    (SOURCE,),
    "leads in: new leads that `qualify` let in",
)
PLACED = Instrument(
    "leadstream.leads.placed",
    "counter",
    "{lead}",
    (OUTCOME,),
    "leads out: the first place of each new lead",
)
LATENCY = Instrument(
    "leadstream.lead.latency",
    "histogram",
    "s",
    (OUTCOME,),
    "from capture (append of the raw record) until the first place is committed; has exemplars",
    LATENCIES,
)
REJECTED = Instrument(
    "leadstream.dead_letters",
    "counter",
    "{message}",
    (STAGE, REASON, ERROR),
    "dead letters; `error.type` only where a step failed",
)
BATCH = Instrument(
    "leadstream.batch.size", "histogram", "{message}", (STAGE,), "records in a batch", SIZES
)
WAITED = Instrument(
    "leadstream.batch.wait",
    "histogram",
    "s",
    (STAGE,),
    "how long the record that waited longest had waited when its batch began",
    LATENCIES,
)
TRANSACTION = Instrument(
    "leadstream.transaction.duration",
    "histogram",
    "s",
    (STAGE, OUTCOME),
    "producing and committing a batch; the outcome is `committed` or `aborted`",
    SECONDS,
)
RESTORE = Instrument(
    "leadstream.restore.duration",
    "histogram",
    "s",
    (STAGE,),
    "from gaining partitions until they take records",
    (*SECONDS, 120.0),
)
ROWS = Instrument(
    "leadstream.restore.rows", "counter", "{row}", (STAGE,), "rows that changelogs gave back"
)
REBALANCES = Instrument(
    "leadstream.rebalances",
    "counter",
    "{rebalance}",
    (STAGE, CHANGE),
    "rebalances that gave partitions (`gained`) or took them (`lost`)",
)
LAG = Instrument(
    "leadstream.partition.lag",
    "gauge",
    "{message}",
    (STAGE, TOPIC, PARTITION),
    "records not decided yet, of partitions that a worker has; a few at rest are transaction marks",
)
COUNTED = Instrument(
    "leadstream.leads.counted",
    "gauge",
    "{lead}",
    (COUNT,),
    "leads since the beginning: `admitted` by qualify, `received` by route, `fallen` there",
)
STANDING = Instrument(
    "leadstream.leads.standing",
    "gauge",
    "{lead}",
    (PLACE,),
    "leads by the place where they are; closed ones stay in theirs",
)
DEVIATION = Instrument(
    "leadstream.rotation.deviation",
    "histogram",
    "{lead}",
    (ROTATION,),
    "at each pick, the furthest that anybody of the rotation is from the share due",
    LEADS,
)
WAIT = Instrument(
    "leadstream.assignment.wait",
    "histogram",
    "s",
    (METHOD,),
    "from capture to the first rep, by the decision's own time",
    WAITS,
)
ALERTS = Instrument("leadstream.alerts", "counter", "{alert}", (ALERT,), "alerts by kind")

INSTRUMENTS = (
    ADMITTED,
    PLACED,
    LATENCY,
    REJECTED,
    STANDING,
    COUNTED,
    WAIT,
    DEVIATION,
    ALERTS,
    LAG,
    BATCH,
    WAITED,
    PROCESS,
    TRANSACTION,
    RESTORE,
    ROWS,
    REBALANCES,
    CONSUMED,
    SENT,
)
"""In the order of README's table."""
