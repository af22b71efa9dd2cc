"""The record of a decision lists what its owner is derived from."""

from streams.rules.explanation import FULL, Looked, by_reason, candidate, listed, turn_text


def looked(count: int, why_not: str | None = None, first: int = 0) -> dict[str, Looked]:
    """So many reps by id, in ascending order."""
    return {
        f"rep-{number:03d}": Looked(f"rep-{number:03d}", 100, why_not, 0, on_shift=True)
        for number in range(first, first + count)
    }


def test_only_the_eligible_have_a_turn() -> None:
    """The reason stands with everybody else."""
    able, away = looked(1)["rep-000"], looked(1, "pto", 1)["rep-001"]
    found = [candidate(able, turn_text(5, 9)), candidate(away, None)]
    assert [(each.eligible, each.why_not, each.turn_before) for each in found] == [
        (True, None, "5 9"),
        (False, "pto", None),
    ]


def test_up_to_fifty_are_listed_in_full() -> None:
    """Design, section 6."""
    everybody = looked(FULL, "pto")
    full, rest = listed((), everybody, {})
    assert [each.rep_id for each in full] == sorted(everybody)
    assert rest == {}


def test_beyond_fifty_the_rotation_that_decided_comes_first_and_the_rest_is_counted() -> None:
    """Promise 5: the choice can still be derived, and nobody is left out of the count."""
    own = [candidate(each, turn_text(1, 2)) for each in looked(20, None, 60).values()]
    full, rest = listed(own, looked(60, "pto"), {"eligible": 20})
    assert [each.rep_id for each in full] == [*list(looked(30)), *list(looked(20, None, 60))]
    assert rest == {"pto": 30}


def test_whoever_of_the_rotation_is_not_listed_is_counted_too() -> None:
    """The counts are of all of the rotation; those who are listed are taken off."""
    own = [candidate(each, turn_text(1, 2)) for each in looked(FULL).values()]
    full, rest = listed(own, looked(1, "left", 99), {"eligible": FULL + 7, "meeting": 3})
    assert len(full) == FULL
    assert rest == {"eligible": 7, "left": 1, "meeting": 3}


def test_reps_are_counted_by_reason() -> None:
    """In ascending order of the reason, so that records are equal byte by byte."""
    found = [*looked(2, "pto").values(), *looked(3).values(), *looked(1, "left").values()]
    assert list(by_reason(found).items()) == [("eligible", 3), ("left", 1), ("pto", 2)]
