"""Golden examples: one message of every released version, as JSON and as bytes.

`examples/<Record>.<version>.json` is written by hand and is the source; the `.bin` beside it (an
Avro single object) is made from it once and must decode to the same for ever.
"""

from collections.abc import Iterator
from pathlib import Path

import orjson

from schemas.avro import Schema, fingerprint_of
from schemas.body import Reader
from schemas.codec import SINGLE_OBJECT, encode, to_json
from schemas.record import Event
from schemas.unreadable import Unreadable
from schemas.validated import validated

_HEADER = len(SINGLE_OBJECT) + 8


def example_files(folder: Path, record: str, version: int) -> tuple[Path, Path]:
    """The paths of an example's JSON and of its bytes."""
    stem = folder / "examples" / f"{record}.{version}"
    return stem.with_name(f"{stem.name}.json"), stem.with_name(f"{stem.name}.bin")


def read_example(model: type[Event], path: Path) -> Event:
    """The example as the newest model sees it.

    Raises `OSError` where it cannot be read, `Unreadable` where it breaks a rule of the model and
    `ValueError` where it is no JSON.
    """
    return validated(model, orjson.loads(path.read_bytes()))


def json_text(event: Event) -> bytes:
    """The event as an example file's text: indented, with a line end at its end."""
    return orjson.dumps(to_json(event), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write_example(model: type[Event], folder: Path, version: int) -> list[Path]:
    """Makes the version's bytes from its JSON; a later version without one takes the earlier's.

    Returns the files that changed. Raises as `read_example`; `FileNotFoundError` where the first
    version has no hand-written example.
    """
    source, golden = example_files(folder, model.__name__, version)
    written = []
    if not source.exists() and version > 1:
        earlier, _ = example_files(folder, model.__name__, version - 1)
        source.write_bytes(json_text(read_example(model, earlier)))
        written.append(source)
    data = encode(read_example(model, source))
    if not golden.exists() or golden.read_bytes() != data:
        golden.write_bytes(data)
        written.append(golden)
    return written


def example_faults(model: type[Event], folder: Path, version: int, schema: Schema) -> Iterator[str]:
    """One sentence for each way in which a version's example is not what it must be."""
    source, golden = example_files(folder, model.__name__, version)
    for path in (source, golden):
        if not path.exists():
            yield f"{path}: is missing; restore it from history, or run python -m schemas write"
            return
    data = golden.read_bytes()
    if data[:_HEADER] != SINGLE_OBJECT + fingerprint_of(schema):
        yield f"{golden}: was not written with version {version}; restore both from history"
        return
    try:
        said = read_example(model, source)
        held = Reader(model, schema).trusted(data, _HEADER)
    except (Unreadable, ValueError) as error:
        yield f"{source}: the newest {model.__name__} cannot read it or its bytes: {error}"
        return
    if said != held:
        yield f"{golden}: does not say what {source.name} says; restore both from history"
