"""Versions of schemas: writing them, and finding where models and committed files part.

The rule, which needs no git: a version that is committed is never changed. `write` gives a changed
model the next number, and only if every reader that the contract protects can still read; a change
in nothing but documentation keeps its number, since bytes and readers stay the same. `write
--again` writes the newest version anew: only for a version that nobody has seen yet, before it is
merged. It changes a `.bin` file, which nothing else does, so a review sees it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.avro import Schema, documented, without_docs
from schemas.compatible import problems, removed_fields
from schemas.golden import example_faults, example_files, write_example
from schemas.outputs import OutputEvent
from schemas.record import Event
from schemas.versions import files_of_versions, read_schema

Models = Mapping[str, type[Event]]


@dataclass(frozen=True, slots=True)
class Tree:
    """The folder that holds `avsc/` and `examples/`, and the models that they belong to."""

    folder: Path
    models: Models

    @property
    def avsc(self) -> Path:
        """Where the schemas of released records are."""
        return self.folder / "avsc"

    @property
    def unreleased(self) -> Path:
        """Where the schemas are that may still change freely: one file a record."""
        return self.avsc / "unreleased"

    def versions(self, record: str) -> dict[int, Path]:
        """The committed files of a record by version, ascending."""
        return files_of_versions(self.avsc).get(record, {})


def schema_text(schema: Schema) -> str:
    """A schema as its file holds it: the model's order, two spaces, a line end at its end."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


# ------------------------------------------------------------------------------------------ write
def write(tree: Tree, *, again: bool = False) -> tuple[list[Path], list[str]]:
    """Writes what is new; returns the files written and the changes refused, as sentences."""
    written: list[Path] = []
    refused: list[str] = []
    for folder in (tree.unreleased, tree.folder / "examples"):
        folder.mkdir(parents=True, exist_ok=True)
    for record, model in tree.models.items():
        if not model.released:
            written += _replace(tree.unreleased / f"{record}.avsc", documented(model))
        elif faults := incompatibilities(tree, record, unseen=again):
            refused += faults
        else:
            written += _write_version(tree, model, again=again)
    return written, refused


def _replace(path: Path, schema: Schema) -> list[Path]:
    text = schema_text(schema)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return []
    path.write_text(text, encoding="utf-8")
    return [path]


def _write_version(tree: Tree, model: type[Event], *, again: bool) -> list[Path]:
    schema, versions = documented(model), tree.versions(model.__name__)
    newest = max(versions, default=0)
    changed = not newest or without_docs(read_schema(versions[newest])) != without_docs(schema)
    version = newest + 1 if changed and not (again and newest) else newest
    written = _replace(tree.avsc / f"{model.__name__}.{version}.avsc", schema)
    _, golden = example_files(tree.folder, model.__name__, version)
    if again or not golden.exists():
        written += write_example(model, tree.folder, version)
    return written


# ------------------------------------------------------------------------------------------ check
def drift(tree: Tree) -> list[str]:
    """One sentence, beginning with the file, for each place where models and files part."""
    return [
        *(fault for record in tree.models for fault in _drift_of(tree, record)),
        *_strangers(tree),
    ]


def _drift_of(tree: Tree, record: str) -> Iterator[str]:
    model, versions = tree.models[record], tree.versions(record)
    if not model.released:
        yield from _stale(tree.unreleased / f"{record}.avsc", model)
        return
    newest = max(versions, default=1)
    yield from _stale(tree.avsc / f"{record}.{newest}.avsc", model)
    for version in range(1, newest):
        if version not in versions:
            yield f"{tree.avsc / f'{record}.{version}.avsc'}: is missing; restore it from history"
    for version, path in versions.items():
        yield from example_faults(model, tree.folder, version, read_schema(path))


def _stale(path: Path, model: type[Event]) -> Iterator[str]:
    if not path.exists():
        yield f"{path}: is missing; run python -m schemas write"
    elif path.read_text(encoding="utf-8") != schema_text(documented(model)):
        yield f"{path}: is not what the model {model.__name__} says; run python -m schemas write"


def _strangers(tree: Tree) -> Iterator[str]:
    """Files that belong to no model: a rename or a removal would leave them behind."""
    known = {
        *(path for record in tree.models for path in tree.versions(record).values()),
        *(tree.unreleased / f"{name}.avsc" for name, model in tree.models.items()
          if not model.released),
    }  # fmt: skip
    examples = {
        path
        for record in tree.models
        for version in tree.versions(record)
        for path in example_files(tree.folder, record, version)
    }
    for path in sorted([*tree.avsc.rglob("*.avsc"), *(tree.folder / "examples").glob("*")]):
        if path not in known | examples:
            yield f"{path}: belongs to no event of the catalogue; remove the file or add the event"


# ----------------------------------------------------------------------------------------- compat
def incompatibilities(tree: Tree, record: str, *, unseen: bool = False) -> list[str]:
    """Why a model may not become a record's next version, as sentences with the file.

    `unseen`: nobody has seen the newest committed version, so it need not be readable. The newest
    must read every earlier version; of output events every earlier reader must also
    read the newest, because their readers are not ours to update. No field is ever taken away.
    """
    model = tree.models[record]
    newest = documented(model)
    faults: list[str] = []
    committed = list(tree.versions(record).values())
    for path in committed[:-1] if unseen else committed:
        older = read_schema(path)
        faults += [
            f"{path}: {record} can no longer read it: {why}" for why in problems(older, newest)
        ]
        faults += [
            f"{path}: {name} is gone from {record}; fields are added, never removed or renamed"
            for name in removed_fields(older, newest)
        ]
        if issubclass(model, OutputEvent):
            faults += [
                f"{path}: its readers could not read what {record} writes now: {why}"
                for why in problems(newest, older)
            ]
    return faults


def compatibility(tree: Tree) -> list[str]:
    """`incompatibilities` of every released record."""
    return [
        fault
        for record, model in tree.models.items()
        if model.released
        for fault in incompatibilities(tree, record)
    ]
