"""Committed schemas: every version of every released record, and the record of a fingerprint.

The newest version is taken from the model itself, so that a field can never be dropped in silence
between a model and a file that lags behind it; `python -m schemas check` keeps the two equal.
"""

import json
import re
from functools import cache
from pathlib import Path

from schemas.avro import Schema, fingerprint_of, schema_of
from schemas.record import Event
from schemas.topics import event_models

AVSC = Path(__file__).parent / "avsc"
_FILE = re.compile(r"(?P<record>[A-Za-z]+)\.(?P<version>[1-9][0-9]*)\.avsc")


def files_of_versions(folder: Path = AVSC) -> dict[str, dict[int, Path]]:
    """The committed files by record name and version, both ascending."""
    found: dict[str, dict[int, Path]] = {}
    names = ((_FILE.fullmatch(path.name), path) for path in folder.glob("*.avsc"))
    numbered = [(match["record"], int(match["version"]), path) for match, path in names if match]
    for record, version, path in sorted(numbered):
        found.setdefault(record, {})[version] = path
    return found


def read_schema(path: Path) -> Schema:
    """A committed schema. Raises `ValueError` for a file that is not JSON."""
    schema: Schema = json.loads(path.read_bytes())
    return schema


@cache
def known_versions() -> dict[bytes, tuple[type[Event], Schema]]:
    """Every schema version that can be read, by fingerprint: the models' own and the earlier."""
    models = event_models()
    known = {
        fingerprint_of(schema): (models[record], schema)
        for record, files in files_of_versions().items()
        if record in models
        for schema in map(read_schema, files.values())
    }
    for model in models.values():
        schema = schema_of(model)
        known[fingerprint_of(schema)] = (model, schema)
    return known
