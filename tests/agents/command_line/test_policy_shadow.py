"""A candidate beside the policy in force, on a real broker and from the command line."""

import json
import time
from typing import Any

import pytest

from agents.kafka.policies import PolicyTopic
from schemas.shadow import DecisionDiffered
from tests.agents.command_line.process import Ran, command
from tests.agents.command_line.test_reroute import with_other_reps
from tests.proof.made_leads import made_leads
from tests.proof.oracle import read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places

LEADS = 50


def asked(pipeline: Pipeline, *words: str) -> Ran:
    """`leadstream policy` with these words."""
    return command(pipeline.folder, "policy", *words, variables=pipeline.environment("policy"))


def found(pipeline: Pipeline, *words: str) -> dict[str, Any]:
    """The same as JSON."""
    ran = asked(pipeline, *words, "--json")
    assert ran.code == 0, ran.err
    content: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    return content


def stood(pipeline: Pipeline, version: int, compared: int) -> dict[str, Any]:
    """How the candidate stands once so many decisions, and judgements, were compared."""
    deadline = time.monotonic() + 60
    while True:
        ran = asked(pipeline, "shadow", "--json")
        standing = json.loads(ran.out.splitlines()[-1]) if ran.code == 0 else {}
        judged = standing.get("judgements") or {"compared": 0}
        places = standing["compared"] if standing.get("version") == version else 0
        if min(places, judged["compared"]) >= compared:
            return dict(standing)
        assert time.monotonic() < deadline, (ran.err, standing)


@pytest.mark.slow
def test_a_candidate_decides_beside_and_the_differences_are_told(pipeline: Pipeline) -> None:
    """Issue 4, Shadow: first an equal one, then one with other reps and other scores.

    Neither is what the topic's latest policy is, and a worker that comes later goes on with both.
    """
    made = [one for one in made_leads(2 * LEADS, seed=13, bad_every=10**9) if one.fate == "lead"]
    renamed = roomy().replace("default_desk: main", "default_desk: sales")
    renamed = renamed.replace("\n  main:", "\n  sales:")
    others = with_other_reps().replace("demo_request: 40", "demo_request: 39")
    for name, text in (("equal", roomy()), ("other", others), ("desks", renamed)):
        (pipeline.folder / f"{name}.yaml").write_text(text)
    live = PolicyTopic(pipeline.kafka).latest()
    pipeline.start("all")
    places = Places(pipeline.kafka)
    assert "no candidate decides" in asked(pipeline, "shadow").err
    equal = found(pipeline, "publish", "equal.yaml", "--shadow")
    assert equal["beside"] == live
    pipeline.send(made[:LEADS])
    places.wait(LEADS, 0, timeout_s=60)
    standing = stood(pipeline, equal["version"], LEADS)
    assert (standing["differed"], standing["failed"], standing["ways"]) == (0, 0, [])
    judged = standing["judgements"]
    assert (judged["differed"], judged["failed"], judged["ways"]) == (0, 0, [])
    assert (standing["partitions"], judged["partitions"]) == (4, 8)
    refused = asked(pipeline, "publish", "desks.yaml", "--shadow")
    assert (refused.code, "the desk main has other teams" in refused.err) == (1, True)
    other = found(pipeline, "publish", "other.yaml", "--shadow")
    assert asked(pipeline, "show", "--shadow").code == 0
    pipeline.kill("all")
    pipeline.start("all")
    pipeline.send(made[LEADS:])
    places.wait(2 * LEADS, 0, timeout_s=60)
    places.close()
    standing = stood(pipeline, other["version"], LEADS)
    assert standing["differed"] == sum(way["leads"] for way in standing["ways"]) > 0
    assert {way["shadow"] for way in standing["ways"]} == {"rep-203"}
    judged = standing["judgements"]
    assert judged["differed"] == sum(way["leads"] for way in judged["ways"]) > 0
    differences = read(pipeline.kafka).events["decisions.shadow"]
    assert len({each["event_id"] for each in differences}) == len(differences)
    assert {each["_kind"] for each in differences} == {DecisionDiffered.__name__}
    assert len(differences) == standing["differed"] + judged["differed"]
    assert {
        each["live_judgement"]["score"] - each["shadow_judgement"]["score"]
        for each in differences
        if each["stage"] == "qualify" and each["live_judgement"]
    } == {1}
    assert PolicyTopic(pipeline.kafka).latest() == live
    told = asked(pipeline, "shadow").out
    assert f"{standing['differed']} of {standing['compared']} decisions differed." in told
    assert f"{judged['differed']} of {judged['compared']} judgements differed." in told
    assert asked(pipeline, "shadow", "--end").code == 0
    deadline = time.monotonic() + 30
    while asked(pipeline, "shadow").code == 0:
        assert time.monotonic() < deadline


def test_a_candidate_is_checked_as_any_policy(pipeline: Pipeline) -> None:
    """What could not be published is no candidate either."""
    (pipeline.folder / "bad.yaml").write_text(
        roomy().replace("default_desk: main", "default_desk: x")
    )
    ran = asked(pipeline, "publish", "bad.yaml", "--shadow")
    assert (ran.code, "bad.yaml:" in ran.err) == (2, True)
