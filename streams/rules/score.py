"""The additive score: every point has a rule, and the rules' points sum to the score."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from schemas.lead import Source
from streams.policy.document import BehaviourPoints, Scoring

CAP = "cap"
"""The contribution that brings the sum into least..most."""


class Points(NamedTuple):
    """One rule's part; never zero."""

    rule: str
    points: int


class Score(NamedTuple):
    """A score with its reasons: `total` = `attributes` + `behaviour` + the cap's points."""

    total: int
    attributes: int
    behaviour: int
    contributions: tuple[Points, ...]


def scored(
    scoring: Scoring,
    source: Source,
    actions: Iterable[tuple[str, int]],
    holds: Callable[[str], bool],
) -> Score:
    """Source and facts (attribute score) plus what the person did (behaviour score), bounded.

    `actions` are counts by action; `holds` says whether a condition of the policy is true of the
    lead (SCO-01, SCO-02, SCO-08).
    """
    facts = [*_source(scoring.source_points, source), *_attributes(scoring, holds)]
    done = list(_behaviour(scoring.behaviour, actions))
    attributes = sum(part.points for part in facts)
    behaviour = sum(part.points for part in done)
    total = min(max(attributes + behaviour, scoring.least), scoring.most)
    cap = [Points(CAP, total - attributes - behaviour)]
    parts = tuple(part for part in (*facts, *done, *cap) if part.points)
    return Score(total, attributes, behaviour, parts)


def behaviour_points(rule: BehaviourPoints | None, times: int) -> int:
    """Points for doing something so often: at most the policy's, in absolute value."""
    if rule is None:
        return 0
    return min(max(rule.points * times, -rule.most), rule.most)


def _source(points: Mapping[Source, int], source: Source) -> list[Points]:
    return [Points(f"source:{source}", points.get(source, 0))]


def _attributes(scoring: Scoring, holds: Callable[[str], bool]) -> list[Points]:
    return [Points(rule.rule, rule.points) for rule in scoring.attributes if holds(rule.when)]


def _behaviour(
    rules: Mapping[str, BehaviourPoints], actions: Iterable[tuple[str, int]]
) -> Iterable[Points]:
    return (
        Points(f"behaviour:{action}", behaviour_points(rules.get(action), times))
        for action, times in actions
    )
