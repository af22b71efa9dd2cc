"""Drift and incompatible changes fail the build: each kind shown once."""

from pathlib import Path

import pytest

from schemas.__main__ import main
from schemas.golden import example_files
from schemas.record import Event
from schemas.release import Tree, compatibility, drift, write
from tests.schemas.changes import (
    Draft,
    Heard,
    Said,
    aliased,
    documented_better,
    grown,
    narrowed,
    needing_more,
    renamed,
    retyped,
    said_wider,
    said_without_lead,
    shortened,
    timed,
)


def tree_of(folder: Path, *models: type[Event]) -> Tree:
    """The folder with these models in place of the ones above that have their name."""
    everything: tuple[type[Event], ...] = (Heard, Said, Draft, *models)
    mine = {model.__name__: model for model in everything}
    return Tree(folder, mine)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A folder with version 1 of both released events."""
    examples = tmp_path / "examples"
    examples.mkdir()
    (examples / "Heard.1.json").write_text('{"event_id": "h", "count": 3}')
    (examples / "Said.1.json").write_text(
        '{"event_id": "s", "caused_by": "h", "at": "2026-03-02T09:00:00Z", "lead_id": "l"}'
    )
    tree = tree_of(tmp_path)
    written, refused = write(tree)
    assert (len(written), refused) == (5, [])
    return tree


def test_what_was_written_has_no_drift(tree: Tree) -> None:
    """And writing again changes nothing."""
    assert drift(tree) == []
    assert compatibility(tree) == []
    assert write(tree) == ([], [])


def test_a_compatible_change_gets_the_next_version(tree: Tree) -> None:
    """The old file and its bytes stay; the new version's example starts as the old one's."""
    before = {path: path.read_bytes() for path in tree.folder.rglob("*") if path.is_file()}
    newer = tree_of(tree.folder, grown())
    assert any("Heard.1.avsc" in fault for fault in drift(newer))
    written, refused = write(newer)
    assert refused == []
    assert [path.name for path in written] == ["Heard.2.avsc", "Heard.2.json", "Heard.2.bin"]
    assert {path: path.read_bytes() for path in before} == before
    assert drift(newer) == compatibility(newer) == []
    assert write(newer, again=True) == ([], [])


def test_better_documentation_keeps_the_number(tree: Tree) -> None:
    """Nobody's bytes and nobody's reader change."""
    newer = tree_of(tree.folder, documented_better())
    assert drift(newer)
    written, refused = write(newer)
    assert ([path.name for path in written], refused) == (["Heard.1.avsc"], [])
    assert drift(newer) == []


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        (needing_more, "since: not written, and the reader has no default"),
        (narrowed, "note: null cannot be read as string"),
        (retyped, "count: long cannot be read as string"),
        (renamed, "Heard.count is gone"),
        (aliased, "Heard.count is gone"),
        (shortened, "Heard.note is gone"),
        (timed, "count: a plain long cannot be read as timestamp-millis"),
        (said_without_lead, "lead_id: not written, and the reader has no default"),
        (said_wider, "its readers could not read what Said writes now: lead_id: null"),
    ],
)  # fmt: skip
def test_an_incompatible_change_fails_the_build(
    tree: Tree, capsys: pytest.CaptureFixture[str], change: object, phrase: str
) -> None:
    """`check`, `compat` and `write` all fail, and nothing is written."""
    assert callable(change)
    newer = tree_of(tree.folder, change())
    before = {path: path.read_bytes() for path in tree.folder.rglob("*") if path.is_file()}
    assert [main([command], newer) for command in ("check", "compat", "write")] == [1, 1, 1]
    assert phrase in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tree.folder.rglob("*") if path.is_file()} == before


def test_an_unseen_version_can_be_written_again(tree: Tree) -> None:
    """`--again` changes the newest version only, and holds it against the earlier ones."""
    example, _ = example_files(tree.folder, "Heard", 1)
    example.write_text('{"event_id": "h", "count": "7"}')
    other = tree_of(tree.folder, retyped())
    assert main(["write", "--again"], other) == 0
    assert drift(other) == []
    assert sorted(other.versions("Heard")) == [1]


def test_writing_again_still_protects_the_versions_before(tree: Tree) -> None:
    """Version 2 may be written anew, but not so that version 1 becomes unreadable."""
    assert write(tree_of(tree.folder, grown()))[1] == []
    assert write(tree_of(tree.folder, retyped()), again=True)[1]
    example_files(tree.folder, "Heard", 2)[0].unlink()
    written, refused = write(tree_of(tree.folder, Heard), again=True)
    assert refused == []
    assert "Heard.2.bin" in [path.name for path in written]


def spoil_schema(tree: Tree) -> None:
    """Somebody edits a committed schema."""
    path = tree.avsc / "Heard.1.avsc"
    path.write_text(path.read_text().replace('"count"', '"counts"'))


def spoil_bytes(tree: Tree) -> None:
    """Somebody changes golden bytes."""
    _, golden = example_files(tree.folder, "Heard", 1)
    golden.write_bytes(golden.read_bytes().replace(b"\x02h", b"\x02i"))


def cut_bytes(tree: Tree) -> None:
    """Golden bytes are cut off."""
    _, golden = example_files(tree.folder, "Heard", 1)
    golden.write_bytes(golden.read_bytes()[:-1])


def change_fingerprint(tree: Tree) -> None:
    """Golden bytes of another schema."""
    _, golden = example_files(tree.folder, "Heard", 1)
    golden.write_bytes(b"\xc3\x01" + bytes(8) + golden.read_bytes()[10:])


def break_example(tree: Tree) -> None:
    """The JSON is no longer a valid event."""
    example_files(tree.folder, "Heard", 1)[0].write_text('{"event_id": 3}')


def break_json(tree: Tree) -> None:
    """The JSON is no JSON."""
    example_files(tree.folder, "Heard", 1)[0].write_text("{")


def lose_bytes(tree: Tree) -> None:
    """Golden bytes are gone."""
    example_files(tree.folder, "Heard", 1)[1].unlink()


def lose_schema(tree: Tree) -> None:
    """A schema is gone."""
    (tree.avsc / "Said.1.avsc").unlink()


def lose_middle(tree: Tree) -> None:
    """A version in the middle is missing."""
    (tree.avsc / "Heard.1.avsc").rename(tree.avsc / "Heard.2.avsc")


def lose_draft(tree: Tree) -> None:
    """An unreleased schema is gone."""
    (tree.unreleased / "Draft.avsc").unlink()


def leave_stranger(tree: Tree) -> None:
    """A file of an event that there is no more."""
    (tree.avsc / "Gone.1.avsc").write_text("{}")


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_schema, spoil_bytes, cut_bytes, change_fingerprint, break_example, break_json,
        lose_bytes, lose_schema, lose_middle, lose_draft, leave_stranger,
    ],
)  # fmt: skip
def test_each_kind_of_drift_fails_the_check(
    tree: Tree, capsys: pytest.CaptureFixture[str], spoil: object
) -> None:
    """One sentence, beginning with the file."""
    assert main(["check"], tree) == 0
    assert callable(spoil)
    spoil(tree)
    assert main(["check"], tree) == 1
    for line in capsys.readouterr().err.splitlines():
        assert line.startswith(str(tree.folder))


def test_files_that_cannot_be_used_are_one_sentence(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    """A committed schema that is no JSON, and a first version without an example."""
    (tree.avsc / "Heard.1.avsc").write_text("{")
    assert main(["compat"], tree) == 1
    assert "cannot be used" in capsys.readouterr().err

    class New(Event):
        """Without a hand-written example."""

        event_id: str

    (tree.avsc / "Heard.1.avsc").unlink()
    assert main(["write"], tree_of(tree.folder, New)) == 1
    assert "New.1.json" in capsys.readouterr().err


def test_the_committed_files_are_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """This is what the build runs: no drift, nothing incompatible, from any folder."""
    assert main(["check"]) == main(["compat"]) == 0
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0
    assert capsys.readouterr().err == ""
