"""Qualification answers: what a framework asked and the person has not yet said (decision 29)."""

from collections.abc import Mapping

_FRAMEWORKS = (
    ("budget", "authority", "need", "timeline"),
    ("challenges", "authority", "money", "prioritization"),
    (
        "metrics",
        "economic_buyer",
        "decision_criteria",
        "decision_process",
        "identify_pain",
        "champion",
    ),
    ("authority", "need", "urgency", "money"),
)
"""BANT, CHAMP, MEDDIC, ANUM; where answers fit several, the first."""
_ALIASES = {"timing": "timeline", "pain": "identify_pain", "challenge": "challenges"}


def answers(given: Mapping[str, str]) -> dict[str, str]:
    """Answers by the element's usual name, in order of name; unknown elements are kept."""
    named = {_element(name): value.strip() for name, value in given.items()}
    return dict(sorted(named.items()))


def merged(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Both; a later answer replaces an earlier one, a later blank does not."""
    filled = {name: value for name, value in after.items() if value or name not in before}
    return dict(sorted({**before, **filled}.items()))


def missing(answered: Mapping[str, str]) -> tuple[str, ...]:
    """Elements of the framework that was asked without an answer; never asked is not missing."""
    for framework in _FRAMEWORKS:
        if answered and all(name in framework for name in answered):
            return tuple(name for name in framework if not answered.get(name))
    return tuple(name for name, value in answered.items() if not value)


def _element(name: str) -> str:
    plain = name.strip().casefold().replace(" ", "_").replace("-", "_")
    return _ALIASES.get(plain, plain)
