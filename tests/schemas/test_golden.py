"""Golden messages decode for ever, to what their JSON says."""

import base64
from pathlib import Path

import orjson
import pytest

from schemas.codec import SINGLE_OBJECT, Codec, decode, encode
from schemas.golden import example_files, json_text, read_example
from schemas.topics import event_models, input_types
from schemas.versions import AVSC, files_of_versions

FOLDER = AVSC.parent
MODELS = event_models()
VERSIONS = [(record, version) for record, files in files_of_versions().items() for version in files]


def test_every_released_event_has_a_golden_message() -> None:
    """And no unreleased one has, because its schema may still change."""
    assert {record for record, _ in VERSIONS} == {
        record for record, model in MODELS.items() if model.released
    }


@pytest.mark.parametrize(("record", "version"), VERSIONS)
def test_golden_bytes_say_what_their_json_says(record: str, version: int) -> None:
    """By the module's function and by a codec, with trust; fields of later versions by default."""
    source, golden = example_files(FOLDER, record, version)
    said = read_example(MODELS[record], source)
    data = golden.read_bytes()
    assert decode(data) == Codec().decode(data) == said
    assert data[:2] == SINGLE_OBJECT


@pytest.mark.parametrize(("topic", "model"), [(t, m) for (t, _), m in input_types().items()])
def test_golden_input_is_accepted_from_outside(topic: str, model: type) -> None:
    """As bytes and as JSON it is the same valid event."""
    for version in files_of_versions().get(model.__name__, {}):
        source, golden = example_files(FOLDER, model.__name__, version)
        from_json = Codec().parse(source.read_bytes(), topic)
        assert Codec().parse(golden.read_bytes(), topic) == from_json


@pytest.mark.parametrize(("record", "version"), VERSIONS)
def test_an_example_says_something_in_nearly_every_field(record: str, version: int) -> None:
    """A golden message that leaves fields empty would not notice what becomes of them."""
    event = read_example(MODELS[record], example_files(FOLDER, record, version)[0])
    absent = [name for name, value in event.values().items() if value is None]
    assert len(absent) <= 3
    assert len(absent) < len(event.values())


def test_bytes_within_golden_bytes_decode_too() -> None:
    """What an inner event carries of the input event is as durable as the inner event."""
    for record in ("EventReceived", "EventIdentified", "CommandReceived"):
        content = orjson.loads(example_files(FOLDER, record, 1)[0].read_bytes())
        assert decode(base64.b64decode(content["event"])).values()["type"] == content["type"]


def test_an_example_is_written_as_it_is_read(tmp_path: Path) -> None:
    """Indented JSON with a line end, which reads back equal."""
    event = read_example(MODELS["Alert"], example_files(FOLDER, "Alert", 1)[0])
    path = tmp_path / "again.json"
    path.write_bytes(json_text(event))
    assert path.read_bytes().endswith(b"}\n")
    assert encode(read_example(MODELS["Alert"], path)) == encode(event)
