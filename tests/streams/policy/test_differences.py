"""What differs, value by value."""

import pytest

from streams.policy.differences import Difference, differences
from streams.policy.leaves import Leaf
from streams.policy.loading import load
from tests.streams.policy.sample import SAMPLE, broken


def found(old: str, new: str) -> list[Difference]:
    """The differences after one passage of the sample was replaced."""
    return list(differences(load(SAMPLE), load(broken(old, new))))


def test_a_value_is_told_with_both_sides() -> None:
    """Left out means the default."""
    (each,) = found("    weight: 50\n", "")
    assert (each.names, each.is_entry) == (("reps", "rep-2", "weight"), False)
    assert [leaf and leaf.value for leaf in (each.before, each.after)] == ["50", "100"]


def test_an_entry_that_comes_has_its_values_inside() -> None:
    """One difference, not seven."""
    (each,) = found("reps:\n", "reps:\n  rep-0: {team: far, weight: 7}\n")
    assert (each.names, each.is_entry, each.before) == (("reps", "rep-0"), True, None)
    assert dict(each.inside)["weight",].value == "7"


def test_an_entry_put_between_others_changes_none_of_them() -> None:
    """Entries are known by their names."""
    pool = "      - {pool: big, when: score > 90}\n      - pool: warm\n"
    (each,) = found("      - pool: warm\n", pool)
    assert each.names == ("desks", "main", "pools", "big")


def test_another_order_is_one_difference() -> None:
    """First match counts."""
    hot, warm = "{pool: hot, when: score >= 80}", "{pool: warm, when: score >= 50}"
    begin, end = SAMPLE.index("    pools:\n"), SAMPLE.index("    fallback_pool: warm")
    one, other = (
        load(f"{SAMPLE[:begin]}    pools: [{pools}]\n{SAMPLE[end:]}")
        for pools in (f"{hot}, {warm}", f"{warm}, {hot}")
    )
    (each,) = differences(one, other)
    assert (each.names, each.leaf.value) == (("desks", "main", "pools", "(order)"), ("warm", "hot"))


def test_a_difference_of_nothing_has_no_value() -> None:
    """It cannot come from `differences`."""
    with pytest.raises(ValueError, match="neither document has"):
        _ = Difference(("reps",), None, None).leaf
    assert Difference(("reps", "x"), Leaf("x"), None).is_entry
