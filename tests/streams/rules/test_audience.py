"""Which waiting leads become free together."""

import pytest

from streams.rules.audience import audience

BASE: tuple[str, tuple[str | None, str | None], str | None, str | None, tuple[str, ...]]
BASE = ("inside", ("ann", None), "dach", "cloud", ("bob", "cay"))


def test_the_order_of_the_excluded_does_not_matter() -> None:
    """The same reps are excluded."""
    assert audience(*BASE, hot_lane=False) == audience(*BASE[:4], ("cay", "bob"), hot_lane=False)


@pytest.mark.parametrize(
    "other",
    [("field", *BASE[1:]), ("inside", (None, "ann"), *BASE[2:]), (*BASE[:2], None, *BASE[3:]),
     (*BASE[:3], None, BASE[4]), (*BASE[:4], ("bob",)), (*BASE[:4], ())],
)  # fmt: skip
def test_whatever_other_reps_could_take_is_another_audience(
    other: tuple[str, tuple[str | None, str | None], str | None, str | None, tuple[str, ...]],
) -> None:
    """Twin of the above: a part left out would let one lead answer for others wrongly."""
    assert audience(*other, hot_lane=True) != audience(*BASE, hot_lane=True)


def test_the_hot_lane_has_an_audience_of_its_own() -> None:
    """LANE-05: its reps may be others than those of the tiers."""
    assert audience(*BASE, hot_lane=True) != audience(*BASE, hot_lane=False)


def test_territory_and_specialty_of_one_name_are_told_apart() -> None:
    """Each part has its place."""
    one = audience("t", (None, None), "x", None, (), hot_lane=False)
    assert one != audience("t", (None, None), None, "x", (), hot_lane=False)


def test_leads_of_a_kind_that_is_capped_are_an_audience_of_their_own() -> None:
    """A cap for one kind of lead holds back its leads alone; nor are kinds taken for reps."""
    plain = audience(*BASE, hot_lane=False)
    assert audience(*BASE, kinds=("inside.best",), hot_lane=False) != plain
    excluded = audience(*BASE[:4], ("best",), hot_lane=False)
    assert audience(*BASE[:4], (), kinds=("best",), hot_lane=False) != excluded


def test_leads_of_accounts_that_others_work_are_another_audience() -> None:
    """ACCT-05: a rep who comes back takes those of his accounts."""
    plain = audience(*BASE, hot_lane=False)
    worked = audience(BASE[0], (*BASE[1], "dan"), *BASE[2:], hot_lane=False)
    assert plain != worked != audience(*BASE, kinds=("dan",), hot_lane=False)
