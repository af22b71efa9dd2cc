"""Conditions over a lead: unknown facts, failing evaluations, memory, and exact places."""

import pytest

from streams.policy.compiled import Policy, compile_policy
from streams.policy.conditions import ROUTING, SCORING
from streams.policy.problems import PolicyError
from tests.streams.policy.sample import SAMPLE, broken, place

POOL = 'when: "true"'


def with_condition(condition: str) -> Policy:
    """The sample with a routing condition put in."""
    return compile_policy(broken(POOL, f"when: '{condition}'"), 1)


def holds(condition: str, **values: object) -> bool:
    """Whether a routing condition holds for these facts."""
    policy = with_condition(condition)
    return policy.holds(condition, policy.routing_facts(values))


def test_a_condition_reads_the_facts() -> None:
    """Text, whole numbers, numbers and truths."""
    condition = 'country == "NO" && score >= 80 && deal_size > 10.5 && hot'
    facts = {"country": "NO", "score": 80, "deal_size": 11, "hot": True}
    assert holds(condition, **facts)
    assert not holds(condition, **{**facts, "score": 79})


def test_unknown_is_empty_zero_and_false() -> None:
    """What is absent and what is None are the same; other names are ignored."""
    condition = 'industry == "" && employees == 0 && deal_size == 0.0 && !named'
    assert holds(condition)
    assert holds(condition, industry=None, employees=None, deal_size=None, named=None, more=1)


def test_a_failing_evaluation_counts_as_false() -> None:
    """No lead stops a pipeline: a division by zero is a no."""
    assert not holds("100 / employees >= 0")
    assert not holds("100 / employees < 0")
    assert holds("100 / employees >= 0", employees=50)


def test_a_condition_without_end_counts_as_false() -> None:
    """CEL stops loops inside loops at a budget; nesting is bounded when the policy is loaded."""
    digits = "[" + ",".join("1" * 100) + "]"
    loops = f"{digits}.all(a, {digits}.all(b, {digits}.all(c, a + b + c > 0)))"
    assert not holds(f"employees > 5 && {loops}", employees=6)
    with pytest.raises(PolicyError, match="fails for every lead"):
        with_condition(loops)
    for nested in ("(" * 1900 + "true" + ")" * 1900, "[" * 1900 + "]" * 1900 + " == []"):
        with pytest.raises(PolicyError, match="nested too deep"):
            with_condition(nested)


def test_only_conditions_of_the_policy_can_be_asked() -> None:
    """A text that was never compiled is a mistake of the caller."""
    policy = compile_policy(SAMPLE, 1)
    with pytest.raises(KeyError):
        policy.holds("1 == 1", policy.routing_facts({}))
    with pytest.raises(KeyError):
        policy.holds("employees >= 100", policy.routing_facts({}))
    assert policy.holds("employees >= 100", policy.scoring_facts({"employees": 100}))


def test_a_pattern_remembers_its_answers_by_the_facts_it_reads() -> None:
    """Remembered or not, the answer is the same; a fact that it does not read does not matter."""
    policy = compile_policy(SAMPLE, 1)
    condition = 'title.matches("(?i)chief")'
    for title, expected in (("Chief", True), ("clerk", False), ("Chief", True), ("x" * 300, False)):
        for country in ("US", "NO"):
            facts = policy.scoring_facts({"title": title, "country": country})
            assert policy.holds(condition, facts) is expected
    assert policy.scoring.compiled[condition].answers == {("Chief",): True, ("clerk",): False}


def test_the_memory_of_a_pattern_is_bounded() -> None:
    """A flood of titles does not fill the memory."""
    policy = compile_policy(SAMPLE, 1)
    condition = 'title.matches("(?i)chief")'
    for count in range(5000):
        policy.holds(condition, policy.scoring_facts({"title": f"title {count}"}))
    assert 0 < len(policy.scoring.compiled[condition].answers) <= 4096


def test_a_mistake_in_a_block_is_found_at_its_own_line() -> None:
    """In a literal block the place inside the expression is exact."""
    text = broken('&& status == "mql"', '&& sttus == "mql"')
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == place(text, "sttus")


def test_in_a_folded_text_the_value_is_the_place() -> None:
    """Where lines are joined the beginning of the value is named."""
    text = broken("when: score >= 80", "when: >-\n          score\n          >= sore")
    with pytest.raises(PolicyError, match="did you mean 'score'") as caught:
        compile_policy(text, 1)
    assert caught.value.problems[0].line == place(text, ">-")[0]


def test_a_pattern_in_the_middle_of_a_condition_is_tried_too() -> None:
    """`false && bad` would never be evaluated, so each pattern is tried by itself."""
    with pytest.raises(PolicyError, match="not valid: missing"):
        with_condition('hot && industry.matches(r"[a-") && city.matches("(?i)x")')


def test_scoring_and_routing_know_what_there_is_at_their_time() -> None:
    """Score, grade, status and hot come from scoring; title and the like are not carried on."""
    assert set(ROUTING) - set(SCORING) == {"score", "grade", "status", "hot"}
    assert {"title", "department", "touches", "free_mail"} <= set(SCORING) - set(ROUTING)
