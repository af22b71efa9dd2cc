"""A scenario: a policy and a file of leads through the whole pipeline, and what was expected."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from agents.command_line.simulate import simulate
from tests.house.checks import ROOT

HERE = Path(__file__).parent
NONE = "-"


class Outcome(NamedTuple):
    """What was decided about a lead at one time."""

    lead: str
    to: str
    """A rep, `pool` with its name, `waiting` or `nurture`."""
    method: str
    reason: str
    channels: str
    rotation: str


class Expected(NamedTuple):
    """A line of the table that was written and reviewed by hand."""

    outcome: Outcome
    because: str
    """Which requirement or decision wants it so."""


def document(name: str) -> dict[str, Any]:
    """The policy as its author wrote it, without the router's own reader."""
    text = (ROOT / "deploy" / "policies" / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def facts(name: str) -> dict[str, dict[str, Any]]:
    """What the input says of each lead, by id."""
    lines = (ROOT / "deploy" / "examples" / f"{name}.jsonl").read_text(encoding="utf-8")
    values = [json.loads(line)["value"] for line in lines.splitlines()]
    return {each["lead"]["lead_id"]: each["lead"] for each in values if "lead" in each}


def run(name: str, folder: Path) -> list[dict[str, Any]]:
    """What `leadstream simulate` writes for the scenario."""
    out = folder / f"{name}.jsonl"
    simulate(
        policy=ROOT / "deploy" / "policies" / f"{name}.yaml",
        events=ROOT / "deploy" / "examples" / f"{name}.jsonl",
        out=out,
        json=True,
    )
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def outcomes(written: list[dict[str, Any]]) -> Iterator[Outcome]:
    """Everything decided about leads, in order."""
    for line in written:
        value, lead = line["value"], line["key"]
        if line["topic"] == "assignments.rep":
            rotation = (value["explanation"].get("rotation") or NONE).partition("/")
            channels = ",".join(value["notify"])
            yield Outcome(
                lead, value["rep_id"], value["method"], value["reason"], channels,
                rotation[2] or NONE,
            )  # fmt: skip
        elif line["topic"] == "assignments.pool":
            yield Outcome(lead, f"pool {value['pool']}", NONE, value["reason"], NONE, NONE)
        elif line["topic"] == "leads.lifecycle" and value["to"] in {"waiting", "nurture"}:
            yield Outcome(lead, value["to"], NONE, value["reason"], NONE, NONE)


def expected(name: str) -> list[Expected]:
    """The table of `<name>.md`: one line for each decision."""
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| [A-Z]-", line)]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [Expected(Outcome(*row[:-1]), row[-1]) for row in cells]
