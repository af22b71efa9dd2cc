"""Desks share nothing: whatever points outside a desk is refused (design, section 3)."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from streams.policy.bonds import bonds, outside
from streams.policy.compiled import compile_policy
from streams.policy.document import Document, Section
from streams.policy.loading import load
from streams.policy.problems import PolicyError, spell
from tests.streams.policy.sample import broken

# What is replaced, by what, and the path of the name that then points to another desk.
WAYS_OUT = [
    ("default_team: smb", "default_team: far", "desks.main.default_team"),
    ("team: field\n", "team: far\n", "desks.main.team_rules[0].team"),
    ("fallback_pool: warm", "fallback_pool: spare", "desks.main.fallback_pool"),
    ("manager: rep-1", "manager: rep-4", "teams.smb.manager"),
    ("reps: [rep-1, rep-2]\n", "reps: [rep-1, rep-4]\n", "teams.smb.territories[0].reps[1]"),
    ("reps: [rep-2]}", "reps: [rep-4]}", "teams.smb.specialties[0].reps[0]"),
    ("rotation: [rep-1, rep-2]", "rotation: [rep-1, rep-4]", "teams.smb.rotation[1]"),
    ("on_call: [rep-2]", "on_call: [rep-4]", "teams.smb.on_call[0]"),
    ("on_call: [rep-2]", "expanded_territory: [rep-4]", "teams.smb.expanded_territory[0]"),
    ("on_call: [rep-2]", "hot_lane: {rotation: [rep-4]}", "teams.smb.hot_lane.rotation[0]"),
    ("backup: rep-2", "backup: rep-4", "reps.rep-1.backup"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path"), WAYS_OUT)
def test_each_way_of_pointing_outside_a_desk_is_refused(old: str, new: str, path: str) -> None:
    """Issue 4, Desks: with path, reason and remedy; the proof finds it as well."""
    text = broken(old, new)
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert [spell(bond.path) for bond in outside(load(text))] == [path]


def test_inside_a_desk_nothing_is_refused() -> None:
    """Twin: another team's rep as backup and manager, the other team by rule: one desk."""
    text = broken("backup: rep-2", "backup: rep-3").replace("manager: rep-3", "manager: rep-1")
    document = compile_policy(text, 1).document
    assert outside(document) == ()
    assert {bond.desk for bond in bonds(document)} == {"main", "other"}


def test_a_team_in_no_desk_or_a_name_of_nothing_is_outside() -> None:
    """What is nowhere is not inside."""
    assert outside(load(broken("teams: [far]", "teams: [smb]"))) != ()
    assert [bond.name for bond in outside(load(broken("backup: rep-2", "backup: rep-9")))] == [
        "rep-9"
    ]


EXPANDED = broken(
    "on_call: [rep-2]",
    "on_call: [rep-2]\n    expanded_territory: [rep-2]\n    hot_lane: {rotation: [rep-2]}\n"
    "    on_call_rota: {begins: 2026-01-05, reps: [rep-2]}\n"
    "    on_call_dates: [{first: 2026-12-24, last: 2026-12-26, reps: [rep-1]}]",
)
OWN_NAMES = {
    "name", "desks.pools.pool", "teams.territories.territory", "teams.specialties.specialty",
    "scoring.attributes.rule", "reps.skills", "teams.caps.cap", "reps.caps",
    "default_desk", "desks.teams", "reps.team",
    "regions", "teams.territories.regions", "teams.territories.metropolitan_areas",
}  # fmt: skip
"""Names that something is called by, places, and the lists that make up desks and teams."""
NAME = r"[A-Za-z0-9_.-]{0,63}"
PARTS_OF_PATHS = re.compile(r"(?<=desks|teams)\.\w+|(?<=reps)\.rep-\d|\[\d+\]")


def names(section: type[Section] = Document, at: str = "") -> Iterator[str]:
    """Every field of the document that holds a name."""
    for key, field in section.model_fields.items():
        inner = [each for each in parts(field.annotation) if issubclass(each, Section)]
        if inner:
            yield from (path for each in inner for path in names(each, f"{at}.{key}"))
        elif NAME in f"{field.annotation!r} {field.metadata!r}":
            yield f"{at}.{key}".removeprefix(".")


def parts(annotation: Any) -> list[type[Any]]:
    """The classes that an annotation is made of."""
    if isinstance(annotation, type):
        return [annotation]
    return [found for each in get_args(annotation) for found in parts(each)]


def test_every_field_that_names_somebody_is_a_bond() -> None:
    """A new field of the policy that points to a team, rep or pool belongs in the proof."""
    found = {PARTS_OF_PATHS.sub("", spell(bond.path)) for bond in bonds(load(EXPANDED))}
    assert set(names()) == found | OWN_NAMES
    assert found.isdisjoint(OWN_NAMES)
