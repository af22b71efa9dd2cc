"""The record of a decision lists what its owner is derived from."""

from streams.rules.explanation import FULL, Looked, candidates, listed, turn_text


def looked(count: int, why_not: str | None = None, first: int = 0) -> list[Looked]:
    """So many reps, in ascending order of id."""
    return [
        Looked(f"rep-{number:03d}", 100, why_not, 0, on_shift=True)
        for number in range(first, first + count)
    ]


def test_only_the_eligible_have_a_turn() -> None:
    """The reason stands with everybody else."""
    found = candidates([*looked(1), *looked(1, "pto", 1)], {"rep-000": (5, 9)})
    assert [(each.eligible, each.why_not, each.turn_before) for each in found] == [
        (True, None, "5 9"),
        (False, "pto", None),
    ]
    assert turn_text(5, 9) == "5 9"


def test_up_to_fifty_are_listed_in_full() -> None:
    """Design, section 6."""
    everybody = looked(FULL)
    assert listed(everybody, {}, 0) == (everybody, {})


def test_beyond_fifty_who_is_served_next_is_listed_and_the_rest_is_counted() -> None:
    """Promise 5: the choice can still be derived, and nobody is left out of the count."""
    absent, able = looked(40, "pto"), looked(40, None, 40)
    turns = {each.rep_id: (100 - number, 200 - number) for number, each in enumerate(able)}
    full, rest = listed([*absent, *able], turns, 50)
    assert len(full) == FULL
    assert rest == {"pto": 30}
    assert [each.rep_id for each in full] == sorted(each.rep_id for each in full)
    assert set(able) <= set(full)


def test_where_no_turn_has_begun_who_is_least_ahead_is_listed() -> None:
    """The heavy rep starts earlier, the light one is ahead by a smaller part of a lead."""
    able = looked(FULL + 1)
    turns = {each.rep_id: (110, 120) for each in able} | {"rep-050": (150, 1150)}
    full, rest = listed(able, turns, 100)
    assert "rep-050" in {each.rep_id for each in full}
    assert rest == {"eligible": 1}
