"""The Grafana dashboard as code: `python -m agents.dashboard deploy/monitoring/dashboard.json`.

Panels name instruments, so no panel asks for a metric that no worker exports.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from agents import instruments as known
from agents.instruments import Instrument
from agents.prometheus import base, label, series

WIDTH, HEIGHT, IN_A_ROW = 8, 8, 3
SOURCE = {"type": "prometheus", "uid": "${source}"}
EVERY = "[$__rate_interval]"
Query = tuple[str, str]
"""PromQL and legend."""


class Panel(NamedTuple):
    """A graph. `unit` as Grafana calls it."""

    title: str
    unit: str
    queries: Sequence[Query]
    meaning: str


def _legend(attributes: Sequence[str]) -> str:
    return " ".join(f"{{{{{label(one)}}}}}" for one in attributes)


def _labels(attributes: Sequence[str]) -> str:
    return ", ".join(map(label, attributes))


def rate(one: Instrument, *by: str, factor: int = 1, where: str = "") -> Query:
    """So many a second, or in so many seconds, by attributes."""
    name = series(one)[0] if one.kind == "counter" else f"{base(one)}_count"
    times = f" * {factor}" if factor != 1 else ""
    return f"sum by ({_labels(by)}) (rate({name}{where}{EVERY})){times}", _legend(by)


def quantile(one: Instrument, share: float, *by: str, where: str = "") -> Query:
    """A histogram's quantile by attributes."""
    grouped = _labels(("le", *by))
    text = f"sum by ({grouped}) (rate({base(one)}_bucket{where}{EVERY}))"
    legend = f"{_legend(by)} {share:.0%}".strip()
    return f"histogram_quantile({share}, {text})", legend


def level(one: Instrument, *by: str, how: str = "sum") -> Query:
    """A gauge, summed or the largest, by attributes."""
    return f"{how} by ({_labels(by)}) ({series(one)[0]})", _legend(by)


def in_flight() -> Query:
    """Leads between qualify and route; never under 0, although each tells its count when it may."""
    name = series(known.COUNTED)[0]
    admitted, received = (
        f'sum({name}{{{label(known.COUNT)}="{count}"}})' for count in ("admitted", "received")
    )
    return f"clamp_min({admitted} - {received}, 0)", "between qualify and route"


FAILED = f'{{{label(known.ERROR)}!=""}}'
REFUSED = f'{{{label(known.ERROR)}=""}}'
ROWS: dict[str, tuple[Panel, ...]] = {
    "Leads": (
        Panel(
            "Leads in, a minute",
            "short",
            [rate(known.ADMITTED, known.SOURCE, factor=60)],
            "New leads that qualify let in, by source.",
        ),
        Panel(
            "Leads out, a minute",
            "short",
            [rate(known.PLACED, known.OUTCOME, factor=60)],
            "The first place of each new lead.",
        ),
        Panel(
            "From capture to the first place",
            "s",
            [quantile(known.LATENCY, share, known.OUTCOME) for share in (0.5, 0.99)],
            "Until the place is committed. A dot is a lead whose trace can be opened.",
        ),
        Panel(
            "Where leads are",
            "short",
            [level(known.STANDING, known.PLACE)],
            "All leads since the beginning; closed ones stay in their place.",
        ),
        Panel(
            "Leads in flight",
            "short",
            [in_flight()],
            "Admitted and not yet received by route: falls to 0 at rest.",
        ),
        Panel(
            "From capture to the first rep",
            "s",
            [quantile(known.WAIT, 0.5, known.METHOD), quantile(known.WAIT, 0.99, known.METHOD)],
            "The waiting room and pools included.",
        ),
    ),
    "Fairness": (
        Panel(
            "Furthest from the share due",
            "short",
            [quantile(known.DEVIATION, 0.99, known.ROTATION)],
            "In leads, by rotation; the promise is less than one while nothing changes.",
        ),
        Panel(
            "Alerts, an hour",
            "short",
            [rate(known.ALERTS, known.ALERT, factor=3_600)],
            "What the pipeline told people to look at.",
        ),
    ),
    "Queues": (
        Panel(
            "Records that wait",
            "short",
            [level(known.LAG, known.STAGE, known.TOPIC)],
            "A few at rest are marks of transactions. Uploads (leads.bulk) wait by design.",
        ),
        Panel(
            "Longest queue of one partition",
            "short",
            [level(known.LAG, known.STAGE, how="max")],
            "One partition that is far above the sum of the others has one busy account or desk.",
        ),
        Panel(
            "Wait before a batch",
            "s",
            [quantile(known.WAITED, 0.99, known.STAGE)],
            "Of the record that waited longest.",
        ),
    ),
    "Work": (
        Panel(
            "Records decided, a second",
            "short",
            [rate(known.CONSUMED, known.STAGE)],
            "Repeats and refused input included.",
        ),
        Panel("Records sent, a second", "short", [rate(known.SENT, known.TOPIC)], "By topic."),
        Panel(
            "Records in a batch",
            "short",
            [quantile(known.BATCH, 0.5, known.STAGE), quantile(known.BATCH, 0.95, known.STAGE)],
            "Large batches are full load: a worker takes what is there.",
        ),
        Panel(
            "Deciding a batch", "s", [quantile(known.PROCESS, 0.99, known.STAGE)], "0.1 s at most."
        ),
        Panel(
            "Producing and committing a batch",
            "s",
            [quantile(known.TRANSACTION, 0.99, known.STAGE)],
            "Slow commits are the broker's.",
        ),
        Panel(
            "Transactions, a second",
            "short",
            [rate(known.TRANSACTION, known.STAGE, known.OUTCOME)],
            "Aborted batches are decided again.",
        ),
    ),
    "Errors": (
        Panel(
            "Input refused, a minute",
            "short",
            [rate(known.REJECTED, known.STAGE, known.REASON, factor=60, where=REFUSED)],
            "A sender's mistake, by reason.",
        ),
        Panel(
            "Steps failed, a minute",
            "short",
            [rate(known.REJECTED, known.STAGE, known.ERROR, factor=60, where=FAILED)],
            "Ours: should be nothing.",
        ),
    ),
    "Membership": (
        Panel(
            "Rebalances, an hour",
            "short",
            [rate(known.REBALANCES, known.STAGE, known.CHANGE, factor=3_600)],
            "Each moves partitions, whose leads wait for a restore.",
        ),
        Panel(
            "From gaining partitions to the first record",
            "s",
            [quantile(known.RESTORE, 0.99, known.STAGE)],
            "The time of restoring rows.",
        ),
        Panel(
            "Rows restored, a second", "short", [rate(known.ROWS, known.STAGE)], "From changelogs."
        ),
    ),
}


def dashboard() -> dict[str, Any]:
    """The dashboard, as Grafana imports it."""
    return {
        "uid": "leadstream",
        "title": "leadstream",
        "description": "Leads, queues, transactions and members. Made by agents/dashboard.py.",
        "tags": ["leadstream"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {
            "list": [
                {"name": "source", "type": "datasource", "query": "prometheus", "label": "Source"}
            ]
        },
        "panels": list(_panels()),
    }


def _panels() -> Iterator[dict[str, Any]]:
    number, top = 0, 0
    for title, panels in ROWS.items():
        number += 1
        yield _row(number, title, top)
        top += 1
        for index, panel in enumerate(panels):
            number += 1
            down, across = divmod(index, IN_A_ROW)
            yield _graph(number, panel, across * WIDTH, top + down * HEIGHT)
        top += -(-len(panels) // IN_A_ROW) * HEIGHT


def _row(number: int, title: str, top: int) -> dict[str, Any]:
    place = {"h": 1, "w": WIDTH * IN_A_ROW, "x": 0, "y": top}
    return {"id": number, "type": "row", "title": title, "gridPos": place, "panels": []}


def _graph(number: int, panel: Panel, left: int, top: int) -> dict[str, Any]:
    return {
        "id": number,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.meaning,
        "datasource": SOURCE,
        "gridPos": {"h": HEIGHT, "w": WIDTH, "x": left, "y": top},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}},
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": SOURCE,
                "expr": query,
                "legendFormat": legend,
                "exemplar": base(known.LATENCY) in query,
            }
            for index, (query, legend) in enumerate(panel.queries)
        ],
    }


def written() -> bytes:
    """The file's content."""
    return orjson.dumps(dashboard(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(written())
