"""Which desks a new policy changes: a lead in play belongs to the desk that decides about it."""

from typing import Any

from streams.policy.yaml_text import read_yaml


def changed(old: str, new: str) -> tuple[str, ...]:
    """Names of the old desks that are gone, or have other teams, in order of name.

    Texts of policies: `old` may be of a version that this program can no longer decide by. A new
    desk made of new teams changes nobody; one that takes a team over changes that team's old desk.
    The order of teams does not matter. Raises `PolicyError` for what is no YAML.
    """
    before, after = _teams(old), _teams(new)
    return tuple(sorted(name for name, teams in before.items() if after.get(name) != teams))


def _teams(text: str) -> dict[str, frozenset[str]]:
    document: Any = read_yaml(text).value
    desks = document.get("desks") if isinstance(document, dict) else None
    if not isinstance(desks, dict):
        return {}
    return {name: frozenset(desk["teams"]) for name, desk in desks.items()}
