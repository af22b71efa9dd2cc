"""What each absence policy promises, held against shares added up as fractions by own code.

`keep_place`, the bound of promise 5, has its tests in test_rotation_absences.
"""

from fractions import Fraction

import pytest
from hypothesis import given, settings

from streams.rows.rotation import Moved
from streams.rules.rotation import Line
from tests.streams.rules.absence_books import CHANCES, STORIES, Books, Story, story_of

ROUNDING = Fraction(1, 1000)
"""What whole numbers may lose in so few leads, with room to spare."""


def furthest_from_the_rows(story: Story, absence: str, promised: str) -> Fraction:
    """The greatest difference between what the shares say and what the rows say, at any lead."""
    weights, bursts = story
    books, most = Books(weights, absence, promised), Fraction(0)
    for away, leads in bursts:
        for _ in range(leads):
            books.one(books.all_but(away))
            found = (abs(books.owed(rep) - books.recorded(rep)) for rep in books.weights)
            most = max(most, *found)
    return most


@settings(max_examples=80)
@given(STORIES)
@pytest.mark.parametrize("absence", ["keep_place", "catch_up", "fresh"])
def test_the_rows_owe_everybody_what_his_policy_promises(absence: str, story: Story) -> None:
    """Issue 4: keep_place keeps what is owed, catch_up lets it grow, fresh hands it on.

    Of everybody, there or away, after every lead: what others do touches nobody's account but by
    the share of what `fresh` cleared.
    """
    assert furthest_from_the_rows(story, absence, absence) <= ROUNDING


@pytest.mark.parametrize("absence", ["keep_place", "catch_up", "fresh"])
@pytest.mark.parametrize("promised", ["keep_place", "catch_up", "fresh"])
def test_the_twin_under_another_policy_the_rows_owe_something_else(
    absence: str, promised: str
) -> None:
    """Each of the three is told from both others."""
    if absence != promised:
        far = (furthest_from_the_rows(story_of(seed), absence, promised) for seed in CHANCES)
        assert max(far) > Fraction(1, 4)


def test_the_twin_who_leaves_while_another_comes_back_was_paid_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rule that we had before: who left got a part of what was cleared, at his own weight.

    A heavy rep who left when a light one stayed was owed hundreds of leads.
    """
    ours = Line.settle

    def paid(line: Line, back: list[Moved], left: int, time: int, *, fresh: bool) -> None:
        del left
        ours(line, back, time, time, fresh=fresh)

    monkeypatch.setattr(Line, "settle", paid)
    far = (furthest_from_the_rows(story_of(seed), "fresh", "fresh") for seed in CHANCES)
    assert max(far) > 100


def places_touched(story: Story, absence: str) -> set[str]:
    """Reps whose turn moved although they neither took the lead nor came back."""
    weights, bursts = story
    books, touched = Books(weights, absence), set[str]()
    for away, leads in bursts:
        for _ in range(leads):
            before, there = books.starts(), books.all_but(away)
            back = there & books.away
            books.one(there)
            after = books.starts()
            moved = {rep for rep in before if before[rep] != after[rep]}
            touched |= moved - back - {books.chosen}
    return touched


@settings(max_examples=80)
@given(STORIES)
@pytest.mark.parametrize("absence", ["keep_place", "catch_up", "fresh"])
def test_no_absence_and_no_return_moves_another_reps_turn(absence: str, story: Story) -> None:
    """Design, section 5: joins and leaves touch nobody else's place."""
    assert places_touched(story, absence) == set()


@pytest.mark.parametrize("absence", ["keep_place", "fresh"])
def test_the_twin_a_return_that_moves_all_who_were_away_is_found(
    absence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutated rule: with one who comes back go all entries of the rotation's row."""
    monkeypatch.setattr(
        Line, "back", lambda line: [each for each in line.moved if each.rep_id in line.turns]
    )
    assert any(places_touched(story_of(seed), absence) for seed in CHANCES)
