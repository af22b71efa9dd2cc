"""The rules of tests/bench/rotations.py do what their descriptions say (RR-01, RR-03, WGT-01)."""

from collections import Counter

import pytest

from tests.bench.rotations import (
    RULES,
    WORKLOADS,
    CalCom,
    Chatwoot,
    ChiliPiper,
    Frappe,
    Leadstream,
    Odoo,
    Rule,
    Workload,
    measured,
    outcomes,
    presence,
    table,
)
from tests.house.checks import ROOT
from tests.picture_text import FIGURES, texts

ALL = [0, 1, 2]


def order(rule: Rule, leads: list[list[int]]) -> list[int]:
    """Who takes each lead."""
    return [rule.next(there) for there in leads]


def test_cal_com_breaks_ties_by_weight_and_then_by_least_recent() -> None:
    """WGT-01: the heaviest first; with weights 2, 1, 1 two of four leads are his."""
    assert order(CalCom([2, 1, 1]), [ALL] * 4) == [0, 1, 2, 0]


def test_cal_com_credits_an_absentee_with_an_equal_part_of_what_the_others_took() -> None:
    """RR-03: away for ten leads that two others took is five to the count, so no flood."""
    rule = CalCom([1, 1, 1])
    order(rule, [[0, 1]] * 10)
    assert rule.counted == [5, 5, 5]
    assert order(rule, [ALL] * 3) == [2, 0, 1]


def test_chatwoot_takes_the_least_recently_used_of_those_allowed() -> None:
    """RR-01, RR-03: the absent keep their place at the old end; weights count for nothing."""
    assert order(Chatwoot([1, 9, 1]), [ALL, [0, 2], ALL, ALL]) == [0, 2, 1, 0]


def test_odoo_draws_by_weight() -> None:
    """WGT-01: three times the weight, about three times the leads, and not in turn."""
    taken = Counter(order(Odoo([1, 3]), [[0, 1]] * 4_000))
    assert taken[1] / taken[0] == pytest.approx(3, rel=0.15)


def test_chili_piper_levels_up_who_was_away() -> None:
    """RR-03: lowest level next, so who missed six leads takes three in a row on return."""
    assert order(ChiliPiper([1, 1, 1]), [[0, 1]] * 6 + [ALL] * 4) == [0, 1] * 3 + [2, 2, 2, 0]


def test_chili_piper_counts_half_of_what_double_weight_gets() -> None:
    """WGT-01: 200 is twice as many."""
    assert Counter(order(ChiliPiper([2, 1]), [[0, 1]] * 9)) == {0: 6, 1: 3}


def test_frappe_deals_in_blocks() -> None:
    """WGT-01: 1 to 3 is one to A, then three in a row to B."""
    assert order(Frappe([1, 3]), [[0, 1]] * 8) == [0, 1, 1, 1] * 2


def test_frappe_starts_again_at_the_top_without_its_last_user() -> None:
    """RR-03: the cursor's holder is away, and the third waits again."""
    assert order(Frappe([1, 1, 1]), [ALL, ALL, [0, 2], ALL]) == [0, 1, 0, 1]


@pytest.mark.parametrize("load", WORKLOADS, ids=lambda load: load.name)
def test_ours_is_within_two_leads_and_a_random_draw_is_not(load: Workload) -> None:
    """WGT-01: the table's claim on each workload, and its twin: the measure finds a worse rule."""
    ours, drawn = (
        measured(make(load.weights), load.weights, presence(load, 1_000)).worst
        for make in (Leadstream, Odoo)
    )
    assert ours < 2 < drawn


def test_every_rule_is_given_the_same_leads_and_only_who_is_there_takes_one() -> None:
    """RR-03: presence comes out the same each time, and no rule picks an absentee."""
    load = WORKLOADS[-1]
    leads = list(presence(load, 300))
    assert leads == list(presence(load, 300))
    for make in RULES.values():
        rule = make(load.weights)
        assert all(rule.next(there) in there for there in leads)


PICTURE = (ROOT / "deploy" / "pictures" / "rotations.png").read_bytes()
README = (ROOT / "README.md").read_text("utf-8")
TABLE = table(outcomes())


def untrue(figures: str, readme: str, picture: bytes) -> list[str]:
    """Which of the two, README's table and the picture, says other figures than these."""
    wrong = [] if f"\n\n{figures}\n\n" in readme else ["README"]
    return wrong if dict(texts(picture)).get(FIGURES) == figures else [*wrong, "picture"]


def test_readme_and_picture_have_the_figures_that_the_script_prints() -> None:
    """Else run it again: `python -m tests.bench.rotations --picture deploy/pictures/rotations.png`.

    The picture is not the same bytes on every machine, but it carries the figures that it shows.
    """
    assert untrue(TABLE, README, PICTURE) == []


def test_the_twin_a_figure_that_is_another_is_found() -> None:
    """In the script, in README, or in the picture."""
    other = TABLE.replace("/ 1 |", "/ 2 |", 1)
    assert untrue(other, README, PICTURE) == ["README", "picture"]
    assert untrue(TABLE, README.replace(TABLE, other), PICTURE) == ["README"]
    assert untrue(TABLE, README, PICTURE[:8]) == ["picture"]
