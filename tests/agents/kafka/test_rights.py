"""Which rights who needs, derived from the pipeline and the catalogue."""

import itertools
import json
from pathlib import Path

import pytest

from agents.kafka.rights import PEOPLE, Right, of_agent, of_person
from agents.settings import PUBLIC_SECRET
from schemas.codec import Codec
from schemas.topics import CATALOGUE, INPUTS, OUTPUTS, Topic
from streams.pipeline import pipeline
from streams.stage import Stage
from tests.agents.command_line.process import command

STAGES = pipeline(PUBLIC_SECRET.encode(), Codec())
EVERY = "every agent"


def named(rights: tuple[Right, ...], operation: str) -> set[str]:
    """The catalogue's topics on which there is a right."""
    names = {each.name for each in rights if each.operation == operation}
    return names & CATALOGUE.keys()


def is_in_use(topic: Topic) -> bool:
    """Whether any of its events is released."""
    return any(event.released for event in topic.events)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_an_agent_may_write_and_read_what_the_catalogue_says(stage: Stage) -> None:
    """Twice the same, told in two places: what stages declare and who the catalogue names."""
    rights = of_agent("", stage)
    written = {
        topic.name
        for topic in CATALOGUE.values()
        if not {stage.name, EVERY}.isdisjoint(topic.producers) and is_in_use(topic)
    }
    read = {topic.name for topic in CATALOGUE.values() if stage.name in topic.consumers}
    assert named(rights, "WRITE") == written
    assert named(rights, "READ") == read | {"policy"}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_an_agent_has_only_its_own_changelogs_group_and_transactions(stage: Stage) -> None:
    """No agent can write another's state, or fence it."""
    rights = of_agent("p-", stage)
    own = f"p-leadstream-{stage.name}"
    changelogs = {each.name for each in rights if each.name.endswith("-changelog")}
    assert changelogs == {f"{own}-{source}-changelog" for source in stage.sources}
    assert [each for each in rights if each.resource == "transactional-id"] == [
        Right("transactional-id", f"{own}-", "WRITE", prefixed=True)
    ]
    assert [
        each.name for each in rights if (each.resource, each.operation) == ("group", "READ")
    ] == [own]
    assert all(each.name.startswith("p-") for each in rights)


def test_rights_that_follow_from_others_are_left_out() -> None:
    """Kafka: whoever may read or write may describe."""
    for rights in (
        *(of_agent("", stage) for stage in STAGES),
        *(of_person("", kind, STAGES) for kind in PEOPLE),
    ):
        strong = {each.name for each in rights if each.operation in ("READ", "WRITE")}
        weak = {each.name for each in rights if each.operation == "DESCRIBE"}
        assert weak.isdisjoint(strong)
        assert len(set(rights)) == len(rights)


def test_people_may_do_what_they_are_there_for_and_no_more() -> None:
    """Who sends cannot read, who looks cannot write, who creates sees no record."""
    inputs, outputs = {topic.name for topic in INPUTS}, {topic.name for topic in OUTPUTS}
    send, look, create = (of_person("", kind, STAGES) for kind in ("send", "look", "create"))
    assert {(each.name, each.operation) for each in send} == {(name, "WRITE") for name in inputs}
    assert not named(look, "WRITE")
    assert named(look, "READ") == outputs | {"policy"}
    assert {each.operation for each in create} == {"CREATE", "DESCRIBE", "DESCRIBE_CONFIGS"}
    assert set(look) - set(of_person("", "steer", STAGES)) == {
        Right("topic", source, "DESCRIBE") for stage in STAGES for source in stage.sources
    }


def test_the_command_tells_them_as_json_and_as_kafkas_own_commands(tmp_path: Path) -> None:
    """`topics rights`: the prefix's names, the same rights in both forms."""
    settings = {"LEADSTREAM_PREFIX": "p-"}
    asked = ("topics", "rights", "route", "publish", "--user", "sales")
    told = json.loads(command(tmp_path, *asked, "--json", variables=settings).out)["rights"]
    lines = command(tmp_path, *asked, "--commands", variables=settings).out.splitlines()
    granted = {
        (option, name, operation.upper(), "prefixed" if line.endswith("prefixed") else "literal")
        for line in lines
        for words in [line.split()]
        for operation in [words[words.index("--operation") + 1]]
        for option, name in itertools.pairwise(words)
        if option in ("--topic", "--group", "--transactional-id")
    }
    assert granted == {
        (f"--{each['resource']}", each["name"], each["operation"], each["pattern"]) for each in told
    }
    assert {each["who"] for each in told} == {"route", "publish"}
    assert all("--allow-principal User:sales " in line for line in lines)
    unknown = command(tmp_path, "topics", "rights", "router")
    assert (unknown.code, "choose from intake" in unknown.err) == (2, True)
