"""Every point has a rule, and the rules' points sum to the score."""

from hypothesis import given
from hypothesis import strategies as st

from streams.policy.document import BehaviourPoints, ScoreRule, Scoring
from streams.rules import score
from streams.rules.score import CAP, Points, Score, behaviour_points, scored

points = st.integers(min_value=-1000, max_value=1000)
scorings = st.builds(
    Scoring,
    least=st.integers(min_value=-100, max_value=0),
    most=st.integers(min_value=1, max_value=200),
    attributes=st.lists(
        st.builds(ScoreRule, rule=st.sampled_from(["a", "b"]), when=st.just("x"), points=points),
        max_size=5,
    ).map(tuple),
    behaviour=st.dictionaries(
        st.sampled_from(["page_view", "download"]),
        st.builds(BehaviourPoints, points=points, most=st.integers(min_value=0, max_value=500)),
    ),
    source_points=st.dictionaries(st.just("webinar"), points),
)
actions = st.lists(
    st.tuples(st.sampled_from(["page_view", "download", "other"]), st.integers(1, 1_000_000)),
    max_size=4,
)


def adds_up(scoring: Scoring, found: Score) -> bool:
    """The promise that `explain` shows: the parts make the whole, inside the bounds."""
    return (
        sum(part.points for part in found.contributions) == found.total
        and scoring.least <= found.total <= scoring.most
        and all(part.points for part in found.contributions)
    )


@given(scoring=scorings, done=actions, holds=st.booleans())
def test_contributions_sum_to_the_score(
    *, scoring: Scoring, done: list[tuple[str, int]], holds: bool
) -> None:
    """Whatever the policy says, and inside least..most."""
    assert adds_up(scoring, scored(scoring, "webinar", done, lambda _: holds))


def test_twin_a_score_without_its_cap_does_not_add_up() -> None:
    """The property sees a missing reason."""
    scoring = Scoring(source_points={"webinar": 150})
    found = scored(scoring, "webinar", [], lambda _: False)
    silent = tuple(part for part in found.contributions if part.rule != CAP)
    assert adds_up(scoring, found)
    assert not adds_up(scoring, found._replace(contributions=silent))


def test_reasons_name_source_rule_behaviour_and_cap() -> None:
    """A sales manager reads where each point comes from (SCO-02)."""
    scoring = Scoring(
        attributes=(ScoreRule(rule="big", when="x", points=30),),
        behaviour={"page_view": BehaviourPoints(points=5, most=12)},
        source_points={"webinar": 70},
    )
    found = scored(scoring, "webinar", [("page_view", 9)], lambda _: True)
    assert found == Score(
        100,
        100,
        12,
        (
            Points("source:webinar", 70),
            Points("big", 30),
            Points("behaviour:page_view", 12),
            Points(score.CAP, -12),
        ),
    )


def test_behaviour_is_bounded_either_way() -> None:
    """A thousand page views are no purchase, and one mistake is no verdict."""
    assert behaviour_points(BehaviourPoints(points=10, most=30), 2) == 20
    assert behaviour_points(BehaviourPoints(points=10, most=30), 9) == 30
    assert behaviour_points(BehaviourPoints(points=-10, most=15), 9) == -15
    assert behaviour_points(None, 9) == 0
