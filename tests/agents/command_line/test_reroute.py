"""`reroute` on a real broker: looked at, then done; and what is refused."""

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agents.kafka import policies
from schemas.codec import Codec
from streams.policy.release import release
from tests.agents.command_line.process import Ran, command
from tests.proof.made_leads import made_leads
from tests.proof.oracle import read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places

LEADS = 60
HAND = ("--by", "manager-2", "--reason", "Germany is Ireland's now")


def rerouted(pipeline: Pipeline, *arguments: str) -> Ran:
    """What the command says."""
    variables = pipeline.environment("reroute")
    return command(pipeline.folder, "reroute", *arguments, variables=variables)


def found(pipeline: Pipeline, *arguments: str) -> dict[str, Any]:
    """The same as JSON."""
    ran = rerouted(pipeline, "--territory", "dach", "--json", *arguments)
    assert ran.code == 0, ran.err
    content: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    return content


def with_other_reps() -> str:
    """The policy in which the territory has moved."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    document = yaml.load(roomy())
    territories = document["teams"]["emea"]["territories"]
    (dach,) = [each for each in territories if each["territory"] == "dach"]
    dach["reps"] = ["rep-203"]
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def owners(pipeline: Pipeline) -> dict[str, str]:
    """Who has each lead, by the assignments' own chain."""
    given = {each["assignment_id"]: each for each in read(pipeline.kafka).events["assignments.rep"]}
    ended = {each["supersedes"] for each in given.values()}
    return {each["lead_id"]: each["rep_id"] for key, each in given.items() if key not in ended}


@pytest.mark.slow
def test_what_is_shown_comes_true_and_once_is_enough(pipeline: Pipeline) -> None:
    """Issue 4, Bulk re-route after a territory change, with the same preview first."""
    pipeline.start("all")
    pipeline.send([one for one in made_leads(LEADS, seed=8, bad_every=10**9) if one.fate == "lead"])
    places = Places(pipeline.kafka)
    places.wait(LEADS, 0, timeout_s=60)
    places.close()
    policies.publish(pipeline.kafka, Codec(), release(with_other_reps()), lead_ms=1_000)
    deadline = time.monotonic() + 60
    while not (seen := found(pipeline))["moves"]:
        assert time.monotonic() < deadline, seen
    before = owners(pipeline)
    expected = before | {each["lead_id"]: each["to"] for each in seen["moves"]}
    assert {each["to"] for each in seen["moves"]} == {"rep-203"}
    done = found(pipeline, "--yes", *HAND)
    assert (done["moves"], done["sent"]) == (seen["moves"], len(seen["moves"]))
    while (now := owners(pipeline)) != expected:
        assert time.monotonic() < deadline, now
    lead_id = seen["moves"][0]["lead_id"]
    told = command(pipeline.folder, "explain", lead_id, variables=pipeline.environment("explain"))
    assert f"Routed again on request; it was with {before[lead_id]}." in told.out
    assert "By manager-2: Germany is Ireland's now" in told.out
    again = found(pipeline, "--yes", *HAND)
    assert (again["moves"], again["sent"]) == ([], 0)
    ran = rerouted(pipeline, "--territory", "dahc")
    assert (ran.code, "did you mean 'dach'?" in ran.err) == (2, True)


def test_a_request_needs_who_and_why(tmp_path: Path) -> None:
    """It goes on record; nothing is read before."""
    ran = command(tmp_path, "reroute", "--yes", "--by", "manager-2")
    assert (ran.code, "--reason" in ran.err) == (2, True)
