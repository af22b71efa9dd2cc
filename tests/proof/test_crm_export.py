"""A real CRM's export, dirt included, through `convert`, `produce` and the pipeline."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.agents.command_line.process import command
from tests.agents.convert.exports import Export, hubspot_export, salesforce_export
from tests.proof.oracle import (
    Seen,
    counts,
    no_id_twice,
    open_counts_are_right,
    places_follow_each_other,
    read,
    rotations_are_right,
)
from tests.proof.running import Pipeline

ROWS = 1_000
"""Every kind of dirt twenty times."""
SETTLED_S = 300.0


@pytest.mark.slow
@pytest.mark.parametrize("made", [hubspot_export, salesforce_export])
def test_every_row_of_an_export_is_accounted_for(
    pipeline: Pipeline, tmp_path: Path, made: Callable[[int], Export]
) -> None:
    """1 000 rows: accepted or reported, then admitted, a touchpoint, a repeat or rejected."""
    export = made(ROWS)
    (tmp_path / "export.csv").write_bytes(export.content)
    variables = pipeline.variables()
    converted = command(tmp_path, "convert", "export.csv", "--out", "lines.jsonl", "--json")
    assert converted.code == 0, converted.err[-2000:]
    summary = json.loads(converted.out.splitlines()[-1])
    lines = len((tmp_path / "lines.jsonl").read_text().splitlines())
    assert (summary["accepted"], lines) == (export.accepted, export.accepted)
    assert summary["accepted"] + summary["rejected"] == export.rows

    produced = command(tmp_path, "produce", "lines.jsonl", "--json", variables=variables)
    assert produced.code == 0, produced.err
    pipeline.start("all")
    seen = settled(pipeline, lines)

    assert accounted(seen) == lines
    assert counts(seen, "qualify")["admitted"] > lines // 2
    leads = {event["lead_id"] for event in seen.events["leads.lifecycle"]}
    assert len(leads) == counts(seen, "qualify")["admitted"]
    assert [
        *no_id_twice(seen),
        *places_follow_each_other(seen),
        *open_counts_are_right(seen),
        *rotations_are_right(seen),
    ] == []


def accounted(seen: Seen) -> int:
    """Rows of which the pipeline knows what became of them, by its own counts."""
    ends = (("qualify", "admitted"), ("qualify", "touched"), ("identify", "repeats"))
    known = sum(counts(seen, stage)[name] for stage, name in ends)
    return known + len(seen.events["leads.rejected"])


def settled(pipeline: Pipeline, rows: int) -> Seen:
    """What is there once every row is accounted for, every lead has its place and all is quiet.

    Events and changelogs are read one after the other: while something still moves, a touchpoint
    that pushes a pooled lead for one, they show different moments.
    """
    deadline = time.monotonic() + SETTLED_S
    before: dict[str, int] = {}
    while True:
        seen = read(pipeline.kafka)
        placed = len({event["lead_id"] for event in seen.events["leads.lifecycle"]})
        now = {topic: len(events) for topic, events in seen.events.items()}
        complete = accounted(seen) >= rows and placed >= counts(seen, "qualify")["admitted"]
        if complete and now == before:
            return seen
        assert time.monotonic() < deadline, (accounted(seen), placed, rows)
        before = now
        time.sleep(1.5)
